#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/base/within.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <utility>

namespace postern::source {

// Wakes one coroutine at a time when it was asked to, or earlier when it is rung. Who waits looks at what it
// waits for before and after: a ring while nobody waits is not heard.
class alarm
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point never = time_point::max();

    // `strand`: where it is waited for.
    explicit alarm(net::any_io_executor strand);

    // From any thread. What was changed before the call is seen by whom it wakes.
    void ring();

    // Until then, or until it rings; true. False: the caller was cancelled, now or earlier.
    awaitable<bool> wait_until(time_point);

    // The operation's outcome; errc::stopped if it rings before, or the caller is cancelled. The operation is
    // then cancelled and awaited.
    template <class T>
    awaitable<result<T>> unless_rung(awaitable<result<T>> operation)
    {
        using namespace net::experimental::awaitable_operators;
        std::exception_ptr thrown;
        timer_->expires_at(never);
        auto outcome =
            co_await (postern::detail::calmly(std::move(operation), thrown) || timer_->async_wait(as_result));
        if (thrown)
            std::rethrow_exception(thrown);
        if (outcome.index() == 1)
            co_return error(errc::stopped);
        co_return std::get<0>(std::move(outcome));
    }

private:
    std::shared_ptr<net::steady_timer> timer_; // shared with rings under way, which may outlive us
};

} // namespace postern::source
