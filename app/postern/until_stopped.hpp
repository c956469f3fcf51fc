#pragma once

#include "postern/base/async.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

namespace postern::app {

// What a subcommand's main waits for. Both functions are called on the process's strand.
class until_stopped
{
public:
    awaitable<void> wait()
    {
        if (stopped_)
            co_return;
        net::steady_timer bell(co_await net::this_coro::executor, net::steady_timer::time_point::max());
        bell_ = &bell;
        co_await bell.async_wait(as_result);
        bell_ = nullptr;
    }

    void now()
    {
        stopped_ = true;
        if (bell_)
            bell_->cancel();
    }

private:
    bool stopped_ = false;
    net::steady_timer* bell_ = nullptr;
};

} // namespace postern::app
