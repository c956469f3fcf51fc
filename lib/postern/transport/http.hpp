#pragma once

// HTTP messages as values: what a room outside transport/ sees of HTTP. No Beast here.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::transport {

// Header fields in order of appearance; names compare case-blind.
class header_fields
{
public:
    using value_type = std::pair<std::string, std::string>;

    header_fields() = default;
    header_fields(std::initializer_list<value_type> fields) : fields_(fields) {}

    void add(std::string name, std::string value);
    void set(std::string_view name, std::string value); // replaces all fields of that name
    void remove(std::string_view name);

    // The first field of that name; empty if there is none.
    std::string_view get(std::string_view name) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept { return count(name) != 0; }

    auto begin() const noexcept { return fields_.begin(); }
    auto end() const noexcept { return fields_.end(); }

private:
    std::vector<value_type> fields_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

// "application/json" of "Application/JSON; charset=utf-8": lower case, without parameters.
std::string media_type(std::string_view content_type);
// Is it that one, in whatever spelling?
bool is_media_type(std::string_view content_type, std::string_view type) noexcept;

// A body that is produced piece by piece, so that a large file never stands in memory as a whole.
class body_source
{
public:
    virtual ~body_source() = default;
    virtual std::size_t size() const = 0;              // bytes in all; becomes Content-Length
    virtual awaitable<result<std::string>> next() = 0; // the next piece; empty at the end
};

struct request
{
    std::string method = "GET";
    std::string target = "/"; // path and query, as on the wire
    header_fields headers;
    std::string body;
    std::shared_ptr<body_source> streamed_body; // if set, sent instead of `body` (client only)
    std::optional<std::size_t>
        response_limit{}; // bytes of the answer's body, instead of the client's (client only)

    std::string peer; // server only: who asks, "127.0.0.1:41234"; for logs

    std::string_view path() const noexcept;  // target up to '?', still percent-encoded
    std::string_view query() const noexcept; // behind '?', still percent-encoded
};

// What a handler writes to when the answer has no end yet: server-sent events, for example.
class body_stream
{
public:
    virtual ~body_stream() = default;
    // Sends now. An error means that the peer is gone: return.
    virtual awaitable<result<>> write(std::string piece) = 0;
};

class websocket; // websocket.hpp

struct response
{
    unsigned status = 200;
    header_fields headers;
    std::string body;

    // If set, runs after the head was sent; the connection is closed when it returns (server only). It must
    // be an ordinary function object that returns a coroutine of its own, not a capturing coroutine lambda.
    std::function<awaitable<void>(std::shared_ptr<body_stream>)> streamed;

    // Ends the connection after that many bytes of the answer: how the emulator plays a peer that dies in the
    // middle of a sentence. Zero sends nothing at all.
    std::optional<std::size_t> cut_after;

    // Runs once the last byte was handed to the kernel, or the connection failed (server only).
    std::function<void()> sent;

    // With status 101 to a request for which wants_websocket() holds: the server finishes the handshake and
    // hands the connection over; it is closed when this returns. The rule of `streamed` holds (server only).
    std::function<awaitable<void>(std::unique_ptr<websocket>)> upgraded;
};

// Is that a websocket handshake (RFC 6455 4.2.1)?
bool wants_websocket(const request&) noexcept;

response make_response(unsigned status, std::string body, std::string content_type);
std::string_view reason_phrase(unsigned status) noexcept;

// --- queries and paths ------------------------------------------------------------------------------------

using query_params = std::vector<std::pair<std::string, std::string>>; // decoded, in order

query_params parse_query(std::string_view query);  // "a=1&b&c=%20" -> {a,1}{b,}{c, }
std::string format_query(const query_params&);     // percent-encoded
std::string percent_encode(std::string_view text); // everything but unreserved characters
std::string percent_decode(std::string_view text); // malformed escapes stay as they are

} // namespace postern::transport
