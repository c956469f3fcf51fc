#pragma once

// What an answer means that is no "101 Switching Protocols" to a websocket handshake.

#include "postern/base/result.hpp"
#include "postern/base/time.hpp"
#include "postern/transport/http.hpp"

#include <string>

namespace postern::transport {

// token_rejected (401), not_found (404), api_unavailable (423, 429, 5xx), api_rejected (other 4xx), and
// bad_response for what no server says to a handshake. With the status, the TrackingID, how long to wait
// (Retry-After in seconds or as a date, RFC 9110 10.2.3), and the beginning of the body as the peer's words.
error refused_handshake(const response& answer, std::string doing, wall_time now);

} // namespace postern::transport
