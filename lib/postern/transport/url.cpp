#include "postern/transport/url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace postern::transport {
namespace {

namespace urls = boost::urls;

error refuse(std::string_view text, std::string why)
{
    return error(errc::bad_input, "reading the URL \"" + printable(text, 120) + '"').because(std::move(why));
}

std::uint16_t default_port(std::string_view scheme)
{
    return scheme == "https" || scheme == "wss" ? 443 : 80;
}

// What a URL may begin with.
struct scheme_pair
{
    std::string_view plain;
    std::string_view secure;
};
constexpr scheme_pair for_requests{"http", "https"};
constexpr scheme_pair for_websockets{"ws", "wss"};

result<url> take_apart(const urls::url_view& parsed, std::string_view text, const scheme_pair& accepted)
{
    url out;
    const auto scheme = parsed.scheme();
    out.scheme.assign(scheme.data(), scheme.size());
    std::transform(out.scheme.begin(), out.scheme.end(), out.scheme.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (out.scheme != accepted.plain && out.scheme != accepted.secure)
        return refuse(text, "it must begin with " + std::string(accepted.plain) + ":// or " +
                                std::string(accepted.secure) + "://");
    if (parsed.has_userinfo())
        return refuse("…", "a user name or password in a URL is not accepted");

    out.host = parsed.host_type() == urls::host_type::ipv6 ? parsed.host_address() : parsed.host();
    std::transform(out.host.begin(), out.host.end(), out.host.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    const bool plain =
        std::all_of(out.host.begin(), out.host.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
    if (out.host.empty() || !plain)
        return refuse(text, "it names no host");
    out.port = default_port(out.scheme);
    const std::string port(parsed.port()); // empty if there is none
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (!port.empty() && (failed != std::errc() || end != port.data() + port.size() || out.port == 0))
        return refuse(text, "its port is not a number from 1 to 65535");

    const auto path = parsed.encoded_path();
    if (!path.empty() && path.front() != '/') // Boost 1.81 takes letters behind the colon for a path
        return refuse(text, "its port is not a number from 1 to 65535");
    out.target = path.empty() ? "/" : std::string(path.data(), path.size());
    if (parsed.has_query())
    {
        const auto query = parsed.encoded_query();
        (out.target += '?').append(query.data(), query.size());
    }
    return out;
}

result<url> parse(std::string_view text, const scheme_pair& accepted)
{
    const auto parsed = urls::parse_uri(text);
    if (!parsed)
        return refuse(text, "it is not an absolute URL");
    return take_apart(*parsed, text, accepted);
}

} // namespace

std::string url::authority() const
{
    const bool v6 = host.find(':') != host.npos;
    auto text = v6 ? '[' + host + ']' : host;
    if (port != default_port(scheme))
        text += ':' + std::to_string(port);
    return text;
}

std::string url::origin() const { return scheme + "://" + authority(); }

result<url> parse_url(std::string_view text) { return parse(text, for_requests); }
result<url> parse_websocket_url(std::string_view text) { return parse(text, for_websockets); }

result<url> resolve_url(const url& base, std::string_view reference)
{
    const auto whole = base.str();
    const auto parsed_base = urls::parse_uri(whole);
    const auto parsed = urls::parse_uri_reference(reference);
    if (!parsed_base || !parsed)
        return refuse(reference, "it is not a URL reference");
    urls::url out;
    const auto resolved = urls::resolve(*parsed_base, *parsed, out);
    if (!resolved)
        return refuse(reference, "it does not resolve against " + base.origin());
    return take_apart(out, reference, for_requests);
}

} // namespace postern::transport
