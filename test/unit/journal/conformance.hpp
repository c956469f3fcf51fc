#pragma once

// What every journal must do, whatever it is made of. A journal's own test adds these cases to its suite:
//
//   BOOST_AUTO_TEST_SUITE(memory_journal)
//   const bool conforms = test::add_journal_conformance(
//       [](net::any_io_executor where, test::journal_limits l) { ...; return opened; });
//
// Each case opens a fresh journal, and closes it. No case measures time: it waits for what must happen, under
// the runner's limit, and asks with a deadline that has passed for what must not.

#include "conformance_cases.hpp"
#include "conformance_history.hpp"
#include "conformance_threads.hpp"
#include "conformance_values.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <boost/asio/this_coro.hpp>

#include <functional>

namespace postern::test {
namespace conformance {

using coroutine_case = awaitable<void> (*)(asked_journal);

inline awaitable<void> opened_and_closed(open_journal open, journal_limits limits, coroutine_case body)
{
    const auto where = co_await net::this_coro::executor;
    const asked_journal j(open(where, limits));
    co_await body(j);
    co_await j.close();
}

} // namespace conformance

// Adds all cases to the current suite; call it while one is being built.
inline bool add_journal_conformance(open_journal open)
{
    const auto add = [](const char* name, std::function<void()> body) {
        namespace ut = boost::unit_test;
        ut::framework::current_auto_test_suite().add(ut::make_test_case(body, name, __FILE__, __LINE__));
    };
    using namespace conformance;
    const auto add_coroutine = [&](const char* name, coroutine_case body, journal_limits limits = {}) {
        add(name, [open, body, limits] {
            run([&](net::io_context&) { return opened_and_closed(open, limits, body); });
        });
    };
    journal_limits two_consumers;
    two_consumers.consumers = {"bot", "relay"};
    auto two_with_room_for_three = two_consumers;
    two_with_room_for_three.unfinished = 3;
    journal_limits room_for_two;
    room_for_two.unfinished = 2;
    journal_limits little_to_remember;
    little_to_remember.values = {10, 10, 20, 3, 100};

#define POSTERN_CASE(body, ...) add_coroutine(#body, body __VA_OPT__(, ) __VA_ARGS__)
    POSTERN_CASE(an_event_comes_out_as_it_went_in);
    POSTERN_CASE(an_event_known_already_is_not_stored_again);
    POSTERN_CASE(one_event_for_two_bots_is_two);
    POSTERN_CASE(a_full_journal_refuses_and_recovers, room_for_two);
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
    POSTERN_CASE(a_dead_event_frees_its_lane);
    POSTERN_CASE(only_what_is_in_flight_can_be_settled);
    POSTERN_CASE(what_is_not_over_is_counted);

    POSTERN_CASE(every_consumer_gets_every_event, two_consumers);
    POSTERN_CASE(every_consumer_has_its_own_progress, two_consumers);
    POSTERN_CASE(attempts_are_counted_for_each_consumer, two_consumers);
    POSTERN_CASE(what_is_in_flight_for_one_consumer_is_not_for_another, two_consumers);
    POSTERN_CASE(a_waiting_claim_of_every_consumer_is_woken, two_consumers);
    POSTERN_CASE(every_delivery_counts_for_the_limit, two_with_room_for_three);

    POSTERN_CASE(effects_come_with_the_next_attempt_in_their_order);
    POSTERN_CASE(an_effect_noted_again_is_the_same_effect);
    POSTERN_CASE(effects_belong_to_one_delivery, two_consumers);
    POSTERN_CASE(only_a_delivery_in_flight_takes_a_note);

    POSTERN_CASE(a_closed_journal_answers_that_it_stopped);
    POSTERN_CASE(close_wakes_who_waits);

    POSTERN_CASE(what_comes_during_a_hold_waits_for_the_release_of_its_lane);
    POSTERN_CASE(a_release_wakes_who_waits);
    POSTERN_CASE(what_was_there_before_a_hold_goes_on);
    POSTERN_CASE(recovered_events_come_before_those_that_came_during_the_hold);
    POSTERN_CASE(a_recovered_event_that_came_live_too_is_one);
    POSTERN_CASE(a_recovered_event_without_a_hold_takes_its_turn);
    POSTERN_CASE(a_lane_may_be_released_before_its_first_event);
    POSTERN_CASE(a_second_hold_holds_released_lanes_again);
    POSTERN_CASE(a_second_hold_lets_nothing_go_that_the_first_keeps_back);
    POSTERN_CASE(a_hold_is_for_every_consumer, two_consumers);

    POSTERN_CASE(the_newest_message_of_every_room_is_known);
    POSTERN_CASE(nothing_is_known_of_a_bot_that_heard_nothing);
    POSTERN_CASE(the_bots_own_memberships_are_known);
    POSTERN_CASE(memberships_of_others_do_not_count);
    POSTERN_CASE(memberships_can_be_told);
    POSTERN_CASE(until_when_everything_was_heard_is_known);

    POSTERN_CASE(a_value_comes_back_as_it_was_put);
    POSTERN_CASE(a_value_put_again_takes_the_place_of_the_old_one);
    POSTERN_CASE(scopes_share_no_key);
    POSTERN_CASE(what_was_erased_is_gone_and_who_erased_it_is_told);
    POSTERN_CASE(keys_are_listed_by_their_beginning_in_their_order);
    POSTERN_CASE(a_value_is_replaced_only_where_it_is_as_expected);
    POSTERN_CASE(what_is_too_large_is_refused_and_what_just_fits_is_kept, little_to_remember);
    POSTERN_CASE(the_keys_of_a_scope_are_bounded, little_to_remember);
    POSTERN_CASE(the_bytes_of_all_values_are_bounded, little_to_remember);
    POSTERN_CASE(a_closed_journal_remembers_nothing_more);
#undef POSTERN_CASE
    add("every_event_is_handled_once_and_in_order_by_many_threads",
        [open] { every_event_is_handled_once_and_in_order_by_many_threads(open); });
    add("many_threads_that_count_with_replace_lose_no_step",
        [open] { many_threads_that_count_with_replace_lose_no_step(open); });
    return true;
}

} // namespace postern::test
