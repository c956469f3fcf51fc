#pragma once

// Private to transport: both handshakes (RFC 6455 4) over a connected stream. Beast's websocket is
// instantiated once, behind these two functions.

#include "postern/transport/byte_stream.hpp"
#include "postern/transport/http.hpp"
#include "postern/transport/url.hpp"
#include "postern/transport/websocket.hpp"

namespace postern::transport {

// Client side. Errors: timed_out, stopped, connection_lost, too_large, bad_response, and those of
// refused_handshake(). The parameters are values, the stream belongs to the websocket.
awaitable<result<websocket_ptr>> open_websocket_over(stream_ptr stream, url where, header_fields headers,
                                                     websocket_options options, deadline limit);

// Server side, for a request of which wants_websocket() holds; `headers` are added to the answer. What Beast
// finds wrong with the request all the same is answered 400 and is bad_response here. Errors: timed_out,
// stopped, connection_lost.
awaitable<result<websocket_ptr>> accept_websocket_over(stream_ptr stream, request asked,
                                                       header_fields headers, websocket_options options,
                                                       deadline limit);

} // namespace postern::transport
