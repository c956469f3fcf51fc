#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace postern::transport {

// Races an operation against a deadline: errc::timed_out if the deadline wins, errc::stopped if the caller was
// cancelled from outside. Must run on a strand: both sides share the caller's executor. The loser is cancelled
// (terminal) and awaited. A name lookup can't be cut short by it.
template <class T>
awaitable<result<T>> within(deadline limit, awaitable<result<T>> operation)
{
    using namespace net::experimental::awaitable_operators;
    net::steady_timer timer(co_await net::this_coro::executor, limit.at());

    auto outcome = co_await (std::move(operation) || timer.async_wait(as_result));

    // Whoever cancelled us is told "stopped"; only our own timer means "timed out".
    const auto state = co_await net::this_coro::cancellation_state;
    if (outcome.index() == 1)
        co_return error(state.cancelled() != net::cancellation_type::none ? errc::stopped : errc::timed_out);
    co_return std::get<0>(std::move(outcome));
}

// Waits; true when the whole time passed, false when cancelled.
awaitable<bool> pause_for(std::chrono::milliseconds duration);

} // namespace postern::transport
