#pragma once

// What deliveries_port promises of several consumers, and of the effects of a delivery.

#include "conformance_journal.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace postern::test::conformance {

// --- consumers

inline awaitable<void> every_consumer_gets_every_event(asked_journal j) // opened for two
{
    const auto relay = j.as("relay");
    const auto kept = co_await j.append(an_event("1"));
    BOOST_TEST(j.whole().unfinished() == 2u);
    const auto ours = co_await j.claim();
    const auto theirs = co_await relay.claim();
    BOOST_TEST(ours.record == kept.record);
    BOOST_TEST(theirs.record == kept.record);
    BOOST_TEST(theirs.what.body == ours.what.body);
}

inline awaitable<void> every_consumer_has_its_own_progress(asked_journal j) // opened for two
{
    const auto relay = j.as("relay");
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    auto d = co_await relay.claim();
    co_await relay.settle(d.record, outcome::retry("not now", 1h));

    const auto ours = co_await j.worked_off();
    BOOST_TEST((ours == key_list{"1", "2"}));
    const auto theirs = co_await relay.worked_off(); // its first blocks the lane, for it alone
    BOOST_TEST(theirs.empty());
    BOOST_TEST(j.whole().unfinished() == 2u);

    const auto again = co_await j.append(an_event("2")); // over for one, not for the other
    BOOST_TEST(!again.fresh);
}

inline awaitable<void> attempts_are_counted_for_each_consumer(asked_journal j) // opened for two
{
    const auto relay = j.as("relay");
    co_await j.append(an_event("1"));
    const auto theirs = co_await relay.claim();
    co_await relay.settle(theirs.record, outcome::retry("not now", 0ms));
    const auto second = co_await relay.claim();
    BOOST_TEST(second.attempt == 2u);
    const auto ours = co_await j.claim();
    BOOST_TEST(ours.attempt == 1u);
}

inline awaitable<void> what_is_in_flight_for_one_consumer_is_not_for_another(
    asked_journal j) // opened for two
{
    const auto relay = j.as("relay");
    co_await j.append(an_event("1"));
    const auto ours = co_await j.claim();
    const auto theirs = co_await relay.port().settle(ours.record, outcome::done(), deadline::after(5s));
    BOOST_TEST_REQUIRE(theirs.has_error());
    BOOST_TEST(theirs.error().is(errc::bad_input));
    effect reply;
    reply.number = 1;
    const auto noted = co_await relay.port().note(ours.record, reply, deadline::after(5s));
    BOOST_TEST_REQUIRE(noted.has_error());
    BOOST_TEST(noted.error().is(errc::bad_input));
}

inline awaitable<void> a_waiting_claim_of_every_consumer_is_woken(asked_journal j) // opened for two
{
    auto strand = co_await net::this_coro::executor;
    spawn(strand, append_each(j, {"a"}));
    const auto theirs = co_await j.as("relay").claim();
    BOOST_TEST(theirs.what.key == "a");
    const auto ours = co_await j.claim();
    BOOST_TEST(ours.what.key == "a");
}

inline awaitable<void> every_delivery_counts_for_the_limit(
    asked_journal j) // opened for two, with room for three
{
    co_await j.append(an_event("1"));
    const auto refused = co_await j.whole().append(an_event("2"), deadline::after(5s));
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().is(errc::journal_full));
    const auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::done());
    const auto taken = co_await j.append(an_event("2"));
    BOOST_TEST(taken.fresh);
}

// --- effects

inline effect a_reply(unsigned number, std::string id = {})
{
    effect e;
    e.number = number;
    e.digest = "digest " + std::to_string(number);
    e.at = std::chrono::system_clock::time_point(1'700'000'000'000ms + std::chrono::seconds(number));
    e.id = std::move(id);
    return e;
}

inline void check_same_effect(const effect& a, const effect& b)
{
    BOOST_TEST(a.number == b.number);
    BOOST_TEST(a.digest == b.digest);
    BOOST_TEST((a.at == b.at));
    BOOST_TEST(a.id == b.id);
}

inline awaitable<void> effects_come_with_the_next_attempt_in_their_order(asked_journal j)
{
    co_await j.append(an_event("1"));
    auto d = co_await j.claim();
    co_await j.note(d.record, a_reply(2));
    co_await j.note(d.record, a_reply(1, "message 1"));
    co_await j.settle(d.record, outcome::retry("not now", 0ms));

    d = co_await j.claim();
    BOOST_TEST_REQUIRE(d.effects.size() == 2u);
    check_same_effect(d.effects[0], a_reply(1, "message 1"));
    check_same_effect(d.effects[1], a_reply(2));

    co_await j.note(d.record, a_reply(3));
    co_await j.settle(d.record, outcome::retry("not now", 0ms));
    d = co_await j.claim();
    BOOST_TEST(d.effects.size() == 3u);
}

inline awaitable<void> an_effect_noted_again_is_the_same_effect(asked_journal j)
{
    co_await j.append(an_event("1"));
    auto d = co_await j.claim();
    co_await j.note(d.record, a_reply(1));
    co_await j.note(d.record, a_reply(1, "message 1"));
    co_await j.settle(d.record, outcome::retry("not now", 0ms));
    d = co_await j.claim();
    BOOST_TEST_REQUIRE(d.effects.size() == 1u);
    check_same_effect(d.effects[0], a_reply(1, "message 1"));
}

inline awaitable<void> effects_belong_to_one_delivery(asked_journal j) // opened for two
{
    const auto relay = j.as("relay");
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2", "another room"));
    const auto d = co_await j.claim();
    co_await j.note(d.record, a_reply(1));
    const auto other_event = co_await j.claim();
    BOOST_TEST(other_event.what.key == "2");
    BOOST_TEST(other_event.effects.empty());
    const auto other_consumer = co_await relay.claim();
    BOOST_TEST(other_consumer.record == d.record);
    BOOST_TEST(other_consumer.effects.empty());
}

inline awaitable<void> only_a_delivery_in_flight_takes_a_note(asked_journal j)
{
    const auto refused = [](const result<>& noted) {
        BOOST_TEST_REQUIRE(noted.has_error());
        BOOST_TEST(noted.error().is(errc::bad_input));
    };
    const auto limit = deadline::after(5s);
    const auto kept = co_await j.append(an_event("1"));
    auto noted = co_await j.port().note(kept.record, a_reply(1), limit);
    refused(noted); // not handed out yet
    noted = co_await j.port().note(kept.record + 1, a_reply(1), limit);
    refused(noted); // there is none

    auto d = co_await j.claim();
    co_await j.settle(d.record, outcome::retry("not now", 0ms));
    noted = co_await j.port().note(kept.record, a_reply(1), limit);
    refused(noted); // waits for its next attempt
    d = co_await j.claim();
    BOOST_TEST(d.effects.empty());
    co_await j.settle(d.record, outcome::done());
    noted = co_await j.port().note(kept.record, a_reply(1), limit);
    refused(noted); // is over
}

} // namespace postern::test::conformance
