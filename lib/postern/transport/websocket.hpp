#pragma once

// A websocket as a value-level thing: whole messages in, whole messages out. No Beast here.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

namespace postern::transport {

struct websocket_options
{
    std::size_t message_limit = 8 * 1024 * 1024; // bytes of one incoming message; a longer one ends with 1009
    std::size_t unsent_limit = 4 * 1024 * 1024;  // bytes that may wait; one message alone may be longer
};

struct ws_message
{
    std::string payload;
    bool binary = false;
};

// How a websocket ended. Codes are those of RFC 6455 7.4: that of the peer's close frame, 1005 for one
// without a code; 1006 for an end without a close frame; and where we ended it because of what the peer sent,
// the one we sent: 1009 with too_large, 1007 (text that is no UTF-8) or 1002 (no websocket frame) with
// bad_response.
struct ws_end
{
    std::uint16_t code = 1006;
    std::string reason; // the peer's words: foreign text
    // timed_out, too_large, bad_response; stopped: we closed or cut it, or were cancelled; connection_lost:
    // the peer ended it, with a close frame or without.
    error why;
};

using ws_incoming = std::variant<ws_message, ws_end>;

// A connected websocket, of either side. Pings of the peer are answered while a read is under way. Used from
// its executor (a strand) only: one read at a time; writes of several coroutines leave one after another.
class websocket
{
public:
    virtual ~websocket() = default;

    // The next message, or how it ended; after the end always the same end. A deadline that passes and a
    // cancellation are ends too: the connection can't be used any more.
    virtual awaitable<ws_incoming> read(deadline limit) = 0;

    // Returns once the message has left for the kernel. Errors: too_large when too many bytes wait already,
    // timed_out, stopped, connection_lost; after any but the first no more can be written.
    virtual awaitable<result<>> write(ws_message what, deadline limit) = 0;

    // Says goodbye, and waits for the peer's until the deadline at most; the connection is closed when it
    // returns. A read under way ends.
    virtual awaitable<void> close(std::uint16_t code, std::string reason, deadline limit) = 0;

    // Ends it at once, without a word. A read under way ends with 1006.
    virtual void cut() = 0;

    virtual std::string peer() const = 0;
    virtual net::any_io_executor executor() = 0;
};

using websocket_ptr = std::unique_ptr<websocket>;

} // namespace postern::transport
