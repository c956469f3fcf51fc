#include "postern/transport/turn_queue.hpp"

#include <boost/asio/this_coro.hpp>

namespace postern::transport {

awaitable<bool> turn_queue::enter(deadline limit)
{
    if (dismissed_)
        co_return false;
    if (!taken_)
    {
        taken_ = true;
        co_return true;
    }
    const auto me = std::make_shared<waiter>(co_await net::this_coro::executor, limit);
    waiting_.push_back(me);
    co_await me->timer.async_wait(as_result);
    if (!me->called)
        std::erase_if(waiting_, [&](const auto& one) { return one.lock() == me; });
    co_return me->called;
}

void turn_queue::leave()
{
    while (!waiting_.empty())
    {
        const auto next = waiting_.front().lock();
        waiting_.pop_front();
        if (!next)
            continue;
        next->called = true;
        next->timer.cancel();
        return;
    }
    taken_ = false;
}

void turn_queue::dismiss()
{
    dismissed_ = true;
    for (const auto& one : waiting_)
        if (const auto waiting = one.lock())
            waiting->timer.cancel();
    waiting_.clear();
}

} // namespace postern::transport
