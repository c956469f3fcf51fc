#pragma once

#include "postern/base/result.hpp"
#include "postern/source/webhook/ping_book.hpp"
#include "postern/transport/http.hpp"
#include "postern/transport/url.hpp"

#include <string>
#include <string_view>

namespace postern::source {

// Where the way from the Internet to us is broken, in the order in which a delivery meets the hops.
enum class path_break
{
    none,
    lookup,   // the public name can't be looked up
    proxy,    // our own proxy on the way out
    connect,  // nobody listens at the public address
    tls,      // certificate, name, protocol
    edge,     // the tunnel's service answers itself, or nobody does
    tunnel,   // the tunnel can't reach our listener
    stranger, // something else answers
    us,       // the ping came here and was refused
    way_back  // the ping came here and was answered, but the answer did not come back
};
std::string_view to_string(path_break) noexcept;

// What a self-check has found. A value, in words for the person who runs us.
struct path_finding
{
    path_break at = path_break::none;
    std::string what;   // was seen; foreign text is escaped and cut
    std::string advice; // what the person can do

    bool whole() const noexcept { return at == path_break::none; }
    friend bool operator==(const path_finding&, const path_finding&) = default;
};
std::string describe(const path_finding&); // one line

// What the answer to a ping, or the lack of one, tells: `fate` is what we saw of it ourselves. Calls nothing.
path_finding judge_path(const transport::url& where, const std::string& nonce,
                        const result<transport::response>& answer, const ping_fate& fate);

} // namespace postern::source
