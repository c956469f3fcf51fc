#pragma once

// Private to transport: why a proxy did not let us through, in words.

#include "postern/base/error.hpp"
#include "postern/transport/http.hpp"
#include "postern/transport/proxy.hpp"

#include <string>
#include <string_view>

namespace postern::transport {

// The proxy's answer to CONNECT was not 2xx. `target`: "webexapis.com:443"; `phrase`: the words behind the
// status, the proxy's own. cannot_connect, with status 407 where the proxy wants to know who we are (some say
// 401); every other status stays among the words, for it is not the target's.
error refused_by_proxy(const proxy_address&, const std::string& target, const response& answer,
                       std::string phrase);

// No such answer came. `step`: "connecting to", "waiting for the answer of".
error no_way_through(const proxy_address&, std::string_view step, error why);

// Something failed behind the proxy, which let us through.
error behind_proxy(const proxy_address&, error why);

} // namespace postern::transport
