#pragma once

#include "postern/base/async.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <mutex>

namespace postern::dispatch {

// A bounded number of places and one coroutine that waits for a free one. take() and give_back() may be
// called from any thread.
class places
{
public:
    explicit places(std::size_t count) : free_(count) {}

    void take();
    void give_back();

    // Waits until a place is free, without taking it; false: the caller was cancelled. One waiter at a time,
    // on a strand or on a context with one thread.
    awaitable<bool> wait_for_one();

private:
    std::mutex mutex_;
    std::size_t free_;
    std::weak_ptr<net::steady_timer> waiter_;
};

// Gives the place back whatever ends the scope.
class occupied_place
{
public:
    explicit occupied_place(places& of) : of_(of) {}
    ~occupied_place() { of_.give_back(); }
    occupied_place(const occupied_place&) = delete;
    occupied_place& operator=(const occupied_place&) = delete;

private:
    places& of_;
};

} // namespace postern::dispatch
