#include "postern/source/tunnel/cloudflared.hpp"

#include "postern/base/error.hpp"
#include "postern/base/json.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace postern::source {
namespace {

constexpr std::string_view scheme = "https://";
constexpr std::string_view suffix = ".trycloudflare.com";

bool of_a_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

bool is_name(std::string_view name)
{
    return !name.empty() && name != "api" && std::all_of(name.begin(), name.end(), of_a_name);
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

} // namespace

std::string find_quick_tunnel(std::string_view line)
{
    for (auto at = line.find(scheme); at != line.npos; at = line.find(scheme, at + 1))
    {
        const auto rest = line.substr(at + scheme.size());
        const auto name = rest.substr(0, std::min(rest.find(suffix), rest.size()));
        const auto behind = rest.substr(std::min(name.size() + suffix.size(), rest.size()));
        const bool ends = behind.empty() || (!of_a_name(behind.front()) && behind.front() != '.');
        if (name.size() < rest.size() && is_name(name) && ends)
            return std::string(scheme).append(name).append(suffix);
    }
    return {};
}

tunnel_news read_cloudflared_line(std::string_view line, bool named, const redaction& hide)
{
    using kind = tunnel_news::kind;
    tunnel_news n;
    if (has(line, "Registered tunnel connection"))
        n.what = kind::connected;
    else if (has(line, "Configuration file /dev/null was empty")) // as we want it
        return n;
    else if (has(line, " ERR ") || has(line, "\"level\":\"error\""))
    {
        n.what = kind::hint;
        n.trouble.words = printable(hide(line));
    }
    else if (!named)
    {
        n.url = find_quick_tunnel(line);
        n.what = n.url.empty() ? kind::nothing : kind::url;
    }
    return n;
}

cloudflared::cloudflared(net::any_io_executor strand, setup s)
    : strand_(std::move(strand)), with_(std::move(s))
{
}

tunnel_traits cloudflared::traits() const
{
    tunnel_traits t;
    t.name = "cloudflared";
    t.can_look = true;
    t.url_needs_connection = true;
    t.last_line_tells = true;
    t.fixed_url = with_.domain;
    return t;
}

result<tunnel_program::launch> cloudflared::prepare()
{
    const auto port = free_loopback_port(strand_);
    if (port.has_error())
        return port.error();
    launch l;
    l.web_addr = "127.0.0.1:" + std::to_string(*port);
    // The user's own configuration, which may name another tunnel, is kept out.
    l.arguments = {"tunnel", "--config", "/dev/null", "--no-autoupdate", "--metrics", l.web_addr};
    if (named())
        l.arguments.push_back("run");
    else
        l.arguments.insert(l.arguments.end(), {"--url", with_.target});
    if (named())
        l.environment.emplace("TUNNEL_TOKEN", with_.token.reveal());
    api_.emplace(with_.client, l.web_addr);
    return l;
}

tunnel_news cloudflared::read(std::string_view line)
{
    return read_cloudflared_line(line, named(), with_.hide);
}

awaitable<result<tunnel_view>> cloudflared::look(deadline limit)
{
    tunnel_view seen;
    const auto ready = co_await api_->get("/ready", limit);
    if (ready.has_error())
        co_return ready.error();
    seen.connected = ready->status == 200; // 503 while no connection stands
    if (named() || !*seen.connected)
        co_return seen;
    const auto which = co_await api_->get("/quicktunnel", limit);
    if (which.has_error())
        co_return which.error();
    const auto parsed = parse_json(which->body, "reading cloudflared's /quicktunnel");
    const auto* object = parsed ? parsed->if_object() : nullptr;
    const auto url = object ? find_quick_tunnel(std::string(scheme) + text_or(*object, "hostname")) : "";
    if (!url.empty()) // it may be empty for reasons of its own; the banner has it then
        seen.url = url;
    co_return seen;
}

} // namespace postern::source
