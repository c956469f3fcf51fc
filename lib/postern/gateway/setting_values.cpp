#include "postern/gateway/setting_values.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/ids.hpp"
#include "postern/base/time.hpp"
#include "postern/gateway/private_files.hpp"

#include <sstream>

namespace postern::setting_values {
namespace {

bool names_something(const std::string& id) { return looks_like_uuid(id) || parse_id(id).has_value(); }

template <class Fits>
std::string list(const std::string& value, std::vector<std::string>& into, const std::string& wanted,
                 Fits fits)
{
    std::vector<std::string> items;
    std::istringstream parts(value);
    for (std::string item; std::getline(parts, item, ',');)
    {
        const auto first = item.find_first_not_of(" \t");
        if (first == item.npos)
            continue;
        item = item.substr(first, item.find_last_not_of(" \t") - first + 1);
        if (!fits(item))
            return "\"" + printable(item) + "\" is not " + wanted;
        items.push_back(std::move(item));
    }
    if (items.empty())
        return "expected " + wanted + ", or several with commas between them";
    into = std::move(items);
    return {};
}

} // namespace

std::string seconds(const std::string& value, std::chrono::milliseconds& into, long most)
{
    long parsed{};
    auto wrong = number(value, parsed, 1L, most);
    if (wrong.empty())
        into = std::chrono::seconds(parsed);
    return wrong;
}

std::string duration(const std::string& value, std::chrono::milliseconds& into)
{
    const auto parsed = parse_duration(value);
    if (!parsed || parsed->count() == 0)
        return "expected a time such as 90s, 30m, 24h or 7d";
    into = *parsed;
    return {};
}

std::string duration_or_off(const std::string& value, std::chrono::milliseconds& into)
{
    if (value != "off")
        return duration(value, into).empty() ? "" : "expected off, or a time such as 30m, 24h or 7d";
    into = {};
    return {};
}

std::string engine(const std::string& value, journal_choice& into)
{
    if (value != "sqlite" && value != "memory")
        return "expected sqlite or memory";
    into.engine = value == "sqlite" ? journal_engine::sqlite : journal_engine::memory;
    return {};
}

std::string yes_no(const std::string& value, bool& into)
{
    if (value != "true" && value != "false")
        return "expected true or false";
    into = value == "true";
    return {};
}

std::string keep(const std::string& value, std::string& into)
{
    into = value;
    return {};
}

std::string secret_file(const std::string& path, secret& into)
{
    auto read = read_secret_file(path);
    if (read.has_error())
        return describe(read.error());
    into = std::move(*read);
    return {};
}

std::optional<source::tunnel_kind> parse_tunnel(std::string_view value)
{
    using source::tunnel_kind;
    if (value == "none")
        return tunnel_kind::none;
    if (value == "ngrok")
        return tunnel_kind::ngrok;
    if (value == "cloudflared")
        return tunnel_kind::cloudflared;
    if (value == "command")
        return tunnel_kind::command;
    return std::nullopt;
}

std::string command(const std::string& value, source::tunnel_options& into)
{
    std::istringstream words(value);
    words >> into.program;
    into.arguments.clear();
    for (std::string word; words >> word;)
        into.arguments.push_back(word);
    return into.program.empty() ? "expected a program and its arguments" : "";
}

std::string proxy(const std::string& value, transport::proxy_settings& into)
{
    into.none = value == "none";
    into.proxy.reset();
    if (into.none)
        return {};
    auto parsed = transport::parse_proxy(value, "network.proxy (--proxy)");
    if (parsed.has_error())
        return parsed.error().ours + "; " + parsed.error().advice;
    into.proxy = std::move(*parsed);
    return {};
}

std::string no_proxy(const std::string& value, transport::proxy_settings& into)
{
    if (const auto item = transport::wrong_in_no_proxy(value); !item.empty())
        return "\"" + printable(item) + "\" is neither a host nor an address nor a network";
    into.no_proxy = value;
    return {};
}

std::string organisations(const std::string& value, std::vector<std::string>& into)
{
    return list(value, into, "own, or an organisation's id or UUID",
                [](const std::string& item) { return item == "own" || names_something(item); });
}

std::string domains(const std::string& value, std::vector<std::string>& into)
{
    return list(value, into, "a domain such as example.com", [](std::string& item) {
        if (item.starts_with('@'))
            item.erase(0, 1);
        return item.find_first_of("@/: *") == item.npos && item.find('.') != item.npos &&
               !item.starts_with('.') && !item.ends_with('.');
    });
}

std::string people(const std::string& value, std::vector<std::string>& into)
{
    return list(value, into, "an e-mail address or a person's id", [](const std::string& item) {
        return item.find('@', 1) < item.size() - 1 || names_something(item);
    });
}

std::string rooms(const std::string& value, std::vector<std::string>& into)
{
    return list(value, into, "a room's id or UUID", names_something);
}

std::string action(const std::string& value, guard::on_refusal& into)
{
    using guard::on_refusal;
    if (value == "ignore")
        into = on_refusal::ignore;
    else if (value == "tell")
        into = on_refusal::tell;
    else if (value == "leave")
        into = on_refusal::leave;
    else if (value == "remove")
        into = on_refusal::remove;
    else
        return "expected ignore, tell, leave or remove";
    return {};
}

} // namespace postern::setting_values
