#include "postern/source/bell.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

namespace postern::source {

awaitable<bool> bell::wait()
{
    const bool rung = co_await wait_until(never());
    co_return rung;
}

awaitable<bool> bell::wait_until(std::chrono::steady_clock::time_point limit)
{
    const bool early = co_await cancelled();
    if (early)
        co_return false;
    if (timer_.expiry() != limit)
        timer_.expires_at(limit);
    co_await timer_.async_wait(as_result);
    const bool late = co_await cancelled();
    co_return !late;
}

awaitable<bool> cancelled()
{
    const auto state = co_await net::this_coro::cancellation_state;
    co_return state.cancelled() != net::cancellation_type::none;
}

} // namespace postern::source
