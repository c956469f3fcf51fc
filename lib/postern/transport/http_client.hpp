#pragma once

#include "postern/base/log.hpp"
#include "postern/transport/http.hpp"
#include "postern/transport/proxy.hpp"
#include "postern/transport/url.hpp"
#include "postern/transport/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace postern::transport {

struct http_client_options
{
    std::string user_agent = "postern";
    std::string ca_file;                          // PEM, in addition to the system's store
    bool insecure = false;                        // no certificate checks at all; shouts in the log
    proxy_rules proxy;                            // the way out, of requests and websockets; none by default
    std::size_t response_limit = 4 * 1024 * 1024; // bytes of a body
    std::size_t header_limit = 64 * 1024;
    std::size_t idle_per_host = 8;                     // connections kept for the next request
    std::size_t connections_per_host = 16;             // more requests wait for one of these
    std::chrono::milliseconds idle_timeout{30'000};    // an idle connection older than this is closed
    std::chrono::milliseconds connect_timeout{10'000}; // TCP, proxy and TLS together, lookup apart
    std::chrono::milliseconds resolve_for{60'000};     // how long looked-up addresses are kept
};

// An HTTP/1.1 client with a pool of connections per origin. Makes exactly one attempt: what to retry is
// decided where it is known what the request means. Redirects are returned, never followed. Thread-safe.
class http_client
{
public:
    virtual ~http_client() = default;

    // Any complete answer is a value, whatever its status. Errors: cannot_connect (with status 407 when a
    // proxy on the way wants a user name or refuses ours), tls_failed, timed_out, connection_lost,
    // bad_response, too_large, bad_input, stopped. error::maybe_sent tells whether the peer may have seen the
    // request.
    virtual awaitable<result<response>> send(url where, request what, deadline limit) = 0;

    // Connects and makes the websocket handshake (RFC 6455; no subprotocol, no extension). The websocket
    // lives on the caller's strand and uses no place of the pool. Errors: those of send; a refused handshake
    // is api_rejected, token_rejected (401), not_found (404) or api_unavailable (429, 5xx), with the status,
    // the tracking id and how long to wait (Retry-After in seconds or as a date).
    virtual awaitable<result<websocket_ptr>> open_websocket(url where, header_fields headers,
                                                            websocket_options options, deadline limit) = 0;

    // Closes idle connections; requests under way go on.
    virtual void close_idle() = 0;
};

result<std::shared_ptr<http_client>> make_http_client(net::any_io_executor, http_client_options, log);

} // namespace postern::transport
