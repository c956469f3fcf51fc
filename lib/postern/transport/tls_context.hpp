#pragma once

// Private to transport: what tls.hpp hides.

#include "postern/transport/tls.hpp"

#include <boost/asio/ssl/context.hpp>

namespace postern::transport {

class tls_context
{
public:
    explicit tls_context(boost::asio::ssl::context::method method) : ssl(method) {}
    boost::asio::ssl::context ssl;
    bool verify = true;
    std::string trusted; // what is trusted in place of the system's store, in words; empty as a rule
};

} // namespace postern::transport
