#pragma once

#include "postern/base/log.hpp"
#include "postern/transport/http.hpp"
#include "postern/transport/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace postern::transport {

struct http_server_options
{
    // "127.0.0.1:8080", "[::1]:0", "unix:/run/postern/webhook.sock". Port 0 takes any free one.
    // Loopback: a tunnel or a proxy is in front.
    std::string listen = "127.0.0.1:0";

    // PEM files; when both are set the server speaks TLS.
    std::string certificate_file;
    std::string key_file;

    std::size_t header_limit = 16 * 1024; // bytes; a longer head is answered 431
    std::size_t body_limit = 64 * 1024;   // bytes; a longer body is answered 413
    bool accept_chunked = false;          // Transfer-Encoding is answered 411 unless set (house rule 13)
    std::size_t connections = 1024;       // more wait in the kernel's queue
    std::chrono::milliseconds read_timeout{10'000};    // from the first byte of a request to its last: 408
    std::chrono::milliseconds idle_timeout{75'000};    // between two requests of one connection
    std::chrono::milliseconds handler_timeout{10'000}; // from the request's last byte to the answer: 503
    std::chrono::milliseconds write_timeout{10'000};   // for the answer to leave
    std::string server_name;     // the Server header; none if empty (a websocket's handshake: "postern")
    websocket_options websocket; // limits of what response::upgraded gets
};

// The handler sees each request twice. `admit` sees the head only: it can refuse before a byte of the body is
// read (wrong path, wrong method, too large). `answer` sees the whole request. Both may be called from
// several threads at once, on different connections. An exception that leaves `answer` becomes a 500 and a
// log line.
class http_handler
{
public:
    virtual ~http_handler() = default;

    struct admission
    {
        std::optional<response> refusal;              // sent at once; the connection is closed
        std::optional<std::size_t> body_limit;        // instead of the server's
        std::chrono::milliseconds handler_timeout{0}; // instead of the server's, when positive
    };
    virtual admission admit(const request& /*head*/) { return {}; }
    virtual awaitable<response> answer(request) = 0;
};

// HTTP/1.1 with keep-alive and pipelining, one strand a connection. Thread-safe.
class http_server
{
public:
    // Binds and listens; nothing is accepted before start(). Errors: address_in_use, bad_configuration,
    // file_unreadable, each naming the address or the file.
    static result<std::unique_ptr<http_server>> bind(net::any_io_executor, http_server_options,
                                                     std::shared_ptr<http_handler>, log);
    virtual ~http_server() = default;

    virtual void start() = 0;
    // Stops accepting, lets answers under way leave, then cuts what is left after `patience`.
    virtual awaitable<void> stop(std::chrono::milliseconds patience) = 0;

    // Where it listens, with the real port: "127.0.0.1:43117" or "unix:/run/…".
    virtual std::string address() const = 0;
    virtual std::uint16_t port() const = 0; // 0 for a unix socket
};

} // namespace postern::transport
