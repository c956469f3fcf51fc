#include "postern/guard/open_guard.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"

using namespace postern;

BOOST_AUTO_TEST_SUITE(open_guard)

BOOST_AUTO_TEST_CASE(an_open_gate_says_so_once)
{
    test::captured_log log;
    guard::open_guard open(log.writer);
    BOOST_TEST_REQUIRE(log.lines().size() == 1u);
    BOOST_TEST(log.says("warning"));
    BOOST_TEST(log.says("no membership policy is configured"));

    test::run([&](net::io_context&) -> awaitable<void> {
        event anything;
        const auto judged = co_await open.judge(anything, deadline::after(std::chrono::seconds(1)));
        BOOST_TEST_REQUIRE(judged.has_value());
        BOOST_TEST((judged->what == verdict::admitted));
    });
    BOOST_TEST(log.lines().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
