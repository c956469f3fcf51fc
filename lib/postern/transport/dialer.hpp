#pragma once

// Private to transport: a fresh connection to where a URL points.

#include "postern/transport/address_rule.hpp"
#include "postern/transport/byte_stream.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/proxy.hpp"
#include "postern/transport/resolver.hpp"
#include "postern/transport/url.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace postern::transport {

// Looks the name up, connects, through the proxy where there is one for the URL, and speaks TLS where the
// scheme says so. Thread-safe.
class dialer
{
public:
    // An empty rule: all addresses.
    dialer(const http_client_options&, std::shared_ptr<tls_context>, address_rule = {});

    // The stream lives on the caller's strand. Errors: cannot_connect, tls_failed, timed_out, stopped; of a
    // proxy's answer also connection_lost, bad_response and too_large. Nothing has been sent to the target.
    awaitable<result<stream_ptr>> dial(url where, deadline limit);

private:
    awaitable<result<stream_ptr>> straight(url where, deadline limit);
    awaitable<result<stream_ptr>> through(const proxy_address& proxy, url where, deadline limit);

    std::chrono::milliseconds connect_timeout_;
    std::string user_agent_;
    proxy_rules proxies_;
    std::shared_ptr<tls_context> tls_;
    address_rule may_connect_;
    address_book addresses_;
};

} // namespace postern::transport
