#pragma once

// Private to transport: which connection a request may use.

#include "postern/transport/byte_stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace postern::transport {

// Ends a connection where it lives: its timer may be looking at it from there.
void dispose(stream_ptr);

// Connections of one client, by origin. Thread-safe. A place is one of the origin's allowed connections: it
// is held from the moment a request may have a connection until it gives it back.
class connection_pool
{
public:
    using clock = std::chrono::steady_clock;

    struct limits
    {
        std::size_t places_per_origin;
        std::size_t idle_per_origin;
        clock::duration idle_timeout;
    };

    explicit connection_pool(limits l) : limits_(l) {}
    ~connection_pool() { close_idle(); }

    // Takes a place, waiting for one if need be. False: the deadline passed or the caller was cancelled.
    awaitable<bool> enter(std::string origin, deadline limit);
    // The youngest idle connection that is still young enough; null if there is none.
    stream_ptr take_idle(const std::string& origin, clock::time_point now);
    // Gives the place back, and the connection too when it can serve another request.
    void leave(const std::string& origin, stream_ptr reusable, clock::time_point now);
    void close_idle();

private:
    struct idle_connection
    {
        stream_ptr stream;
        clock::time_point since;
    };
    struct origin_state
    {
        std::size_t places_taken = 0;
        std::deque<idle_connection> idle; // oldest first
        std::deque<std::shared_ptr<net::steady_timer>> waiting;
    };

    limits limits_;
    std::mutex mutex_;
    std::map<std::string, origin_state> origins_;
};

} // namespace postern::transport
