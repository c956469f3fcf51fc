#pragma once

// Private to transport: what is said to a proxy before it is out of the way (RFC 9110 9.3.6).

#include "postern/transport/byte_stream.hpp"
#include "postern/transport/proxy.hpp"

#include <string>

namespace postern::transport {

// Asks for a tunnel to `target` ("webexapis.com:443"; the proxy looks the name up). From then on the stream
// is one to the target. The parameters' owner awaits this. Errors: those of refused_by_proxy() and
// no_way_through().
awaitable<result<>> open_tunnel(byte_stream& to_proxy, const proxy_address& proxy, std::string target,
                                std::string user_agent, deadline limit);

} // namespace postern::transport
