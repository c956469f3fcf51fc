#include "postern/source/alarm.hpp"

#include "postern/source/bell.hpp"

#include <boost/asio/post.hpp>

namespace postern::source {

alarm::alarm(net::any_io_executor strand) : timer_(std::make_shared<net::steady_timer>(std::move(strand))) {}

void alarm::ring()
{
    // Not before the strand is free: by then who has just looked is waiting.
    net::post(timer_->get_executor(), [timer = timer_] { timer->cancel(); });
}

awaitable<bool> alarm::wait_until(time_point then)
{
    const bool early = co_await cancelled();
    if (early)
        co_return false;
    timer_->expires_at(then);
    co_await timer_->async_wait(as_result);
    const bool late = co_await cancelled();
    co_return !late;
}

} // namespace postern::source
