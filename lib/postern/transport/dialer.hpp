#pragma once

// Private to transport: a fresh connection to where a URL points.

#include "postern/transport/byte_stream.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/resolver.hpp"
#include "postern/transport/url.hpp"

#include <chrono>
#include <memory>

namespace postern::transport {

// Looks the name up, connects, and speaks TLS where the scheme says so. Thread-safe.
class dialer
{
public:
    dialer(const http_client_options&, std::shared_ptr<tls_context>);

    // The stream lives on the caller's strand. Errors: those of connect().
    awaitable<result<stream_ptr>> dial(url where, deadline limit);

private:
    std::chrono::milliseconds connect_timeout_;
    std::shared_ptr<tls_context> tls_;
    address_book addresses_;
};

} // namespace postern::transport
