#include "postern/source/device/device.hpp"

#include "postern/base/crypto.hpp"
#include "postern/transport/url.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace postern::source {
namespace {

constexpr std::size_t longest_url = 2048;
constexpr std::size_t longest_name = 500;
constexpr std::int64_t longest_ttl = 365 * 24 * 3600; // seconds; beyond it nobody means what it says

std::string clipped(std::string text)
{
    if (text.size() > longest_name)
        text.resize(longest_name);
    return text;
}

// Everything but the websocket's URL, which may be absent.
std::optional<device> read_any(const json::object& from)
{
    device d;
    d.url = text_or(from, "url");
    if (d.url.size() > longest_url || !transport::parse_url(d.url) || d.id().empty())
        return std::nullopt;
    d.websocket_url = text_or(from, "webSocketUrl");
    if (d.websocket_url.size() > longest_url || !transport::parse_websocket_url(d.websocket_url))
        d.websocket_url.clear();
    d.name = clipped(text_or(from, "name"));
    d.type = clipped(text_or(from, "deviceType"));
    d.user = text_or(from, "userId");
    if (!looks_like_uuid(d.user))
        d.user.clear();
    d.modified = parse_time(text_or(from, "modificationTime")).value_or(wall_time());
    if (const auto ttl = get_int(from, "ttl"); ttl && *ttl > 0 && *ttl <= longest_ttl)
        d.ttl = std::chrono::seconds(*ttl);
    return d;
}

} // namespace

std::string device::id() const
{
    std::string_view path = url;
    path = path.substr(0, path.find_first_of("?#"));
    if (const auto scheme = path.find("://"); scheme != path.npos)
        path.remove_prefix(std::min(path.find('/', scheme + 3), path.size()));
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return std::string(path.substr(path.rfind('/') + 1)); // npos + 1 is 0
}

result<device> read_device(const json::object& from)
{
    auto read = read_any(from);
    if (!read)
        return error(errc::bad_response, "reading a device").because("it has no url that is one");
    if (read->websocket_url.empty())
        return error(errc::bad_response, "reading a device")
            .because("it has no webSocketUrl that begins with wss:// or ws://");
    return std::move(*read);
}

result<std::vector<device>> read_devices(std::string_view body)
{
    const auto parsed = parse_json(body, "reading the list of devices");
    if (!parsed)
        return parsed.error();
    const auto* root = parsed->if_object();
    const auto* list = root ? get_array(*root, "devices") : nullptr;
    if (!list)
        return error(errc::bad_response, "reading the list of devices").because("it has no list \"devices\"");
    std::vector<device> out;
    for (const auto& entry : *list)
        if (const auto* object = entry.if_object())
            if (auto read = read_any(*object))
                out.push_back(std::move(*read));
    return out;
}

json::object registration_body(const own_mark& mark)
{
    return {{"name", mark.name},     {"deviceName", "postern"},     {"deviceType", mark.type},
            {"model", "postern"},    {"localizedModel", "postern"}, {"systemName", "postern"},
            {"systemVersion", "1.0"}};
}

} // namespace postern::source
