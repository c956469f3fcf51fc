#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"

#include "support/run.hpp"

#include <boost/asio/strand.hpp>

#include <stdexcept>

using namespace postern;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(task_scope)

BOOST_AUTO_TEST_CASE(a_scope_waits_for_its_tasks_and_starts_none_after_stop)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        postern::task_scope scope([](std::exception_ptr) {});
        int done = 0;
        for (int i = 0; i < 10; ++i)
            scope.spawn(net::make_strand(io), [&done]() -> awaitable<void> {
                co_await pause_for(5ms);
                ++done;
            });
        const bool quiet = co_await scope.drained(deadline::after(2s));
        BOOST_TEST(quiet);
        BOOST_TEST(done == 10);
        scope.stop(net::cancellation_type::total);
        BOOST_TEST(!scope.spawn(io.get_executor(), [&done]() -> awaitable<void> {
            ++done;
            co_return;
        }));
    });
}

BOOST_AUTO_TEST_CASE(a_stopped_task_is_told_and_not_thrown_at)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        postern::task_scope scope([](std::exception_ptr) {});
        bool told = false, went_on = false;
        scope.spawn(net::make_strand(io), [&]() -> awaitable<void> {
            told = !co_await pause_for(10s);
            co_await pause_for(1ms);
            went_on = true;
        });
        co_await pause_for(5ms);
        const bool quiet = co_await wind_down(scope, 2s);
        BOOST_TEST(quiet);
        BOOST_TEST(told);
        BOOST_TEST(went_on);
    });
}

BOOST_AUTO_TEST_CASE(an_exception_is_reported_and_ends_only_its_task)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        int reported = 0;
        postern::task_scope scope([&](std::exception_ptr) { ++reported; });
        scope.spawn(io.get_executor(), []() -> awaitable<void> {
            throw std::runtime_error("on purpose");
            co_return;
        });
        const bool quiet = co_await scope.drained(deadline::after(2s));
        BOOST_TEST(quiet);
        BOOST_TEST(reported == 1);
    });
}

namespace {

awaitable<result<int>> slow(std::chrono::milliseconds d)
{
    const bool whole = co_await pause_for(d);
    if (!whole)
        co_return error(errc::stopped);
    co_return 7;
}

awaitable<result<int>> throwing()
{
    throw std::runtime_error("on purpose");
    co_return 0;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_deadline_ends_a_wait_and_is_told_apart_from_a_stop)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const auto fast = co_await within(deadline::after(2s), slow(1ms));
        BOOST_TEST((fast.has_value() && *fast == 7));
        const auto late = co_await within(deadline::after(5ms), slow(10s));
        BOOST_TEST((late.has_error() && late.error().is(errc::timed_out)));

        postern::task_scope scope([](std::exception_ptr) {});
        bool stopped = false;
        scope.spawn(net::make_strand(io), [&]() -> awaitable<void> {
            const auto cut = co_await within(deadline::after(10s), slow(10s));
            stopped = cut.has_error() && cut.error().is(errc::stopped);
        });
        co_await pause_for(5ms);
        scope.stop(net::cancellation_type::terminal);
        const bool quiet = co_await scope.drained(deadline::after(2s));
        BOOST_TEST(quiet);
        BOOST_TEST(stopped);
    });
}

BOOST_AUTO_TEST_CASE(a_polite_stop_ends_a_race_too)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        postern::task_scope scope([](std::exception_ptr) {});
        scope.spawn(net::make_strand(io),
                    []() -> awaitable<void> { co_await within(deadline::after(10s), slow(10s)); });
        co_await pause_for(5ms);
        const bool quiet = co_await wind_down(scope, 1s);
        BOOST_TEST(quiet);
    });
}

BOOST_AUTO_TEST_CASE(an_exception_ends_the_race_at_once)
{
    test::run([](net::io_context&) -> awaitable<void> {
        bool thrown = false;
        try
        {
            co_await within(deadline::after(10s), throwing());
        }
        catch (const std::runtime_error&)
        {
            thrown = true;
        }
        BOOST_TEST(thrown);
    });
}

BOOST_AUTO_TEST_SUITE_END()
