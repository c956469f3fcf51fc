#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/transport/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <string>
#include <vector>

namespace postern::transport {

// A connected stream of bytes, whatever carries it: TCP, TLS or a unix socket. HTTP is written once, against
// this, so that no translation unit instantiates the protocol for every kind of stream.
//
// Used from its executor only; at most one read and one write at a time. Errors: timed_out at the deadline,
// stopped when the caller was cancelled, connection_lost with the reason otherwise.
class byte_stream
{
public:
    virtual ~byte_stream() = default;

    // Zero bytes: the peer has finished sending.
    virtual awaitable<result<std::size_t>> read_some(net::mutable_buffer into, deadline limit) = 0;
    virtual awaitable<result<>> write(net::const_buffer first, net::const_buffer second, deadline limit) = 0;

    // A polite end: TLS close_notify, then both directions shut. Never waits past the deadline.
    virtual awaitable<void> shutdown(deadline limit) = 0;
    // Our side says it is done, what the peer still sends can be read.
    virtual void finish_sending() = 0;
    virtual void close() = 0;

    // False when the peer has closed, or sent something nobody asked for: not fit for another request.
    virtual bool fit_for_reuse() = 0;
    virtual std::string peer() const = 0;
    virtual net::any_io_executor executor() = 0;
};

using stream_ptr = std::unique_ptr<byte_stream>;

stream_ptr make_stream(net::ip::tcp::socket);
stream_ptr make_stream(net::local::stream_protocol::socket);

// Server side of TLS over an accepted socket.
awaitable<result<stream_ptr>> accept_tls(net::ip::tcp::socket, std::shared_ptr<tls_context>, deadline);

// Client side: tries the addresses in order. `host` names the peer in errors. Errors: cannot_connect,
// timed_out, stopped.
awaitable<result<stream_ptr>> connect(std::vector<net::ip::tcp::endpoint> addresses, std::string host,
                                      deadline);

// Client side of TLS over a stream that connect() or secure() made: the latter when the way leads through a
// proxy that is spoken to in TLS itself. With SNI, and the name checked. Errors: tls_failed, timed_out,
// stopped.
awaitable<result<stream_ptr>> secure(stream_ptr below, std::shared_ptr<tls_context>, std::string host,
                                     deadline);

} // namespace postern::transport
