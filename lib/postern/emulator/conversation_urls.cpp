#include "postern/emulator/conversation_urls.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

struct origin_parts
{
    std::string_view scheme; // "http://"
    std::string_view authority;
    std::string_view rest; // a path, if the origin has one
};

origin_parts take_apart(std::string_view origin)
{
    const auto mark = origin.find("://");
    const auto begin = mark == std::string_view::npos ? 0 : mark + 3;
    const auto end = std::min(origin.find('/', begin), origin.size());
    return {origin.substr(0, begin), origin.substr(begin, end - begin), origin.substr(end)};
}

// What may stand in a host name; a seed may call a cluster anything.
std::string label_of(std::string_view cluster)
{
    std::string label;
    for (const char c : cluster.substr(cluster.find_last_of("_:") + 1))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
            label += c;
        else if (c >= 'A' && c <= 'Z')
            label += static_cast<char>(c + ('a' - 'A'));
    return label.empty() ? "x" : label;
}

bool is_address(std::string_view host)
{
    return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace

std::string authority_of(std::string_view origin) { return std::string(take_apart(origin).authority); }

std::string host_of(std::string_view authority)
{
    const auto bracket = authority.rfind(']');
    const auto from = bracket == std::string_view::npos ? 0 : bracket;
    return std::string(authority.substr(0, authority.find(':', from)));
}

std::string websocket_origin(std::string_view origin)
{
    constexpr std::string_view http = "http"; // "https" becomes "wss"
    return origin.starts_with(http) ? "ws" + std::string(origin.substr(http.size())) : std::string(origin);
}

std::string conversation_base(std::string_view origin, std::string_view cluster)
{
    constexpr std::string_view path = "/conversation/api/v1";
    while (origin.ends_with('/'))
        origin.remove_suffix(1);
    if (cluster == "us")
        return std::string(origin).append(path);
    const auto parts = take_apart(origin);
    auto host = host_of(parts.authority);
    const auto port = parts.authority.substr(host.size());
    if (is_address(host) || host.ends_with(".localhost"))
        host = "localhost"; // an address has no names below it
    return std::string(parts.scheme)
        .append("conv-" + label_of(cluster) + '.' + host)
        .append(port)
        .append(parts.rest)
        .append(path);
}

} // namespace postern::emulator
