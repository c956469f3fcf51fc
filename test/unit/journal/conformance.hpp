#pragma once

// What every journal must do, whatever it is made of. A journal's own test adds these cases to its suite:
//
//   BOOST_AUTO_TEST_SUITE(memory_journal)
//   const bool conforms = test::add_journal_conformance([](test::journal_limits l) { ...; return opened; });
//
// Each case opens a fresh journal. No case measures time: it waits for what must happen, under the runner's
// limit, and asks with a deadline that has passed for what must not.

#include "conformance_cases.hpp"
#include "conformance_threads.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

namespace postern::test {

// Adds all cases to the current suite; call it while one is being built.
inline bool add_journal_conformance(open_journal open)
{
    const auto add = [](const char* name, std::function<void()> body) {
        namespace ut = boost::unit_test;
        ut::framework::current_auto_test_suite().add(ut::make_test_case(body, name, __FILE__, __LINE__));
    };
    using namespace conformance;
    const auto add_coroutine = [&](const char* name, awaitable<void> (*body)(asked_journal),
                                   journal_limits limits) {
        add(name, [open, body, limits] {
            const asked_journal j(open(limits));
            run([&](net::io_context&) { return body(j); });
        });
    };
#define POSTERN_CASE(body, ...) add_coroutine(#body, body, journal_limits{__VA_ARGS__})
    POSTERN_CASE(an_event_comes_out_as_it_went_in);
    POSTERN_CASE(an_event_known_already_is_not_stored_again);
    POSTERN_CASE(one_event_for_two_bots_is_two);
    POSTERN_CASE(a_full_journal_refuses_and_recovers, .unfinished = 2);
    POSTERN_CASE(only_the_latest_keys_are_remembered, .remembered = 2);
    POSTERN_CASE(an_empty_journal_has_nothing_to_do);
    POSTERN_CASE(a_lane_runs_one_at_a_time_in_order);
    POSTERN_CASE(lanes_run_side_by_side_oldest_first);
    POSTERN_CASE(a_waiting_claim_is_woken_by_an_append);
    POSTERN_CASE(a_waiting_claim_is_woken_when_its_lane_becomes_free);
    POSTERN_CASE(every_waiting_claim_gets_its_own_event);
    POSTERN_CASE(a_cancelled_claim_says_so_and_takes_nothing);
    POSTERN_CASE(a_retry_comes_again_with_the_next_attempt_before_its_lane);
    POSTERN_CASE(a_lane_that_waits_for_a_retry_is_blocked_and_no_other);
    POSTERN_CASE(a_retry_without_a_pause_may_run_at_once);
    POSTERN_CASE(what_became_of_an_event_can_be_asked);
    POSTERN_CASE(a_dead_event_frees_its_lane);
    POSTERN_CASE(the_history_is_bounded, .history = 2);
    POSTERN_CASE(only_what_is_in_flight_can_be_settled);
#undef POSTERN_CASE
    add("every_event_is_handled_once_and_in_order_by_many_threads",
        [open] { every_event_is_handled_once_and_in_order_by_many_threads(asked_journal(open({}))); });
    return true;
}

} // namespace postern::test
