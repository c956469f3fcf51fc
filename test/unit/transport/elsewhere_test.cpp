#include "postern/transport/elsewhere.hpp"

#include "support/run.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace postern;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(elsewhere)

BOOST_AUTO_TEST_CASE(work_runs_on_the_other_strand_and_its_exception_comes_back)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const net::any_io_executor other = net::make_strand(io);
        bool there = false;
        std::function<awaitable<void>()> work = [&]() -> awaitable<void> {
            const auto here = co_await net::this_coro::executor;
            there = here == other;
        };
        co_await transport::run_elsewhere(other, work);
        BOOST_TEST(there);

        std::function<awaitable<void>()> broken = []() -> awaitable<void> {
            co_await pause_for(0ms);
            throw std::runtime_error("broken");
        };
        bool thrown = false;
        try
        {
            co_await transport::run_elsewhere(other, broken);
        }
        catch (const std::runtime_error&)
        {
            thrown = true;
        }
        BOOST_TEST(thrown);
    });
}

// Ends and cancellations that meet: a sanitizer sees what a cancellation that comes too late touches.
BOOST_AUTO_TEST_CASE(a_cancellation_may_come_at_any_moment)
{
    constexpr int times = 2000;
    net::thread_pool pool(2);
    std::atomic<int> ended = 0;
    {
        task_scope tasks([](std::exception_ptr) { BOOST_ERROR("a task threw"); });
        const auto one = [&]() -> awaitable<void> {
            std::function<awaitable<void>()> work = [&]() -> awaitable<void> {
                co_await net::this_coro::throw_if_cancelled(false);
                co_await pause_for(0ms);
            };
            co_await transport::run_elsewhere(net::make_strand(pool), work);
            ++ended;
        };
        for (int n = 0; n < times; ++n)
            tasks.spawn(net::make_strand(pool), one);
        tasks.stop(net::cancellation_type::terminal);
        const auto limit = deadline::after(20s);
        while (tasks.size() > 0 && !limit.passed())
            std::this_thread::yield();
        BOOST_TEST_REQUIRE(tasks.size() == 0u);
    }
    pool.join();
    BOOST_TEST(ended == times);
}

BOOST_AUTO_TEST_CASE(work_hears_that_the_caller_was_cancelled)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const net::any_io_executor other = net::make_strand(io);
        bool whole = true;
        std::function<awaitable<void>()> work = [&]() -> awaitable<void> {
            co_await net::this_coro::throw_if_cancelled(false);
            whole = co_await pause_for(1h);
        };
        task_scope tasks([](std::exception_ptr) { BOOST_ERROR("a task threw"); });
        const auto caller = [&]() -> awaitable<void> { co_await transport::run_elsewhere(other, work); };
        tasks.spawn(co_await net::this_coro::executor, caller);
        co_await pause_for(1ms);
        tasks.stop(net::cancellation_type::terminal);
        const bool quiet = co_await tasks.drained(deadline::after(2s));
        BOOST_TEST(quiet);
        BOOST_TEST(!whole);
    });
}

BOOST_AUTO_TEST_SUITE_END()
