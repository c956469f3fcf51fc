#include "postern/source/recovery/recovery_windows.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::source;
using std::chrono::minutes;

namespace {

const auto noon = parse_time("2026-02-11T12:00:00.000Z").value();

missed_time window(int from, int to, std::string why = "the channel was lost")
{
    return {noon + minutes(from), noon + minutes(to), std::move(why)};
}
missed_time since_ever(int to) { return {wall_time(), noon + minutes(to), "postern was not running"}; }

room_position newest(int at)
{
    room_position p;
    p.room = "R" + std::to_string(at);
    p.newest = noon + minutes(at);
    return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recovery_windows)

BOOST_AUTO_TEST_CASE(windows_that_wait_are_one)
{
    source::recovery_windows all;
    BOOST_TEST(!all.take().has_value());
    all.add(window(10, 20));
    all.add(window(5, 7, "frames are missing"));
    all.add(window(25, 30));
    BOOST_TEST(all.waiting());
    const auto w = all.take().value();
    BOOST_TEST((w.from == noon + minutes(5)));
    BOOST_TEST((w.to == noon + minutes(30)));
    BOOST_TEST(w.why == "the channel was lost, frames are missing");
    BOOST_TEST(!all.waiting());
    BOOST_TEST((all.beginning() == wall_time()));
}

BOOST_AUTO_TEST_CASE(the_reasons_of_many_windows_stay_readable)
{
    source::recovery_windows all;
    for (int i = 0; i < 1000; ++i)
        all.add(window(i, i + 1, "reason number " + std::to_string(i)));
    BOOST_TEST(all.take()->why.size() < 500u);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_fetched_is_fetched_with_what_came_since)
{
    source::recovery_windows all;
    all.add(window(0, 5));
    const auto failed = all.take().value();
    all.add(window(8, 9));
    all.give_back(failed);
    const auto w = all.take().value();
    BOOST_TEST((w.from == noon));
    BOOST_TEST((w.to == noon + minutes(9)));
    all.give_back(w);
    BOOST_TEST((all.take()->from == noon));
}

BOOST_AUTO_TEST_CASE(since_ever_begins_where_the_last_run_ended)
{
    source::recovery_windows all;
    all.learn(past_of(noon - minutes(30), {newest(-50)}));
    all.add(since_ever(0));
    BOOST_TEST((all.take()->from == noon - minutes(30)));
    BOOST_TEST((all.beginning() == wall_time()));

    all.fetched(window(-30, 0));
    all.add(since_ever(10));
    BOOST_TEST((all.take()->from == noon));
}

BOOST_AUTO_TEST_CASE(a_run_that_ended_before_it_could_say_so_began_with_its_oldest_message)
{
    source::recovery_windows all;
    all.learn(past_of({}, {newest(-5), newest(-20), room_position{"quiet", {}, true, "M"}}));
    all.add(since_ever(0));
    BOOST_TEST((all.take()->from == noon - minutes(20)));
    BOOST_TEST((all.beginning() == wall_time()));
}

BOOST_AUTO_TEST_CASE(nothing_is_older_than_a_first_start)
{
    source::recovery_windows all;
    all.learn(past_of({}, {}));
    all.add(since_ever(0));
    const auto w = all.take().value();
    BOOST_TEST((w.from == noon));
    BOOST_TEST((w.to == noon));
    BOOST_TEST((all.beginning() == noon));
}

BOOST_AUTO_TEST_CASE(an_outage_right_after_a_first_start_is_not_taken_for_it)
{
    source::recovery_windows all;
    all.learn(past_of({}, {}));
    all.add(since_ever(0));
    all.add(window(5, 6)); // before the first could be fetched
    const auto w = all.take().value();
    BOOST_TEST((w.from == noon));
    BOOST_TEST((w.to == noon + minutes(6)));
    BOOST_TEST((all.beginning() == noon));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_makes_no_window_that_ends_before_it_begins)
{
    source::recovery_windows all;
    all.learn(past_of(noon + minutes(60), {}));
    all.add(since_ever(0));
    const auto w = all.take().value();
    BOOST_TEST((w.from == noon));
    BOOST_TEST((w.to == noon));
    BOOST_TEST((all.beginning() == wall_time()));
}

BOOST_AUTO_TEST_SUITE_END()
