// Commands as nobody should write them.

#include "bot_under_test.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <stdexcept>

namespace bot_under_test {

using postern::context;
using postern::task;
using namespace std::chrono_literals;

void teach_trouble(postern::bot& bot)
{
    bot.command("/throw", "", [](context) -> task {
        throw std::runtime_error("it broke");
        co_return;
    });
    bot.command("/throw late", "", [](context ctx) -> task {
        co_await ctx.reply("so far so good");
        throw 42;
    });
    bot.command("/hang", "", [](context) -> task {
        postern::net::steady_timer timer(co_await postern::net::this_coro::executor, 1h);
        co_await timer.async_wait(postern::as_result);
    });
    // Does not hear that it is to end.
    bot.command("/hang deaf", "", [](context) -> task {
        for (;;)
        {
            postern::net::steady_timer timer(co_await postern::net::this_coro::executor, 50ms);
            co_await timer.async_wait(postern::as_result);
        }
    });
    bot.command("/flood", "", [](context ctx) -> task {
        for (int n = 1; n <= 200; ++n)
            co_await ctx.reply_text("drop " + std::to_string(n));
    });
    bot.command("/big", "", [](context ctx) -> task { co_await ctx.reply(std::string(10'000'000, 'x')); });
}

} // namespace bot_under_test
