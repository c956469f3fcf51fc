#pragma once

#include "postern/base/async.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace postern::source {

// Wakes the coroutines of one strand that wait for something to change. Who waits looks at the change itself,
// before and after: a bell that rings while nobody waits is not heard.
class bell
{
public:
    explicit bell(const net::any_io_executor& strand) : timer_(strand, never()) {}

    void ring() { timer_.cancel(); }

    // Until it rings; true. False: the caller was cancelled, now or earlier.
    awaitable<bool> wait();
    // Until it rings, or until then. One waiter at a time.
    awaitable<bool> wait_until(std::chrono::steady_clock::time_point);

private:
    static std::chrono::steady_clock::time_point never()
    {
        return std::chrono::steady_clock::time_point::max();
    }

    net::steady_timer timer_;
};

awaitable<bool> cancelled(); // was the calling coroutine?

} // namespace postern::source
