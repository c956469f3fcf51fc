#pragma once

// The promises of journal_port and deliveries_port, one case each. Consumers and effects stand in
// conformance_consumers.hpp, history_port in conformance_history.hpp.

#include "conformance_consumers.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <set>

namespace postern::test::conformance {

// --- appending

inline awaitable<void> an_event_comes_out_as_it_went_in(asked_journal j)
{
    auto what = an_event("key");
    what.from = origin::recovery;
    what.actor = "actor";
    what.received = std::chrono::system_clock::time_point(1'700'000'000'123ms);
    what.happened = std::chrono::system_clock::time_point(1'600'000'000'456ms);
    what.signature_checked = true;
    what.body = std::string("{\"a\":\"\0\xff\"}", 10);
    const auto kept = co_await j.append(what);
    BOOST_TEST(kept.fresh);

    const auto d = co_await j.claim();
    BOOST_TEST(d.record == kept.record);
    BOOST_TEST(d.attempt == 1u);
    check_same(d.what, what);
    BOOST_TEST(d.effects.empty());
}

inline awaitable<void> an_event_known_already_is_not_stored_again(asked_journal j)
{
    const auto first = co_await j.append(an_event("key"));
    const auto again = co_await j.append(an_event("key"));
    BOOST_TEST(!again.fresh);
    BOOST_TEST(again.record == first.record);

    const auto d = co_await j.claim();
    const auto in_flight = co_await j.append(an_event("key"));
    BOOST_TEST(!in_flight.fresh);
    co_await j.settle(d.record, outcome::done());

    const auto late = co_await j.append(an_event("key"));
    BOOST_TEST(!late.fresh);
    BOOST_TEST(late.record == first.record);
    const auto more = co_await j.runnable();
    BOOST_TEST(!more.has_value());
}

inline awaitable<void> one_event_for_two_bots_is_two(asked_journal j)
{
    const auto first = co_await j.append(an_event("key", "room", "bot a"));
    const auto second = co_await j.append(an_event("key", "room", "bot b"));
    BOOST_TEST(second.fresh);
    BOOST_TEST(first.record != second.record);
}

inline awaitable<void> a_full_journal_refuses_and_recovers(asked_journal j) // opened with room for two
{
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    const auto refused = co_await j.whole().append(an_event("3"), deadline::after(5s));
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().is(errc::journal_full));
    const auto known = co_await j.append(an_event("1")); // needs no room
    BOOST_TEST(!known.fresh);

    const auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::done());
    const auto taken = co_await j.append(an_event("3"));
    BOOST_TEST(taken.fresh);
}

// --- claiming

inline awaitable<void> an_empty_journal_has_nothing_to_do(asked_journal j)
{
    const auto nothing = co_await j.runnable();
    BOOST_TEST(!nothing.has_value());
    const auto waited = co_await j.port().claim(deadline::after(5ms));
    BOOST_TEST_REQUIRE(waited.has_value());
    BOOST_TEST(!waited->has_value());
}

inline awaitable<void> a_lane_runs_one_at_a_time_in_order(asked_journal j)
{
    for (const char* key : {"1", "2", "3"})
        co_await j.append(an_event(key));
    for (const char* key : {"1", "2", "3"})
    {
        const auto d = co_await j.claim();
        BOOST_TEST(d.what.key == key);
        const auto next = co_await j.runnable();
        BOOST_TEST(!next.has_value());
        co_await j.settle(d.record, outcome::done());
    }
}

inline awaitable<void> lanes_run_side_by_side_oldest_first(asked_journal j)
{
    co_await j.append(an_event("a1", "a"));
    co_await j.append(an_event("a2", "a"));
    co_await j.append(an_event("b1", "b"));
    co_await j.append(an_event("c1", "a", "another bot"));
    for (const char* key : {"a1", "b1", "c1"})
    {
        const auto d = co_await j.claim();
        BOOST_TEST(d.what.key == key);
    }
    const auto more = co_await j.runnable();
    BOOST_TEST(!more.has_value());
}

inline awaitable<void> a_waiting_claim_is_woken_by_an_append(asked_journal j)
{
    auto strand = co_await net::this_coro::executor;
    spawn(strand, append_each(j, {"room"}));
    const auto d = co_await j.claim();
    BOOST_TEST(d.what.key == "room");
}

inline awaitable<void> a_waiting_claim_is_woken_when_its_lane_becomes_free(asked_journal j)
{
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    const auto first = co_await j.claim();
    auto strand = co_await net::this_coro::executor;
    spawn(strand, j.settle(first.record, outcome::done()));
    const auto second = co_await j.claim();
    BOOST_TEST(second.what.key == "2");
}

inline awaitable<void> collect(asked_journal j, std::shared_ptr<std::set<std::string>> keys,
                               std::shared_ptr<net::steady_timer> when_three)
{
    const auto d = co_await j.claim();
    keys->insert(d.what.key);
    if (keys->size() == 3)
        when_three->cancel();
}

inline awaitable<void> every_waiting_claim_gets_its_own_event(asked_journal j)
{
    auto strand = co_await net::this_coro::executor;
    const auto ended = std::make_shared<net::steady_timer>(strand, 4s);
    const auto seen = std::make_shared<std::set<std::string>>();
    for (int i = 0; i < 3; ++i)
        spawn(strand, collect(j, seen, ended));
    spawn(strand, append_each(j, {"a", "b", "c"}));
    co_await ended->async_wait(as_result);
    BOOST_TEST(seen->size() == 3u);
}

inline awaitable<void> claim_until_cancelled(asked_journal j, std::shared_ptr<std::optional<error>> said)
{
    auto claimed = co_await j.port().claim(deadline::after(1h));
    if (claimed.has_error())
        *said = claimed.error();
}

inline awaitable<void> a_cancelled_claim_says_so_and_takes_nothing(asked_journal j)
{
    auto strand = co_await net::this_coro::executor;
    const auto signal = std::make_shared<net::cancellation_signal>();
    const auto ended = std::make_shared<net::steady_timer>(strand, 4s);
    const auto said = std::make_shared<std::optional<error>>();
    auto when_over = [ended](std::exception_ptr) { ended->cancel(); };
    net::co_spawn(strand, claim_until_cancelled(j, said),
                  net::bind_cancellation_slot(signal->slot(), when_over));
    auto emit = [signal] { signal->emit(net::cancellation_type::terminal); };
    net::post(strand, [strand, emit] { net::post(strand, emit); }); // behind the start of the claim
    co_await ended->async_wait(as_result);
    BOOST_TEST_REQUIRE(said->has_value());
    BOOST_TEST((*said)->is(errc::stopped));

    co_await j.append(an_event("key"));
    const auto d = co_await j.claim();
    BOOST_TEST(d.what.key == "key");
}

// --- settling

inline awaitable<void> a_retry_comes_again_with_the_next_attempt_before_its_lane(asked_journal j)
{
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    for (unsigned attempt = 1; attempt <= 3; ++attempt)
    {
        const auto d = co_await j.claim(); // waits for the pause too
        BOOST_TEST(d.what.key == "1");
        BOOST_TEST(d.attempt == attempt);
        BOOST_TEST(d.what.body == "{\"key\":\"1\"}");
        co_await j.settle(d.record, outcome::retry("not now", 5ms));
    }
    const auto last = co_await j.claim();
    co_await j.settle(last.record, outcome::done());
    const auto next = co_await j.claim();
    BOOST_TEST(next.what.key == "2");
    BOOST_TEST(next.attempt == 1u);
}

inline awaitable<void> a_lane_that_waits_for_a_retry_is_blocked_and_no_other(asked_journal j)
{
    co_await j.append(an_event("a1", "a"));
    co_await j.append(an_event("a2", "a"));
    co_await j.append(an_event("b1", "b"));
    const auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::retry("not now", 1h));
    const auto other = co_await j.claim();
    BOOST_TEST(other.what.key == "b1");
    const auto more = co_await j.runnable();
    BOOST_TEST(!more.has_value());
}

inline awaitable<void> a_retry_without_a_pause_may_run_at_once(asked_journal j)
{
    co_await j.append(an_event("1"));
    const auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::retry("not now", 0ms));
    const auto again = co_await j.runnable();
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(again->attempt == 2u);
}

inline awaitable<void> a_dead_event_frees_its_lane(asked_journal j)
{
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    const auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::dead("never"));
    const auto next = co_await j.claim();
    BOOST_TEST(next.what.key == "2");
}

inline awaitable<void> only_what_is_in_flight_can_be_settled(asked_journal j)
{
    const auto kept = co_await j.append(an_event("1"));
    for (const record_id record : {kept.record, kept.record + 1})
    {
        const auto written = co_await j.port().settle(record, outcome::done(), deadline::after(5s));
        BOOST_TEST_REQUIRE(written.has_error());
        BOOST_TEST(written.error().is(errc::bad_input));
    }
    const auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::done());
    const auto twice = co_await j.port().settle(d.record, outcome::done(), deadline::after(5s));
    BOOST_TEST_REQUIRE(twice.has_error());
    BOOST_TEST(twice.error().is(errc::bad_input));
}

inline awaitable<void> what_is_not_over_is_counted(asked_journal j)
{
    BOOST_TEST(j.whole().unfinished() == 0u);
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    co_await j.append(an_event("2"));
    BOOST_TEST(j.whole().unfinished() == 2u);
    auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::retry("not now", 0ms));
    BOOST_TEST(j.whole().unfinished() == 2u);
    d = co_await j.claim();
    co_await j.settle(d.record, outcome::dead("never"));
    BOOST_TEST(j.whole().unfinished() == 1u);
}

// --- closing

inline awaitable<void> a_closed_journal_answers_that_it_stopped(asked_journal j)
{
    const auto stopped = [](const auto& answer) {
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::stopped));
    };
    const auto limit = deadline::after(5s);
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2", "another room"));
    const auto d = co_await j.claim();
    co_await j.close();
    const auto appended = co_await j.whole().append(an_event("3"), limit);
    stopped(appended);
    const auto claimed = co_await j.port().claim(limit);
    stopped(claimed);
    const auto settled = co_await j.port().settle(d.record, outcome::done(), limit);
    stopped(settled);
    const auto noted = co_await j.port().note(d.record, a_reply(1), limit);
    stopped(noted);
    const auto rooms = co_await j.whole().rooms("bot", limit);
    stopped(rooms);
    const auto remembered = co_await j.whole().remember("bot", std::vector<room_position>(), limit);
    stopped(remembered);
    const auto heard = co_await j.whole().heard_until("bot", limit);
    stopped(heard);
    j.whole().hold(); // do nothing, and no harm
    j.whole().release("lane");
    j.whole().release_all();
    j.whole().heard("bot", {});
}

inline awaitable<void> close_wakes_who_waits(asked_journal j)
{
    auto strand = co_await net::this_coro::executor;
    const auto said = std::make_shared<std::optional<error>>();
    const auto ended = std::make_shared<net::steady_timer>(strand, 4s);
    auto when_over = [ended](std::exception_ptr) { ended->cancel(); };
    net::co_spawn(strand, claim_until_cancelled(j, said), when_over);
    spawn(strand, j.close()); // behind the start of the claim
    co_await ended->async_wait(as_result);
    BOOST_TEST_REQUIRE(said->has_value());
    BOOST_TEST((*said)->is(errc::stopped));
}

} // namespace postern::test::conformance
