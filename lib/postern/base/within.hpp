#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>

namespace postern {

namespace detail {

// Inside a race a cancelled wait answers, as everywhere in postern; without this the next co_await would
// throw. An exception ends the race too: to the operator a throwing side has only failed, and it would wait
// for the timer.
template <class T>
awaitable<result<T>> calmly(awaitable<result<T>> operation, std::exception_ptr& thrown)
{
    co_await net::this_coro::throw_if_cancelled(false);
    try
    {
        auto outcome = co_await std::move(operation);
        co_return outcome;
    }
    catch (...)
    {
        thrown = std::current_exception();
    }
    co_return error(errc::handler_failed);
}

} // namespace detail

// Races an operation against a deadline: errc::timed_out if the deadline wins, errc::stopped if the caller
// was cancelled from outside. Must run on a strand: both sides share the caller's executor. The loser is
// cancelled (terminal) and awaited; its exceptions pass through. A name lookup can't be cut short by it.
template <class T>
awaitable<result<T>> within(deadline limit, awaitable<result<T>> operation)
{
    using namespace net::experimental::awaitable_operators;
    net::steady_timer timer(co_await net::this_coro::executor, limit.at());

    std::exception_ptr thrown;
    auto outcome = co_await (detail::calmly(std::move(operation), thrown) || timer.async_wait(as_result));

    if (thrown)
        std::rethrow_exception(thrown);
    // Whoever cancelled us is told "stopped"; only our own timer means "timed out".
    const auto state = co_await net::this_coro::cancellation_state;
    if (outcome.index() == 1)
        co_return error(state.cancelled() != net::cancellation_type::none ? errc::stopped : errc::timed_out);
    co_return std::get<0>(std::move(outcome));
}

// Waits; true when the whole time passed, false when cancelled.
awaitable<bool> pause_for(std::chrono::milliseconds duration);

} // namespace postern
