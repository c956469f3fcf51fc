#include "postern/journal/lane_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using postern::record_id;
using postern::journal::place;
using schedule = postern::journal::lane_schedule;

namespace {

const schedule::time_point start{};

record_id taken(schedule& s, schedule::time_point now = start)
{
    return s.next(now).value_or(0); // 0: nothing may run
}

void add(schedule& s, record_id record, const std::string& lane) { s.add({record, record}, lane); }

// As a journal adds an event of origin recovery.
void add_older(schedule& s, record_id record, const std::string& lane)
{
    s.add({s.rank_for_older(lane).value_or(record), record}, lane);
}

// Everything that may run, in order, one after another.
std::vector<record_id> worked_off(schedule& s)
{
    std::vector<record_id> order;
    while (const auto record = s.next(start))
    {
        order.push_back(*record);
        s.finish(*record);
    }
    return order;
}

using order = std::vector<record_id>;

} // namespace

BOOST_AUTO_TEST_SUITE(lane_schedule)

BOOST_AUTO_TEST_CASE(an_empty_schedule_has_nothing_to_do)
{
    schedule s;
    BOOST_TEST(taken(s) == 0u);
    BOOST_TEST(!s.next_due().has_value());
    BOOST_TEST(s.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_lane_runs_one_at_a_time_in_order)
{
    schedule s;
    add(s, 1, "a");
    add(s, 2, "a");
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
    add(s, 1, "a");
    add(s, 2, "a");
    add(s, 3, "b");
    add(s, 4, "c");
    BOOST_TEST(taken(s) == 1u);
    BOOST_TEST(taken(s) == 3u);
    s.finish(1);
    BOOST_TEST(taken(s) == 2u); // older than 4, though it became runnable later
    BOOST_TEST(taken(s) == 4u);
}

BOOST_AUTO_TEST_CASE(a_waiting_retry_blocks_its_lane_and_no_other)
{
    schedule s;
    add(s, 1, "a");
    add(s, 2, "a");
    add(s, 3, "b");
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
    add(s, 1, "a");
    add(s, 2, "b");
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
        add(s, i, "a");
        BOOST_TEST(s.size() == 1u);
        BOOST_TEST(taken(s) == i);
        BOOST_TEST(s.in_flight(i));
        s.finish(i);
        BOOST_TEST(!s.in_flight(i));
        BOOST_TEST(s.size() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_finished_is_counted)
{
    schedule s;
    add(s, 1, "a");
    add(s, 2, "a");
    add(s, 3, "b");
    BOOST_TEST(s.size() == 3u);
    s.next(start);
    BOOST_TEST(s.size() == 3u);
    s.postpone(1, start + 1s);
    BOOST_TEST(s.size() == 3u);
    s.next(start);
    s.finish(3);
    BOOST_TEST(s.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_older_place_goes_first_whenever_it_is_added)
{
    schedule s;
    add(s, 5, "a");
    s.add({3, 6}, "a");
    s.add({3, 7}, "a");
    BOOST_TEST((worked_off(s) == order{6, 7, 5}));
}

BOOST_AUTO_TEST_CASE(an_older_place_waits_for_what_is_in_flight)
{
    schedule s;
    add(s, 5, "a");
    BOOST_TEST(taken(s) == 5u);
    s.add({3, 6}, "a");
    BOOST_TEST(taken(s) == 0u);
    s.finish(5);
    BOOST_TEST((worked_off(s) == order{6}));
}

BOOST_AUTO_TEST_CASE(an_older_place_waits_for_a_retry_too_and_then_goes_before_it)
{
    schedule s;
    add(s, 5, "a");
    BOOST_TEST(taken(s) == 5u);
    s.add({3, 6}, "a");
    s.postpone(5, start + 10s);
    BOOST_TEST(taken(s, start + 9s) == 0u);
    BOOST_TEST(taken(s, start + 10s) == 6u);
    s.finish(6);
    BOOST_TEST(taken(s, start + 10s) == 5u);
}

// --- hold and release

BOOST_AUTO_TEST_CASE(what_comes_after_the_hold_waits_for_the_release_of_its_lane)
{
    schedule s;
    add(s, 1, "a");
    s.hold(1);
    add(s, 2, "a");
    add(s, 3, "b"); // had no record when the hold began
    BOOST_TEST((worked_off(s) == order{1}));
    BOOST_TEST(s.on_hold("a"));
    BOOST_TEST(s.on_hold("b"));
    BOOST_TEST(!s.next_due().has_value());

    s.release("b");
    BOOST_TEST(!s.on_hold("b"));
    BOOST_TEST((worked_off(s) == order{3}));
    s.release("a");
    BOOST_TEST((worked_off(s) == order{2}));
}

BOOST_AUTO_TEST_CASE(what_was_there_before_the_hold_goes_on)
{
    schedule s;
    add(s, 1, "a");
    add(s, 2, "a");
    BOOST_TEST(taken(s) == 1u);
    s.hold(2);
    s.postpone(1, start);
    BOOST_TEST((worked_off(s) == order{1, 2}));
}

BOOST_AUTO_TEST_CASE(older_events_run_during_the_hold_before_the_later_and_after_the_earlier)
{
    schedule s;
    add(s, 1, "a");
    s.hold(1);
    add(s, 2, "a");
    add_older(s, 3, "a");
    add(s, 4, "a");
    add_older(s, 5, "a");
    BOOST_TEST((worked_off(s) == order{1, 3, 5}));
    add_older(s, 6, "a");
    BOOST_TEST((worked_off(s) == order{6}));
    s.release("a");
    BOOST_TEST((worked_off(s) == order{2, 4}));
}

BOOST_AUTO_TEST_CASE(a_lane_that_was_never_used_has_a_rank_for_older_events_during_a_hold_only)
{
    schedule s;
    BOOST_TEST(!s.rank_for_older("a").has_value());
    s.hold(7);
    BOOST_TEST((s.rank_for_older("a") == 7u));
    s.release("a");
    BOOST_TEST(!s.rank_for_older("a").has_value());
    BOOST_TEST((s.rank_for_older("b") == 7u));
    s.release_all();
    BOOST_TEST(!s.rank_for_older("b").has_value());
}

BOOST_AUTO_TEST_CASE(a_lane_released_before_its_first_event_waits_for_nothing)
{
    schedule s;
    s.hold(0);
    s.release("a");
    add(s, 1, "a");
    add(s, 2, "b");
    BOOST_TEST((worked_off(s) == order{1}));
    add(s, 3, "a"); // forgotten lanes are still released
    BOOST_TEST((worked_off(s) == order{3}));
}

BOOST_AUTO_TEST_CASE(releasing_all_ends_the_hold)
{
    schedule s;
    s.hold(0);
    add(s, 1, "a");
    add(s, 2, "b");
    s.release_all();
    add(s, 3, "c");
    BOOST_TEST(!s.on_hold("a"));
    BOOST_TEST((worked_off(s) == order{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_release_without_a_hold_is_not_remembered_for_the_next_one)
{
    schedule s;
    s.release("a");
    s.hold(0);
    add(s, 1, "a");
    BOOST_TEST(taken(s) == 0u);
}

BOOST_AUTO_TEST_CASE(a_second_hold_puts_released_lanes_on_hold_again)
{
    schedule s;
    s.hold(0);
    s.release("a");
    add(s, 1, "a");
    s.hold(1);
    add(s, 2, "a");
    add_older(s, 3, "a");
    BOOST_TEST((worked_off(s) == order{1, 3}));
    s.release("a");
    BOOST_TEST((worked_off(s) == order{2}));
}

BOOST_AUTO_TEST_CASE(a_second_hold_lets_nothing_go_that_the_first_keeps_back)
{
    schedule s;
    s.hold(0);
    add(s, 1, "a"); // its older events are still being fetched
    s.hold(1);
    add(s, 2, "a");
    add_older(s, 3, "a");
    BOOST_TEST((worked_off(s) == order{3}));
    s.release("a");
    BOOST_TEST((worked_off(s) == order{1, 2}));
}

BOOST_AUTO_TEST_CASE(a_retry_that_became_due_during_a_hold_runs_again)
{
    schedule s;
    add(s, 1, "a");
    BOOST_TEST(taken(s) == 1u);
    s.postpone(1, start + 10s);
    s.hold(1);
    add(s, 2, "a");
    BOOST_TEST(taken(s, start + 10s) == 1u);
    s.finish(1);
    BOOST_TEST(taken(s, start + 10s) == 0u);
}

// Against the plainest possible model: in every lane records come out in the order of their places, none
// twice, none lost, whatever happens in between.
BOOST_AUTO_TEST_CASE(whatever_happens_nothing_is_lost_doubled_or_out_of_order)
{
    std::mt19937 dice(7); // always the same game
    const auto roll = [&](unsigned sides) { return static_cast<unsigned>(dice() % sides); };
    schedule s;
    auto now = start;
    record_id last = 0;
    std::map<record_id, std::string> lanes;                 // of every record that is not finished
    std::map<std::string, std::map<place, bool>> remaining; // of every lane; true: in flight
    std::map<record_id, place> flying;
    std::size_t finished = 0;

    const auto name = [&] { return std::string(1, static_cast<char>('a' + roll(6))); };
    const auto take = [&] {
        const auto record = s.next(now);
        if (!record)
            return;
        const auto lane = lanes.at(*record);
        auto& queue = remaining.at(lane);
        for (const auto& [where, in_flight] : queue)
            BOOST_TEST_REQUIRE(!in_flight, "two of a lane run at once");
        BOOST_TEST_REQUIRE(queue.begin()->first.record == *record);
        flying[*record] = queue.begin()->first;
        queue.begin()->second = true;
    };
    for (int step = 0; step < 20'000; ++step)
        switch (roll(10))
        {
        case 0:
        case 1:
        case 2:
        {
            const auto lane = name();
            const auto rank = roll(4) == 0 ? s.rank_for_older(lane) : std::nullopt;
            const place where{rank.value_or(last + 1), last + 1};
            ++last;
            s.add(where, lane);
            lanes[last] = lane;
            remaining[lane][where] = false;
            break;
        }
        case 3:
        case 4:
        case 5: take(); break;
        case 6:
        case 7:
            if (!flying.empty())
            {
                const auto [record, where] = *flying.begin();
                flying.erase(flying.begin());
                auto& lane = remaining.at(lanes.at(record));
                if (roll(3) == 0)
                {
                    s.postpone(record, now + std::chrono::seconds(roll(5)));
                    lane.at(where) = false;
                    break;
                }
                s.finish(record);
                lane.erase(where);
                lanes.erase(record);
                ++finished;
            }
            break;
        case 8: now += 1s; break;
        default:
            switch (roll(20))
            {
            case 0: s.hold(last); break;
            case 1: s.release_all(); break;
            default: s.release(name());
            }
        }
    BOOST_TEST(finished > 1'000u);
    BOOST_TEST(s.size() == lanes.size());

    s.release_all();
    now += 1h;
    for (const auto& [record, where] : flying)
    {
        s.finish(record);
        remaining.at(lanes.at(record)).erase(where);
        lanes.erase(record);
    }
    flying.clear();
    while (!lanes.empty())
    {
        take();
        BOOST_TEST_REQUIRE(!flying.empty(), lanes.size() << " records are lost");
        const auto [record, where] = *flying.begin();
        flying.clear();
        s.finish(record);
        remaining.at(lanes.at(record)).erase(where);
        lanes.erase(record);
    }
    BOOST_TEST(s.size() == 0u);
}

// After a crash in the middle of a recovery the journal holds live events of both sides of what is missing.
BOOST_AUTO_TEST_CASE(an_older_event_goes_after_what_is_known_to_have_been_said_before_it)
{
    using namespace std::chrono_literals;
    const postern::wall_time noon(1'700'000'000s);
    schedule s;
    s.hold(0);
    s.add({1, 1}, "a", noon + 1s);
    s.add({2, 2}, "a"); // no message: nobody knows when
    s.add({3, 3}, "a", noon + 5s);
    s.add({s.rank_for_older("a", noon + 3s).value(), 4}, "a", noon + 3s);
    s.add({s.rank_for_older("a", noon + 4s).value(), 5}, "a", noon + 4s);
    s.add({s.rank_for_older("a", noon).value(), 6}, "a", noon);
    s.release_all();
    for (const postern::record_id expected : {6, 1, 4, 5, 2, 3})
    {
        const auto next = s.next(schedule::time_point{});
        BOOST_TEST_REQUIRE(next.has_value());
        BOOST_TEST(*next == expected);
        s.finish(*next);
    }
}

BOOST_AUTO_TEST_SUITE_END()
