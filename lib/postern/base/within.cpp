#include "postern/base/within.hpp"

namespace postern {

awaitable<bool> pause_for(std::chrono::milliseconds duration)
{
    net::steady_timer timer(co_await net::this_coro::executor, duration);
    const auto [ec] = co_await timer.async_wait(as_result);
    co_return !ec;
}

} // namespace postern
