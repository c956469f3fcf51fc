#pragma once

// Private to transport: one connection of the HTTP server.

#include "postern/transport/byte_stream.hpp"
#include "postern/transport/http_server.hpp"

#include <atomic>

namespace postern::transport {

// What all connections of one server share. Outlives them all.
struct server_core
{
    http_server_options options;
    std::shared_ptr<http_handler> handler;
    log out;
    std::atomic<bool> stopping = false;
};

// Serves requests until the peer, a deadline or the server ends it. Runs on the stream's strand.
awaitable<void> serve_connection(std::shared_ptr<server_core> core, stream_ptr stream);

} // namespace postern::transport
