#include "postern/journal/lane_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace std::chrono_literals;
using postern::record_id;
using schedule = postern::journal::lane_schedule;

namespace {

const schedule::time_point start{};

record_id taken(schedule& s, schedule::time_point now = start)
{
    return s.next(now).value_or(0); // 0: nothing may run
}

} // namespace

BOOST_AUTO_TEST_SUITE(lane_schedule)

BOOST_AUTO_TEST_CASE(an_empty_schedule_has_nothing_to_do)
{
    schedule s;
    BOOST_TEST(taken(s) == 0u);
    BOOST_TEST(!s.next_due().has_value());
}

BOOST_AUTO_TEST_CASE(a_lane_runs_one_at_a_time_in_order)
{
    schedule s;
    s.add(1, "a");
    s.add(2, "a");
    BOOST_TEST(taken(s) == 1u);
    BOOST_TEST(taken(s) == 0u);
    s.finish(1);
    BOOST_TEST(taken(s) == 2u);
    s.finish(2);
    BOOST_TEST(taken(s) == 0u);
}

BOOST_AUTO_TEST_CASE(lanes_run_side_by_side_oldest_first)
{
    schedule s;
    s.add(1, "a");
    s.add(2, "a");
    s.add(3, "b");
    s.add(4, "c");
    BOOST_TEST(taken(s) == 1u);
    BOOST_TEST(taken(s) == 3u);
    s.finish(1);
    BOOST_TEST(taken(s) == 2u); // older than 4, though it became runnable later
    BOOST_TEST(taken(s) == 4u);
}

BOOST_AUTO_TEST_CASE(a_waiting_retry_blocks_its_lane_and_no_other)
{
    schedule s;
    s.add(1, "a");
    s.add(2, "a");
    s.add(3, "b");
    BOOST_TEST(taken(s) == 1u);
    s.postpone(1, start + 10s);
    BOOST_TEST(!s.in_flight(1));
    BOOST_TEST(taken(s, start + 9s) == 3u);
    BOOST_TEST(taken(s, start + 9s) == 0u);
    BOOST_TEST((s.next_due() == start + 10s));
    BOOST_TEST(taken(s, start + 10s) == 1u);
    BOOST_TEST(!s.next_due().has_value());
    s.finish(1);
    BOOST_TEST(taken(s, start + 10s) == 2u);
}

BOOST_AUTO_TEST_CASE(the_next_retry_due_is_the_earliest)
{
    schedule s;
    s.add(1, "a");
    s.add(2, "b");
    s.next(start);
    s.next(start);
    s.postpone(1, start + 20s);
    s.postpone(2, start + 10s);
    BOOST_TEST((s.next_due() == start + 10s));
    BOOST_TEST(taken(s, start + 15s) == 2u);
    BOOST_TEST((s.next_due() == start + 20s));
}

BOOST_AUTO_TEST_CASE(an_emptied_lane_can_be_used_again)
{
    schedule s;
    for (record_id i = 1; i < 100; ++i)
    {
        s.add(i, "a");
        BOOST_TEST(taken(s) == i);
        BOOST_TEST(s.in_flight(i));
        s.finish(i);
        BOOST_TEST(!s.in_flight(i));
    }
}

BOOST_AUTO_TEST_SUITE_END()
