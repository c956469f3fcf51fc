#include "postern/bot/no_code/gate.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "support/run.hpp"

#include <optional>
#include <vector>

using namespace postern;
using namespace std::chrono_literals;
using passage = no_code::gate;

namespace {

deadline soon() { return deadline::after(2s); }

} // namespace

BOOST_AUTO_TEST_SUITE(gate)

BOOST_AUTO_TEST_CASE(so_many_are_let_in_and_who_comes_when_too_many_wait_is_refused)
{
    test::run([](net::io_context&) -> awaitable<void> {
        passage g(2, 0);
        auto first = co_await g.enter(soon());
        auto second = co_await g.enter(soon());
        auto third = co_await g.enter(soon());
        BOOST_TEST(first.has_value());
        BOOST_TEST(second.has_value());
        BOOST_TEST_REQUIRE(third.has_error());
        BOOST_TEST(third.error().is(errc::too_large));
    });
}

BOOST_AUTO_TEST_CASE(who_waits_is_let_in_when_somebody_leaves_in_the_order_of_coming)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        passage g(1, 5);
        std::vector<int> order;
        task_scope scope([](std::exception_ptr e) { std::rethrow_exception(e); });
        {
            const auto inside = co_await g.enter(soon());
            for (int i = 1; i <= 3; ++i)
                scope.spawn(io.get_executor(), [&g, &order, i]() -> awaitable<void> {
                    const auto mine = co_await g.enter(soon());
                    if (mine)
                        order.push_back(i);
                });
            co_await pause_for(1ms);
            BOOST_TEST(order.empty());
        }
        const bool all = co_await scope.drained(soon());
        BOOST_TEST(all);
        BOOST_TEST((order == std::vector<int>{1, 2, 3}));
        const auto again = co_await g.enter(soon());
        BOOST_TEST(again.has_value()); // every place was given back
    });
}

BOOST_AUTO_TEST_CASE(waiting_ends_at_the_deadline_and_leaves_the_place_to_others)
{
    test::run([](net::io_context&) -> awaitable<void> {
        passage g(1, 1);
        {
            const auto inside = co_await g.enter(soon());
            const auto late = co_await g.enter(deadline::after(5ms));
            BOOST_TEST_REQUIRE(late.has_error());
            BOOST_TEST(late.error().is(errc::timed_out));
        }
        const auto next = co_await g.enter(soon());
        BOOST_TEST(next.has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
