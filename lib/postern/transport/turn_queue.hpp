#pragma once

// Private to transport: several coroutines of one strand that must not do something at the same time.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>

namespace postern::transport {

// One at a time, in the order they came. Used from one strand.
class turn_queue
{
public:
    // False: the deadline passed, the caller was cancelled, or everybody was sent away.
    awaitable<bool> enter(deadline limit);
    // Whose turn it was is done: the next one's comes.
    void leave();
    // Sends everybody away who waits or comes later.
    void dismiss();

private:
    struct waiter
    {
        waiter(const net::any_io_executor& where, deadline limit) : timer(where, limit.at()) {}
        net::steady_timer timer;
        bool called = false;
    };

    std::deque<std::weak_ptr<waiter>> waiting_; // weak: who was thrown out while waiting is skipped
    bool taken_ = false;
    bool dismissed_ = false;
};

// A turn that was entered; leaves on every path.
class turn
{
public:
    explicit turn(turn_queue& queue) : queue_(queue) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { queue_.leave(); }

private:
    turn_queue& queue_;
};

} // namespace postern::transport
