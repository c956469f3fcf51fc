#include "postern/webex/rate_gate.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

namespace {
const webex::rate_gate::clock::time_point start{};
}

BOOST_AUTO_TEST_SUITE(rate_gate)

BOOST_AUTO_TEST_CASE(a_gate_that_was_never_closed_is_open)
{
    webex::rate_gate gate;
    BOOST_TEST((gate.wait("messages", start, 0.9) == 0ms));
}

BOOST_AUTO_TEST_CASE(later_calls_of_the_family_wait_to_the_end_and_not_longer)
{
    webex::rate_gate gate;
    gate.close("messages", start + 10s);
    BOOST_TEST((gate.wait("messages", start, 0) == 10s));
    BOOST_TEST((gate.wait("messages", start + 9999ms, 0) == 1ms));
    BOOST_TEST((gate.wait("messages", start + 10s, 0.9) == 0ms));
}

BOOST_AUTO_TEST_CASE(other_families_go_on)
{
    webex::rate_gate gate;
    gate.close("messages", start + 10s);
    BOOST_TEST((gate.wait("people", start, 0) == 0ms));
}

BOOST_AUTO_TEST_CASE(a_shorter_wait_does_not_open_a_gate_early)
{
    webex::rate_gate gate;
    gate.close("messages", start + 10s);
    gate.close("messages", start + 2s);
    BOOST_TEST((gate.wait("messages", start, 0) == 10s));
    gate.close("messages", start + 20s);
    BOOST_TEST((gate.wait("messages", start, 0) == 20s));
}

BOOST_AUTO_TEST_CASE(those_who_waited_leave_one_by_one_and_never_early)
{
    webex::rate_gate gate;
    gate.close("messages", start + 5s);
    BOOST_TEST((gate.wait("messages", start, 0.5) == 5250ms));
    gate.close("messages", start + 100s);
    BOOST_TEST((gate.wait("messages", start, 0.5) == 100500ms));
}

BOOST_AUTO_TEST_CASE(part_of_a_millisecond_is_a_whole_one)
{
    webex::rate_gate gate;
    gate.close("messages", start + 1500us);
    BOOST_TEST((gate.wait("messages", start, 0) == 2ms));
}

BOOST_AUTO_TEST_SUITE_END()
