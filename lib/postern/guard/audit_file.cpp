#include "postern/guard/audit_file.hpp"

#include "postern/base/json.hpp"
#include "postern/base/time.hpp"

#include <boost/json.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace postern::guard {
namespace {

constexpr int version = 1;
constexpr std::size_t longest = 64 * 1024 * 1024;

using how = audit_memory::how;

std::string_view name_of(how h)
{
    switch (h)
    {
    case how::found: break;
    case how::under_way: return "under way";
    case how::mended: return "mended";
    }
    return "found";
}

std::optional<how> parse_how(std::string_view name)
{
    for (const auto h : {how::found, how::under_way, how::mended})
        if (name_of(h) == name)
            return h;
    return std::nullopt;
}

json::object written(const audit_memory::bad_room& b)
{
    json::array outsiders;
    for (const auto& o : b.room.finding.outsiders)
        outsiders.push_back(
            json::object{{"person", o.person}, {"email", o.email}, {"guest", o.as == standing::guest}});
    return json::object{{"room", b.room.room},
                        {"title", b.room.title},
                        {"type", b.room.type},
                        {"reason", b.room.finding.reason},
                        {"outsiders", std::move(outsiders)},
                        {"action", b.room.action},
                        {"stands", name_of(b.stands)}};
}

std::optional<audit_memory::bad_room> read_room(const json::value& v)
{
    const auto* o = v.if_object();
    const auto* outsiders = o ? get_array(*o, "outsiders") : nullptr;
    const auto stands = o ? parse_how(text_or(*o, "stands")) : std::nullopt;
    if (!outsiders || !stands)
        return std::nullopt;
    audit_memory::bad_room b;
    b.stands = *stands;
    b.room.room = text_or(*o, "room");
    b.room.title = text_or(*o, "title");
    b.room.type = text_or(*o, "type");
    b.room.finding.reason = text_or(*o, "reason");
    b.room.action = text_or(*o, "action");
    b.room.mended = b.stands == how::mended;
    for (const auto& item : *outsiders)
        if (const auto* p = item.if_object())
            b.room.finding.outsiders.push_back(
                {text_or(*p, "person"),
                 text_or(*p, "email"),
                 {},
                 get_bool(*p, "guest").value_or(false) ? standing::guest : standing::outsider});
    if (b.room.room.empty())
        return std::nullopt;
    return b;
}

error unusable(const std::string& path, const std::string& why)
{
    return error(errc::file_unreadable, path).because(why);
}

bool write_all(int file, std::string_view text)
{
    while (!text.empty())
    {
        const auto n = ::write(file, text.data(), text.size());
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

} // namespace

std::string to_text(const audit_memory& m)
{
    json::array good(m.good.begin(), m.good.end());
    json::array bad;
    for (const auto& [id, b] : m.bad)
        bad.push_back(written(b));
    return json::serialize(json::object{{"version", version},
                                        {"basis", m.basis},
                                        {"begun", format_time(m.begun)},
                                        {"good", std::move(good)},
                                        {"bad", std::move(bad)}}) +
           '\n';
}

std::optional<audit_memory> parse_audit_memory(std::string_view text)
{
    const auto parsed = parse_json(text, "the audit's progress");
    const auto* o = parsed ? parsed->if_object() : nullptr;
    if (!o || get_int(*o, "version") != version)
        return std::nullopt;
    const auto begun = parse_time(text_or(*o, "begun"));
    const auto* good = get_array(*o, "good");
    const auto* bad = get_array(*o, "bad");
    if (!begun || !good || !bad)
        return std::nullopt;
    audit_memory m;
    m.basis = text_or(*o, "basis");
    m.begun = *begun;
    for (const auto& id : *good)
    {
        if (!id.is_string())
            return std::nullopt;
        m.good.emplace(id.get_string());
    }
    for (const auto& item : *bad)
    {
        auto room = read_room(item);
        if (!room)
            return std::nullopt;
        auto id = room->room.room;
        m.bad.emplace(std::move(id), std::move(*room));
    }
    return m;
}

std::optional<audit_memory> read_audit_file(const std::string& path)
{
    std::error_code ec;
    const auto size = std::filesystem::file_size(path, ec);
    if (ec || size > longest)
        return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::string text(size, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file)
        return std::nullopt;
    return parse_audit_memory(text);
}

result<> write_audit_file(const std::string& path, const audit_memory& m)
{
    namespace fs = std::filesystem;
    std::error_code ec;
    const auto directory = fs::path(path).parent_path();
    if (!directory.empty() && fs::create_directories(directory, ec))
        fs::permissions(directory, fs::perms::owner_all, ec);
    if (ec)
        return unusable(directory.string(), ec.message());
    // Not synced: after a power failure an audit may just as well begin anew.
    const auto aside = path + ".new";
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return unusable(aside, std::strerror(errno));
    const bool done = write_all(file, to_text(m));
    const int why = errno;
    if (::close(file) != 0 || !done)
        return unusable(aside, std::strerror(done ? errno : why));
    if (::rename(aside.c_str(), path.c_str()) != 0)
        return unusable(path, std::strerror(errno));
    return {};
}

result<> remove_audit_file(const std::string& path)
{
    std::error_code ec;
    std::filesystem::remove(path, ec);
    if (ec)
        return unusable(path, ec.message());
    return {};
}

} // namespace postern::guard
