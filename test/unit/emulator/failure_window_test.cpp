#include "postern/emulator/failure_window.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::emulator;

namespace {

using namespace std::chrono_literals;

const failure_window::time_point start{};

// True if one of so many failures, each `apart` from the next, disables the webhook.
bool any_disables(failure_window& window, unsigned failures, std::chrono::milliseconds apart,
                  failure_window::time_point from = start)
{
    bool disabled = false;
    for (unsigned i = 0; i < failures; ++i)
        disabled |= window.failed(from + i * apart);
    return disabled;
}

} // namespace

BOOST_AUTO_TEST_SUITE(failure_window)

BOOST_AUTO_TEST_CASE(the_hundredth_failure_within_five_minutes_disables)
{
    emulator::failure_window window;
    BOOST_TEST(!any_disables(window, 99, 3s));
    BOOST_TEST(window.failed(start + 5min));
}

BOOST_AUTO_TEST_CASE(a_hundred_failures_over_a_longer_time_do_not)
{
    emulator::failure_window window;
    BOOST_TEST(!any_disables(window, 1000, 3031ms)); // a hundred of these take 300.069 s
}

BOOST_AUTO_TEST_CASE(the_window_slides)
{
    emulator::failure_window window;
    BOOST_TEST(!any_disables(window, 50, 1s));
    BOOST_TEST(!any_disables(window, 99, 1s, start + 10min)); // the first fifty are too old to count
    BOOST_TEST(window.failed(start + 10min + 99s));
}

BOOST_AUTO_TEST_CASE(after_disabling_the_count_begins_anew)
{
    emulator::failure_window window;
    BOOST_TEST(any_disables(window, 100, 1ms));
    BOOST_TEST(!any_disables(window, 99, 1ms, start + 1s));
    BOOST_TEST(window.failed(start + 2s));
}

BOOST_AUTO_TEST_CASE(one_failure_within_five_minutes_after_a_reactivation_disables_again)
{
    emulator::failure_window window;
    BOOST_TEST(any_disables(window, 100, 1ms));
    window.reactivated(start + 1h);
    BOOST_TEST(window.failed(start + 1h + 5min - 1ms));
    BOOST_TEST(
        !window.failed(start + 1h + 5min)); // inactive until somebody re-activates it: no probation left
}

BOOST_AUTO_TEST_CASE(after_the_probation_it_takes_a_hundred_again)
{
    emulator::failure_window window;
    BOOST_TEST(!any_disables(window, 99, 1ms));
    window.reactivated(start + 1s); // forgets the 99
    BOOST_TEST(!any_disables(window, 99, 1ms, start + 1s + 5min));
    BOOST_TEST(window.failed(start + 2s + 5min));
}

BOOST_AUTO_TEST_CASE(the_limits_can_be_others)
{
    emulator::failure_window window(failure_limits{2, 10ms, 20ms});
    BOOST_TEST(!window.failed(start));
    BOOST_TEST(!window.failed(start + 11ms));
    BOOST_TEST(window.failed(start + 12ms));

    emulator::failure_window first(failure_limits{1, 10ms, 20ms});
    BOOST_TEST(first.failed(start));
}

BOOST_AUTO_TEST_CASE(a_limit_of_zero_never_disables)
{
    emulator::failure_window window(failure_limits{0, 10ms, 20ms});
    window.reactivated(start);
    BOOST_TEST(!any_disables(window, 1000, 0ms));
}

BOOST_AUTO_TEST_SUITE_END()
