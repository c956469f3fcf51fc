#pragma once

// Private to transport: the deadlines of a socket.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/error.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace postern::transport {

// The things that may be under way at once.
enum class side
{
    reading,
    writing,
    answering // a request is with its handler
};

// Cancels what is under way when the deadline of one of them passes, and ends nothing else: a peer that was
// too slow can still be told so. One timer; starting an operation usually costs the storing of a number,
// because the timer looks every few seconds what the deadlines have become.
class watchdog : public std::enable_shared_from_this<watchdog>
{
public:
    using clock = std::chrono::steady_clock;

    // `cancel` is called on the executor, never after stop().
    watchdog(const net::any_io_executor& executor, std::function<void()> cancel)
        : timer_(executor), cancel_(std::move(cancel))
    {
    }

    void guard(side what, deadline limit)
    {
        at(what) = {limit.at(), false};
        if (!armed_ || limit.at() < timer_.expiry())
            arm();
    }

    void release(side what) { at(what).limit = clock::time_point::max(); }
    void stop();

    // One place that tells "our deadline" from "somebody stopped us" from "the peer went away".
    error translate(side what, const error_code& ec) const;
    bool fired(side what) const { return watched_[static_cast<std::size_t>(what)].fired; }

private:
    struct operation
    {
        clock::time_point limit = clock::time_point::max(); // max: none is under way
        bool fired = false;
    };

    operation& at(side what) { return watched_[static_cast<std::size_t>(what)]; }
    clock::time_point earliest() const
    {
        return std::min({watched_[0].limit, watched_[1].limit, watched_[2].limit});
    }
    void arm();
    void look();

    net::steady_timer timer_;
    std::array<operation, 3> watched_;
    bool armed_ = false;
    std::function<void()> cancel_;
};

} // namespace postern::transport
