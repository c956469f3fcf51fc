#include "unit/source/recovery_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

source::recovery_options side_by_side(std::size_t n)
{
    auto o = quick();
    o.side_by_side = n;
    return o;
}

error unavailable() { return error(errc::api_unavailable, "listing messages"); }
error refused(unsigned status)
{
    error e(status == 404 ? errc::not_found : errc::api_rejected, "listing messages");
    e.status = status;
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recovery)

BOOST_AUTO_TEST_CASE(what_was_said_is_handed_over_oldest_first_and_its_room_released_right_after_it)
{
    recovery_scene s;
    s.add_room("R1");
    s.add_room("R2", "direct");
    s.history.positions = {s.position("quiet", false)};
    s.say("R1", "one");
    s.say("R1", "two");
    s.say("R2", "three");
    s.start();
    s.one->expect();
    s.recover();
    const transcript wanted{"hold",
                            "hold",
                            "ask memberships",
                            "ask rooms",
                            "release quiet",
                            "remember R1 in",
                            "remember R2 out", // a direct room: nobody is told when it ends
                            "ask messages R1 of mine",
                            "new messages:created one",
                            "new messages:created two",
                            "release R1",
                            "ask messages R2",
                            "new messages:created three",
                            "release R2",
                            "heard",
                            "release all"};
    BOOST_TEST(s.said == wanted, boost::test_tools::per_element());
    BOOST_TEST((s.history.heard_time == s.now));
    BOOST_TEST((s.cloud->rooms_since.at(0) == s.now - 11min));
    BOOST_TEST(s.log.says("fetching what was said while nobody listened"));
    BOOST_TEST(s.log.says("recovered 3 messages of 2 rooms that were said between " +
                          format_time(s.now - 10min) + " and " + format_time(s.now) +
                          "; deleted messages, edits, card submissions and room changes of that time can't "
                          "be asked for"));
}

BOOST_AUTO_TEST_CASE(its_state_tells_what_it_does_and_did)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "one");
    s.say("R1", "two", relay_bot().id);
    s.start();
    s.recover();
    const auto last = s.one->state();
    BOOST_TEST(!last.running);
    BOOST_TEST(last.window.why == "the channel was lost");
    BOOST_TEST(last.rooms == 1u);
    BOOST_TEST(last.rooms_left == 0u);
    BOOST_TEST(last.listed == 2u);
    BOOST_TEST(last.found == 1u);
    BOOST_TEST(last.calls == 3u);
    BOOST_TEST(last.last_error.empty());
    BOOST_TEST(last.recoveries == 1u);
    BOOST_TEST_REQUIRE(s.seen.size() > 1u);
    BOOST_TEST(s.seen.front().running);
    BOOST_TEST(!s.seen.back().running);
    BOOST_TEST(s.seen.back().found == 1u);
}

BOOST_AUTO_TEST_CASE(own_messages_are_no_events)
{
    recovery_scene s;
    s.add_room("R1", "direct");
    s.say("R1", "mine", relay_bot().id);
    s.start();
    s.recover();
    BOOST_TEST(!s.happened("new messages:created mine"));
    BOOST_TEST(s.log.says("nothing was said between"));
}

BOOST_AUTO_TEST_CASE(what_is_known_already_is_not_counted_as_found)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "one");
    s.start();
    s.recover();
    s.recover();
    BOOST_TEST(s.times("known messages:created one") == 1u);
    BOOST_TEST(s.one->state().found == 0u);
    BOOST_TEST(s.one->state().recoveries == 2u);
}

BOOST_AUTO_TEST_CASE(a_first_start_leaves_yesterday_alone)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "yesterday");
    s.start();
    s.one->expect();
    s.one->missed({{}, s.now, "postern was not running"});
    s.until_recovered();
    const transcript wanted{"hold",           "hold",  "ask memberships", "release R1",
                            "remember R1 in", "heard", "release all"};
    BOOST_TEST(s.said == wanted, boost::test_tools::per_element());
    BOOST_TEST((s.history.heard_time == s.now));
    BOOST_TEST(s.log.says("a first start: what was said before is left alone"));
}

BOOST_AUTO_TEST_CASE(a_first_start_is_one_even_if_live_events_come_before_recovery)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "yesterday");
    s.start();
    auto live = s.position("R1", true);
    live.newest = s.now;
    s.history.positions = {live};
    s.one->missed({{}, s.now, "postern was not running"});
    s.until_recovered();
    BOOST_TEST(!s.happened("ask rooms"));
}

BOOST_AUTO_TEST_CASE(a_stop_is_recovered_from_where_the_last_run_ended)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "one");
    s.history.heard_time = s.now - 20min;
    s.start();
    s.one->missed({{}, s.now, "postern was not running"});
    s.until_recovered();
    BOOST_TEST((s.cloud->rooms_since.at(0) == s.now - 21min));
    BOOST_TEST((s.cloud->since_of.at("R1") == s.now - 21min));
    BOOST_TEST(s.happened("new messages:created one"));
}

BOOST_AUTO_TEST_CASE(a_journal_that_does_not_answer_is_asked_again)
{
    recovery_scene s;
    s.history.failures = {errc::timed_out, errc::journal_full};
    s.start();
    s.miss();
    s.until_recovered();
    BOOST_TEST(s.log.says("asking the journal again until it tells what was heard"));
    BOOST_TEST(s.one->state().recoveries == 1u);
}

BOOST_AUTO_TEST_CASE(being_added_is_told_before_what_was_said_there)
{
    recovery_scene s;
    s.add_room("R1");
    s.cloud->own = {s.membership("R1", 5min), s.membership("R2", 4min)};
    s.say("R1", "one");
    s.start();
    s.recover();
    BOOST_TEST(s.in_order({"new memberships:created M-R1", "ask messages R1 of mine",
                           "new messages:created one", "release R1"}),
               s.all());
    BOOST_TEST(s.in_order({"new memberships:created M-R2", "release R2"}), s.all());
    BOOST_TEST(!s.happened("ask messages R2 of mine"));
    BOOST_TEST(s.log.says("was added to 2 rooms"));
}

BOOST_AUTO_TEST_CASE(being_removed_is_told_once_after_asking_again)
{
    recovery_scene s;
    s.history.positions = {s.position("gone", true), s.position("lagging", true)};
    s.cloud->failures["membership M-gone"] = {refused(404)};
    s.start();
    s.recover();
    BOOST_TEST(s.in_order({"ask membership M-gone", "new memberships:deleted M-gone", "remember gone out"}),
               s.all());
    BOOST_TEST(s.happened("ask membership M-lagging"));
    BOOST_TEST(!s.happened("new memberships:deleted M-lagging"));
    BOOST_TEST(s.log.says("was removed from 1 room;"));

    s.recover();
    BOOST_TEST(s.times("ask membership M-gone") == 1u);
}

BOOST_AUTO_TEST_CASE(a_removal_that_nobody_can_confirm_is_not_told)
{
    recovery_scene s;
    s.history.positions = {s.position("gone", true)};
    s.cloud->failures["membership M-gone"] = {unavailable(), refused(400)};
    s.start();
    s.recover();
    BOOST_TEST(s.times("ask membership M-gone") == 2u);
    BOOST_TEST(!s.happened("new memberships:deleted M-gone"));
    BOOST_TEST(s.log.says("nobody knows whether we are still in that room"));
}

BOOST_AUTO_TEST_CASE(rooms_are_asked_side_by_side_but_not_all_at_once)
{
    recovery_scene s(side_by_side(3));
    for (int i = 0; i < 8; ++i)
    {
        const auto id = "R" + std::to_string(i);
        s.add_room(id);
        s.say(id, "message-" + std::to_string(i));
    }
    s.cloud->stuck = {"messages R0 of mine"};
    s.start();
    s.miss();
    s.stage.run_until([&] { return s.times("release R7") == 1; }); // a slow room delays no other
    BOOST_TEST(!s.happened("release R0"));
    BOOST_TEST(s.cloud->most_at_once <= 3u);
    BOOST_TEST(s.cloud->most_at_once > 1u);
    BOOST_TEST(s.one->state().rooms_left == 1u);
    s.cloud->stuck.clear();
    s.until_recovered();
    BOOST_TEST(s.one->state().found == 8u);
}

BOOST_AUTO_TEST_CASE(a_room_that_refuses_is_left_out_with_a_line)
{
    recovery_scene s;
    s.add_room("R1");
    s.add_room("R2");
    s.say("R2", "two");
    s.cloud->failures["messages R1 of mine"] = {refused(404)};
    s.start();
    s.recover();
    BOOST_TEST(s.happened("release R1"));
    BOOST_TEST(s.happened("new messages:created two"));
    BOOST_TEST(s.log.says("the room is left out"));
    BOOST_TEST(s.log.says("room=R1"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_tried_again_with_what_is_left)
{
    recovery_scene s;
    for (const char* id : {"R1", "R2", "R3"})
    {
        s.add_room(id);
        s.say(id, std::string("said-in-") + id);
    }
    s.cloud->failures["messages R2 of mine"] = {unavailable(), unavailable()};
    s.start();
    s.recover();
    // The room that fails comes last, and its lane is not released before.
    BOOST_TEST(s.in_order({"release R1", "ask messages R2 of mine", "new messages:created said-in-R3",
                           "release R3", "ask messages R2 of mine", "ask messages R2 of mine",
                           "new messages:created said-in-R2", "release R2", "heard", "release all"}),
               s.all());
    BOOST_TEST(s.times("heard") == 1u);
    BOOST_TEST(s.times("new messages:created said-in-R1") == 1u);
    BOOST_TEST((s.cloud->since_of.at("R1") == s.now - 1min)); // the second time only from then on
    BOOST_TEST(s.log.says("what was missed is not complete yet, trying again"));
    BOOST_TEST(s.log.says("recovered 3 messages of 3 rooms"));
    BOOST_TEST(s.one->state().recoveries == 1u);
    BOOST_TEST(s.one->state().last_error.empty());
    BOOST_TEST(std::any_of(s.seen.begin(), s.seen.end(), [](const source::recovery_state& now) {
        return now.running && now.last_error.find("listing messages") != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(each_list_that_fails_is_asked_for_again)
{
    for (const char* call : {"memberships", "rooms", "membership M-gone"})
        BOOST_TEST_CONTEXT(call)
        {
            recovery_scene s;
            s.history.positions = {s.position("gone", true)};
            s.cloud->failures[call] = {error(errc::timed_out), error(errc::token_rejected)};
            s.start();
            s.recover();
            BOOST_TEST(s.times(std::string("ask ") + call) == 3u);
            BOOST_TEST(s.one->state().recoveries == 1u);
        }
}

BOOST_AUTO_TEST_CASE(windows_that_come_meanwhile_are_joined_and_keep_their_lanes_on_hold)
{
    recovery_scene s;
    s.add_room("R1");
    s.cloud->stuck = {"messages R1 of mine"};
    s.start();
    s.miss(30min);
    s.stage.run_until([&] { return s.happened("ask messages R1 of mine"); });
    s.one->expect();
    s.one->missed({s.now - 4min, s.now + 1s, "lost again"});
    s.one->missed({s.now - 2min, s.now + 2s, "and again"});
    s.cloud->stuck.clear();
    s.until_recovered(2);
    BOOST_TEST(s.one->state().recoveries == 2u);
    BOOST_TEST(s.one->state().window.why == "lost again, and again");
    BOOST_TEST((s.cloud->rooms_since.at(1) == s.now - 5min));
    BOOST_TEST((s.history.heard_time == s.now + 2s));
    // Only the second, which fetched the rest, let R1 go.
    BOOST_TEST(s.times("release R1") == 1u);
    BOOST_TEST(s.times("release all") == 1u);
    BOOST_TEST(s.in_order({"heard", "ask messages R1 of mine", "release R1", "heard", "release all"}),
               s.all());
}

BOOST_AUTO_TEST_CASE(a_new_window_is_reason_enough_to_try_again_at_once)
{
    auto patient = quick();
    patient.again = {1h, 1h};
    recovery_scene s(patient);
    s.cloud->failures["memberships"] = {unavailable()};
    s.start();
    s.miss(30min);
    s.stage.run_until([&] { return !s.one->state().last_error.empty(); });
    BOOST_TEST(s.one->state().running); // nobody may take it for heard
    s.one->missed({s.now - 1min, s.now + 1min, "lost again"});
    s.until_recovered();
    BOOST_TEST((s.cloud->rooms_since.at(0) == s.now - 31min));
    BOOST_TEST((s.history.heard_time == s.now + 1min));
}

BOOST_AUTO_TEST_CASE(nothing_missed_releases_what_was_put_on_hold)
{
    recovery_scene s;
    s.start();
    s.one->expect();
    s.one->nothing_missed();
    s.one->nothing_missed();
    const transcript wanted{"hold", "release all"};
    BOOST_TEST(s.said == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(live_events_go_on_when_they_have_waited_long_enough)
{
    auto hasty = quick();
    hasty.hold_at_most = 5ms;
    recovery_scene s(hasty);
    s.add_room("R1");
    s.say("R1", "one");
    s.cloud->stuck = {"messages R1 of mine"};
    s.start();
    s.miss();
    s.stage.run_until([&] { return s.happened("release all"); });
    BOOST_TEST(s.one->state().running);
    BOOST_TEST(s.log.says("live events go on, and what is found comes after them"));
    s.cloud->stuck.clear();
    s.until_recovered();
    BOOST_TEST(s.happened("new messages:created one"));
    BOOST_TEST(s.times("release all") == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_journal_is_waited_for_and_the_same_event_tried_again)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "one");
    s.say("R1", "two");
    s.intake->failures = {errc::journal_full, errc::timed_out, errc::handler_failed};
    s.start();
    s.recover();
    BOOST_TEST(
        s.in_order({"refuse", "refuse", "refuse", "new messages:created one", "new messages:created two"}),
        s.all());
    BOOST_TEST(s.log.says("an event can't be stored; it is tried until it can"));
    BOOST_TEST(s.log.says("events are taken again"));
}

BOOST_AUTO_TEST_CASE(an_event_that_is_refused_for_good_is_left_out_with_a_line)
{
    recovery_scene s;
    s.add_room("R1");
    s.say("R1", "one");
    s.say("R1", "two");
    s.intake->failures = {errc::not_an_event};
    s.start();
    s.recover();
    BOOST_TEST(!s.happened("new messages:created one"));
    BOOST_TEST(s.happened("new messages:created two"));
    BOOST_TEST(s.log.says("an event is left out"));
}

BOOST_AUTO_TEST_CASE(limits_are_told)
{
    auto few = quick();
    few.calls = 2;
    recovery_scene s(few);
    for (const char* id : {"R1", "R2", "R3", "R4"})
        s.add_room(id);
    s.cloud->whole = false;
    s.start();
    s.recover();
    BOOST_TEST(s.happened("ask messages R2 of mine"));
    BOOST_TEST(!s.happened("ask messages R3 of mine"));
    BOOST_TEST(s.happened("release all"));
    BOOST_TEST(s.log.says("more rooms were active than recovery may look into"));
    BOOST_TEST(s.log.says("more was said in a room than recovery may fetch"));
    BOOST_TEST(s.log.says("recovery has made as many calls as it may"));
    BOOST_TEST(s.log.says("rooms_left=2"));
}

BOOST_AUTO_TEST_CASE(what_is_out_of_reach_is_told)
{
    auto short_reach = quick();
    short_reach.reach = 5min;
    recovery_scene s(short_reach);
    s.start();
    s.recover();
    BOOST_TEST(s.log.says("what was said longer ago than recovery may look back is left alone"));
    BOOST_TEST((s.cloud->rooms_since.at(0) >= s.now - 5min));
}

BOOST_AUTO_TEST_CASE(a_room_that_moved_while_the_list_was_read_is_not_lost)
{
    recovery_scene s;
    s.add_room("R1");
    s.add_room("R2");
    s.cloud->moved = {s.cloud->active[1], s.cloud->active[0]};
    s.cloud->active.pop_back(); // it was on the second page, and is on the first now
    s.cloud->pages = 2;
    s.say("R2", "two");
    s.start();
    s.recover();
    BOOST_TEST(s.happened("new messages:created two"));
    BOOST_TEST(s.times("ask rooms") == 2u);
    BOOST_TEST(s.times("ask messages R1 of mine") == 1u);
}

BOOST_AUTO_TEST_CASE(switched_off_it_holds_nothing_and_says_what_is_not_fetched)
{
    auto off = quick();
    off.reach = 0ms;
    recovery_scene s(off);
    s.start();
    s.one->expect();
    s.miss();
    s.one->nothing_missed();
    s.stage.settle();
    BOOST_TEST(s.said.empty());
    BOOST_TEST(!s.one->state().running);
    BOOST_TEST(s.log.says("recovery is off"));
}

BOOST_AUTO_TEST_CASE(it_can_be_stopped_wherever_it_waits)
{
    for (const char* call : {"memberships", "rooms", "membership M-gone", "messages R1 of mine"})
        BOOST_TEST_CONTEXT(call)
        {
            recovery_scene s(side_by_side(4));
            s.add_room("R1");
            s.add_room("R2");
            s.history.positions = {s.position("gone", true)};
            s.cloud->stuck = {call};
            s.start();
            s.miss();
            s.stage.run_until([&] { return s.happened(std::string("ask ") + call); });
            s.stage.stop();
            BOOST_TEST(!s.happened("heard")); // so the next start fetches it
        }

    auto patient = quick();
    patient.again = {1h, 1h};
    recovery_scene pausing(patient);
    pausing.cloud->failures["rooms"] = {unavailable()};
    pausing.start();
    pausing.miss();
    pausing.stage.run_until([&] { return !pausing.one->state().last_error.empty(); });
    pausing.stage.stop();

    recovery_scene full(patient);
    full.add_room("R1");
    full.say("R1", "one");
    full.intake->failures = {errc::journal_full};
    full.start();
    full.miss();
    full.stage.run_until([&] { return full.happened("refuse"); });
    full.stage.stop();
    BOOST_TEST(!full.happened("heard"));
}

BOOST_AUTO_TEST_SUITE_END()
