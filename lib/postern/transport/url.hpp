#pragma once

#include "postern/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::transport {

// An absolute http, https, ws or wss URL, taken apart.
struct url
{
    std::string scheme; // lower case
    std::string host;   // lower case, without brackets
    std::uint16_t port{};
    std::string target; // path and query, at least "/"

    bool tls() const noexcept { return scheme == "https" || scheme == "wss"; }
    // "https://host:port", the port only where it is not the scheme's own: two URLs of one origin share it.
    std::string origin() const;
    std::string str() const { return origin() + target; }
    // What goes into the Host header.
    std::string authority() const;

    friend bool operator==(const url&, const url&) = default;
};

// Errors: bad_input, with what is wrong with it. User names in URLs are refused: they would end up in logs.
// parse_url takes http and https, parse_websocket_url ws and wss.
result<url> parse_url(std::string_view text);
result<url> parse_websocket_url(std::string_view text);

// A reference as found in a Link or Location header, against the URL it was found at.
result<url> resolve_url(const url& base, std::string_view reference);

} // namespace postern::transport
