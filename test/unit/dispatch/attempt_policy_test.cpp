#include "postern/dispatch/attempt_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

using namespace postern;
using namespace std::chrono_literals;

namespace {

const wall_time noon(std::chrono::seconds(1'700'000'000));

dispatch::attempt_limits limits()
{
    dispatch::attempt_limits l;
    l.attempts = 3;
    l.give_up_after = 12h;
    l.retry = backoff{1'000ms, 60'000ms};
    l.longest_pause = 1h;
    return l;
}

// One event that came at noon, and its attempts.
struct history
{
    dispatch::attempt_policy policy{limits()};
    delivery d;
    dispatch::moment at{noon, false, 0.0};

    history()
    {
        d.record = 7;
        d.attempt = 1;
        d.what.received = noon;
    }
    outcome wants_again(std::chrono::milliseconds pause = 0ms)
    {
        return ended(outcome::retry("Webex is unavailable", pause));
    }
    outcome fails() { return ended(error(errc::timed_out, "handling the event")); }
    outcome ended(result<outcome> became)
    {
        const auto decided = policy.after(d, std::move(became), at);
        ++d.attempt;
        return decided;
    }
};

bool again(const outcome& o) { return o.what == outcome::kind::retry; }
bool dead(const outcome& o) { return o.what == outcome::kind::dead; }

} // namespace

BOOST_AUTO_TEST_SUITE(attempt_policy)

BOOST_AUTO_TEST_CASE(what_is_over_stays_what_it_is)
{
    for (const bool stopping : {false, true})
        for (const auto& end : {outcome::done("note"), outcome::ignored("why"), outcome::dead("never")})
        {
            history h;
            h.at.stopping = stopping;
            const auto decided = h.ended(end);
            BOOST_TEST((decided.what == end.what));
            BOOST_TEST(decided.reason == end.reason);
        }
}

BOOST_AUTO_TEST_CASE(pauses_double_with_every_attempt_of_either_kind)
{
    history h;
    auto decided = h.wants_again();
    BOOST_TEST((decided.pause == 500ms));
    BOOST_TEST(decided.reason == "Webex is unavailable");
    BOOST_TEST((h.wants_again().pause == 1'000ms));
    BOOST_TEST((h.fails().pause == 2'000ms));
    for (int i = 0; i < 30; ++i)
        decided = h.wants_again();
    BOOST_TEST((decided.pause == 30'000ms));
    h.at.random = 0.999;
    BOOST_TEST((h.wants_again().pause > 59'000ms));
}

BOOST_AUTO_TEST_CASE(a_pause_that_was_asked_for_is_kept_within_reason)
{
    history h;
    BOOST_TEST((h.wants_again(7'000ms).pause == 7'000ms));
    BOOST_TEST((h.wants_again(24h).pause == 1h));
}

BOOST_AUTO_TEST_CASE(a_handler_that_fails_gets_its_attempts_and_is_dead_with_the_reason)
{
    history h;
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(again(h.fails()));
    const auto parked = h.fails();
    BOOST_TEST(dead(parked));
    BOOST_TEST(parked.reason == "given up after 3 attempts: handling the event: no answer in time");
}

BOOST_AUTO_TEST_CASE(who_wants_to_be_asked_again_is_until_the_event_is_too_old)
{
    history h;
    for (int i = 0; i < 100; ++i)
        BOOST_TEST_REQUIRE(again(h.wants_again()));
    h.at.now = noon + 12h;
    BOOST_TEST(again(h.wants_again()));
    h.at.now = noon + 12h + 1ms;
    const auto parked = h.wants_again();
    BOOST_TEST(dead(parked));
    BOOST_TEST(parked.reason == "given up 12 hours after it came: Webex is unavailable");
}

BOOST_AUTO_TEST_CASE(what_the_guard_said_stays_with_the_outcome)
{
    auto refused = outcome::retry("the guard cannot decide", 0ms);
    refused.guard = judgement{verdict::undecided, "Webex is unavailable"};
    history h;
    BOOST_TEST(h.ended(refused).guard->reason == "Webex is unavailable");
    h.ended(refused);
    h.at.now = noon + 13h;
    const auto parked = h.ended(refused);
    BOOST_TEST(dead(parked));
    BOOST_TEST((parked.guard->what == verdict::undecided));
    BOOST_TEST(parked.guard->reason == "Webex is unavailable");
    BOOST_TEST((parked.pause == 0ms));
}

BOOST_AUTO_TEST_CASE(waiting_for_the_cloud_uses_up_no_attempt_of_the_handler)
{
    history h;
    for (int i = 0; i < 20; ++i)
        h.wants_again();
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(again(h.wants_again()));
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(dead(h.fails()));
}

BOOST_AUTO_TEST_CASE(a_handler_that_fails_on_an_old_event_gets_its_attempts_too)
{
    history h;
    h.at.now = noon + 48h;
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(dead(h.fails()));
}

BOOST_AUTO_TEST_CASE(an_event_that_is_old_when_its_turn_comes_gets_its_attempts)
{
    history h;
    h.at.now = noon + 48h;
    h.d.attempt = 30; // most of them long ago
    BOOST_TEST(again(h.wants_again()));
    BOOST_TEST(again(h.wants_again()));
    BOOST_TEST(dead(h.wants_again()));
}

BOOST_AUTO_TEST_CASE(while_postern_stops_no_trouble_is_the_end_of_an_event)
{
    history h;
    h.at.now = noon + 48h;
    h.fails();
    h.fails();
    h.at.stopping = true;
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(again(h.wants_again()));
    const auto given_back = h.ended(error(errc::stopped, "handling the event"));
    BOOST_TEST(again(given_back));
    BOOST_TEST((given_back.pause == 0ms));
}

BOOST_AUTO_TEST_CASE(a_handler_that_gives_up_its_own_wait_without_a_stop_has_failed)
{
    history h;
    const error cancelled(errc::stopped, "handling the event");
    BOOST_TEST((h.ended(cancelled).pause > 0ms)); // or it would be tried again without end and pause
    h.ended(cancelled);
    BOOST_TEST(dead(h.ended(cancelled)));
}

BOOST_AUTO_TEST_CASE(every_event_is_counted_for_itself_and_forgotten_when_it_is_over)
{
    history h;
    h.fails();
    h.fails();
    h.d.record = 8;
    BOOST_TEST(again(h.fails()));
    BOOST_TEST(h.policy.remembered() == 2u);
    h.ended(outcome::done());
    BOOST_TEST(h.policy.remembered() == 1u);
    h.d.record = 7;
    BOOST_TEST(dead(h.fails()));
    BOOST_TEST(h.policy.remembered() == 0u);
    BOOST_TEST(again(h.fails())); // somebody asked for it again
    h.policy.forget(7);
    BOOST_TEST(h.policy.remembered() == 0u);
}

BOOST_AUTO_TEST_CASE(at_least_one_attempt_is_made)
{
    auto none = limits();
    none.attempts = 0;
    dispatch::attempt_policy policy(none);
    const auto parked =
        policy.after(delivery(), error(errc::timed_out, "handling"), dispatch::moment{noon, false, 0.0});
    BOOST_TEST(dead(parked));
    BOOST_TEST(parked.reason == "given up after 1 attempt: handling: no answer in time");
}

BOOST_AUTO_TEST_CASE(the_age_of_what_was_given_up_is_told_in_words)
{
    const std::pair<std::chrono::seconds, std::string> ages[] = {{5s, "5 seconds"},
                                                                 {119s, "119 seconds"},
                                                                 {120s, "2 minutes"},
                                                                 {2h - 1s, "119 minutes"},
                                                                 {30h, "30 hours"}};
    for (const auto& [age, words] : ages)
    {
        auto at_once = limits();
        at_once.attempts = 1;
        at_once.give_up_after = 1s;
        dispatch::attempt_policy policy(at_once);
        delivery d;
        d.what.received = noon;
        const auto parked =
            policy.after(d, outcome::retry("why", 0ms), dispatch::moment{noon + age, false, 0.0});
        BOOST_TEST(parked.reason == "given up " + words + " after it came: why");
    }
}

BOOST_AUTO_TEST_SUITE_END()
