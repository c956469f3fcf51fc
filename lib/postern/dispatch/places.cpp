#include "postern/dispatch/places.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/assert.hpp>

#include <utility>

namespace postern::dispatch {

void places::take()
{
    const std::lock_guard lock(mutex_);
    BOOST_ASSERT(free_ > 0);
    --free_;
}

void places::give_back()
{
    std::shared_ptr<net::steady_timer> waiter;
    {
        const std::lock_guard lock(mutex_);
        ++free_;
        waiter = waiter_.lock();
    }
    if (!waiter)
        return;
    auto where = waiter->get_executor(); // cancel where the waiter runs
    net::post(where, [waiter = std::move(waiter)] { waiter->cancel(); });
}

awaitable<bool> places::wait_for_one()
{
    const auto alarm = std::make_shared<net::steady_timer>(co_await net::this_coro::executor);
    for (;;)
    {
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (cancellation.cancelled() != net::cancellation_type::none)
            co_return false;
        {
            const std::lock_guard lock(mutex_);
            if (free_ > 0)
                co_return true;
            waiter_ = alarm;
        }
        alarm->expires_at(net::steady_timer::time_point::max());
        co_await alarm->async_wait(as_result);
    }
}

} // namespace postern::dispatch
