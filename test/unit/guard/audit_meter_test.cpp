#include "postern/guard/audit_meter.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using guard::audit_state;

namespace {

const guard::audit_meter::time_point begin{1h};

} // namespace

BOOST_AUTO_TEST_SUITE(audit_meter)

BOOST_AUTO_TEST_CASE(a_terminal_gets_a_bar_with_a_guess_of_the_time_left)
{
    guard::audit_meter m;
    BOOST_TEST(m.bar({0, 2000, 0, 0}, begin).value_or("") ==
               "[>                       ] 0 of 2000 rooms, 0 bad");
    BOOST_TEST(m.bar({1000, 2000, 2, 0}, begin + 100s).value_or("") ==
               "[============>           ] 1000 of 2000 rooms, 2 bad, about 2 min left");
    BOOST_TEST(m.bar({1500, 2000, 2, 0}, begin + 150s).value_or("") ==
               "[==================>     ] 1500 of 2000 rooms, 2 bad, about 51 s left");
    BOOST_TEST(m.bar({2000, 2000, 2, 0}, begin + 200s).value_or("") ==
               "[========================] 2000 of 2000 rooms, 2 bad");
}

BOOST_AUTO_TEST_CASE(what_was_known_before_does_not_make_the_guess_better_than_it_is)
{
    guard::audit_meter m;
    m.bar({1000, 2000, 0, 1000}, begin);
    BOOST_TEST(m.bar({1100, 2000, 0, 1000}, begin + 900s).value_or("") ==
               "[=============>          ] 1100 of 2000 rooms, 0 bad, about 2 h 15 min left");
}

BOOST_AUTO_TEST_CASE(no_rooms_are_all_rooms)
{
    guard::audit_meter m;
    BOOST_TEST(m.bar({0, 0, 0, 0}, begin).value_or("") == "[========================] 0 of 0 rooms, 0 bad");
}

BOOST_AUTO_TEST_CASE(the_bar_is_not_drawn_more_often_than_an_eye_sees_but_at_the_end)
{
    guard::audit_meter m;
    BOOST_TEST(m.bar({0, 3, 0, 0}, begin).has_value());
    BOOST_TEST(!m.bar({1, 3, 0, 0}, begin + 99ms).has_value());
    BOOST_TEST(m.bar({1, 3, 0, 0}, begin + 100ms).has_value());
    BOOST_TEST(m.bar({3, 3, 0, 0}, begin + 101ms).has_value());
}

BOOST_AUTO_TEST_CASE(a_log_gets_a_line_every_ten_seconds_and_every_minute_when_it_is_slow)
{
    guard::audit_meter quick;
    BOOST_TEST(quick.line({0, 2000, 0, 0}, begin).value_or("") == "0 of 2000 rooms, 0 bad");
    BOOST_TEST(!quick.line({95, 2000, 0, 0}, begin + 9500ms).has_value());
    BOOST_TEST(quick.line({100, 2000, 1, 0}, begin + 10s).value_or("") ==
               "100 of 2000 rooms, 1 bad, about 3 min left");
    BOOST_TEST(!quick.line({199, 2000, 1, 0}, begin + 20s).has_value());
    BOOST_TEST(quick.line({200, 2000, 1, 0}, begin + 20s).has_value());

    guard::audit_meter slow;
    BOOST_TEST(slow.line({0, 2000, 0, 0}, begin).has_value());
    BOOST_TEST(!slow.line({10, 2000, 0, 0}, begin + 59s).has_value());
    BOOST_TEST(slow.line({10, 2000, 0, 0}, begin + 60s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
