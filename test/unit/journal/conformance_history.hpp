#pragma once

// The promises of history_port, one case each.

#include "conformance_journal.hpp"

#include "postern/base/ids.hpp"

namespace postern::test::conformance {

inline event recovered(std::string key, std::string room = "room")
{
    auto e = an_event(std::move(key), std::move(room));
    e.from = origin::recovery;
    return e;
}

// --- lanes on hold

inline awaitable<void> what_comes_during_a_hold_waits_for_the_release_of_its_lane(asked_journal j)
{
    j.whole().hold();
    co_await j.append(an_event("a1", "a"));
    co_await j.append(an_event("b1", "b"));
    auto order = co_await j.worked_off();
    BOOST_TEST(order.empty());
    j.whole().release("bot|b");
    order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"b1"}));
    j.whole().release("bot|a");
    order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"a1"}));
}

inline awaitable<void> release_later(asked_journal j, std::string lane)
{
    j.whole().release(lane);
    co_return;
}

inline awaitable<void> release_all_later(asked_journal j)
{
    j.whole().release_all();
    co_return;
}

inline awaitable<void> a_release_wakes_who_waits(asked_journal j)
{
    auto strand = co_await net::this_coro::executor;
    j.whole().hold();
    co_await j.append(an_event("a1", "a"));
    co_await j.append(an_event("b1", "b"));
    spawn(strand, release_later(j, "bot|b"));
    auto d = co_await j.claim();
    BOOST_TEST(d.what.key == "b1");
    spawn(strand, release_all_later(j));
    d = co_await j.claim();
    BOOST_TEST(d.what.key == "a1");
}

inline awaitable<void> what_was_there_before_a_hold_goes_on(asked_journal j)
{
    co_await j.append(an_event("1"));
    co_await j.append(an_event("2"));
    const auto d = co_await j.claim();
    j.whole().hold();
    co_await j.append(an_event("3"));
    co_await j.settle(d.record, outcome::retry("not now", 0ms));
    const auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"1", "2"}));
}

inline awaitable<void> recovered_events_come_before_those_that_came_during_the_hold(asked_journal j)
{
    co_await j.append(an_event("before"));
    j.whole().hold();
    co_await j.append(an_event("live"));
    co_await j.append(recovered("missed 1"));
    co_await j.append(recovered("missed 2"));
    co_await j.append(an_event("live too"));
    auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"before", "missed 1", "missed 2"}));
    co_await j.append(recovered("missed 3"));
    order = co_await j.worked_off(); // while the rest is still being fetched
    BOOST_TEST((order == key_list{"missed 3"}));
    j.whole().release("bot|room");
    order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"live", "live too"}));
}

inline awaitable<void> a_recovered_event_that_came_live_too_is_one(asked_journal j)
{
    j.whole().hold();
    const auto live = co_await j.append(an_event("1"));
    const auto again = co_await j.append(recovered("1"));
    BOOST_TEST(!again.fresh);
    BOOST_TEST(again.record == live.record);
    j.whole().release_all();
    const auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"1"}));
}

inline awaitable<void> a_recovered_event_without_a_hold_takes_its_turn(asked_journal j)
{
    co_await j.append(an_event("1"));
    co_await j.append(recovered("2"));
    co_await j.append(an_event("3"));
    const auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"1", "2", "3"}));
}

inline awaitable<void> a_lane_may_be_released_before_its_first_event(asked_journal j)
{
    j.whole().hold();
    j.whole().release("bot|a");
    co_await j.append(an_event("b1", "b"));
    co_await j.append(an_event("a1", "a"));
    const auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"a1"}));
}

inline awaitable<void> a_second_hold_holds_released_lanes_again(asked_journal j)
{
    j.whole().hold();
    j.whole().release("bot|room");
    co_await j.append(an_event("1"));
    j.whole().hold();
    co_await j.append(an_event("2"));
    auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"1"}));
    j.whole().release_all();
    co_await j.append(an_event("3"));
    order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"2", "3"}));
}

inline awaitable<void> a_second_hold_lets_nothing_go_that_the_first_keeps_back(asked_journal j)
{
    j.whole().hold();
    co_await j.append(an_event("live"));
    j.whole().hold();
    co_await j.append(recovered("missed"));
    auto order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"missed"}));
    j.whole().release("bot|room");
    order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"live"}));
}

inline awaitable<void> a_hold_is_for_every_consumer(asked_journal j) // opened for two
{
    const auto relay = j.as("relay");
    j.whole().hold();
    co_await j.append(an_event("live"));
    co_await j.append(recovered("missed"));
    auto order = co_await relay.worked_off();
    BOOST_TEST((order == key_list{"missed"}));
    j.whole().release("bot|room");
    order = co_await relay.worked_off();
    BOOST_TEST((order == key_list{"live"}));
    order = co_await j.worked_off();
    BOOST_TEST((order == key_list{"missed", "live"}));
}

// --- what is known of rooms

using moment = std::chrono::system_clock::time_point;

inline event said_at(std::string key, moment when, std::string room = "room")
{
    auto e = an_event(std::move(key), std::move(room));
    e.happened = when;
    return e;
}

inline awaitable<void> the_newest_message_of_every_room_is_known(asked_journal j)
{
    const moment noon(1'700'000'000'000ms);
    co_await j.append(said_at("1", noon));
    co_await j.append(said_at("2", noon + 5ms));
    co_await j.append(said_at("3", noon + 3ms)); // recovered, say
    co_await j.append(said_at("4", noon + 1ms, "another room"));
    auto other_bot = said_at("5", noon + 9ms);
    other_bot.bot = "another bot";
    co_await j.append(other_bot);
    auto edit = said_at("6", noon + 9ms);
    edit.name = "updated";
    co_await j.append(edit);

    auto room = co_await j.room("room");
    BOOST_TEST((room.newest == noon + 5ms));
    BOOST_TEST(!room.member);
    BOOST_TEST(room.membership.empty());
    room = co_await j.room("another room");
    BOOST_TEST((room.newest == noon + 1ms));
    const auto all = co_await j.whole().rooms("bot", deadline::after(5s));
    BOOST_TEST(all->size() == 2u);

    co_await j.worked_off();
    room = co_await j.room("room"); // known when it is over too
    BOOST_TEST((room.newest == noon + 5ms));
}

inline awaitable<void> nothing_is_known_of_a_bot_that_heard_nothing(asked_journal j)
{
    const auto rooms = co_await j.whole().rooms("bot", deadline::after(5s));
    BOOST_TEST_REQUIRE(rooms.has_value());
    BOOST_TEST(rooms->empty());
    const auto until = co_await j.whole().heard_until("bot", deadline::after(5s));
    BOOST_TEST_REQUIRE(until.has_value());
    BOOST_TEST(!until->has_value());
}

// A bot that is named as Webex names it, in a room of its own.
inline const std::string bot_uuid = "f5b36187-c8dd-4727-8b2f-f9c447f29046";
inline const std::string room_uuid = "2d8cd5c0-7a4b-11ee-9d54-3a1f0d6b8c01";
inline const std::string bot_id = format_id({"us", "PEOPLE", bot_uuid});
inline const std::string room_id = format_id({"us", "ROOM", room_uuid});

inline event membership_of(std::string person, std::string name, std::string key)
{
    auto e = an_event(std::move(key), room_id, bot_id);
    e.resource = "memberships";
    e.name = std::move(name);
    e.data_id = format_id({"us", "MEMBERSHIP", person + ':' + room_uuid});
    return e;
}

inline awaitable<void> the_bots_own_memberships_are_known(asked_journal j)
{
    const auto joined = membership_of(bot_uuid, "created", "1");
    co_await j.append(joined);
    auto room = co_await j.room(room_id, bot_id);
    BOOST_TEST(room.member);
    BOOST_TEST(room.membership == joined.data_id);
    BOOST_TEST((room.newest == moment()));

    co_await j.append(membership_of(bot_uuid, "updated", "2")); // made a moderator, say
    room = co_await j.room(room_id, bot_id);
    BOOST_TEST(room.member);

    co_await j.append(membership_of(bot_uuid, "deleted", "3"));
    room = co_await j.room(room_id, bot_id);
    BOOST_TEST(!room.member);
    co_await j.append(membership_of(bot_uuid, "created", "4"));
    room = co_await j.room(room_id, bot_id);
    BOOST_TEST(room.member);
}

inline awaitable<void> memberships_of_others_do_not_count(asked_journal j)
{
    const std::string ana = "6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11";
    co_await j.append(membership_of(ana, "created", "1"));
    auto room = co_await j.room(room_id, bot_id);
    BOOST_TEST(!room.member);
    co_await j.append(membership_of(bot_uuid, "created", "2"));
    co_await j.append(membership_of(ana, "deleted", "3"));
    room = co_await j.room(room_id, bot_id);
    BOOST_TEST(room.member);
    auto nonsense = membership_of(bot_uuid, "deleted", "4");
    nonsense.data_id = "no membership";
    co_await j.append(nonsense);
    room = co_await j.room(room_id, bot_id);
    BOOST_TEST(room.member);
}

inline awaitable<void> memberships_can_be_told(asked_journal j)
{
    const moment noon(1'700'000'000'000ms);
    co_await j.append(said_at("1", noon, "a"));
    std::vector<room_position> told(2);
    told[0].room = "a";
    told[0].member = true;
    told[0].membership = "membership a";
    told[1].room = "b";
    told[1].member = true;
    told[1].membership = "membership b";
    auto taken = co_await j.whole().remember("bot", told, deadline::after(5s));
    BOOST_TEST_REQUIRE(taken.has_value());

    auto room = co_await j.room("a");
    BOOST_TEST(room.member);
    BOOST_TEST(room.membership == "membership a");
    BOOST_TEST((room.newest == noon)); // stays
    room = co_await j.room("b");
    BOOST_TEST(room.member);
    BOOST_TEST(room.membership == "membership b");

    told.resize(1);
    told[0].member = false;
    taken = co_await j.whole().remember("bot", told, deadline::after(5s));
    BOOST_TEST_REQUIRE(taken.has_value());
    room = co_await j.room("a");
    BOOST_TEST(!room.member);
    room = co_await j.room("b"); // not told of: as it was
    BOOST_TEST(room.member);
    const auto others = co_await j.whole().rooms("another bot", deadline::after(5s));
    BOOST_TEST(others->empty());
}

inline awaitable<void> until_when_everything_was_heard_is_known(asked_journal j)
{
    const moment noon(1'700'000'000'000ms);
    j.whole().heard("bot", noon);
    auto until = co_await j.whole().heard_until("bot", deadline::after(5s));
    BOOST_TEST_REQUIRE(until.has_value());
    BOOST_TEST((*until == noon));
    j.whole().heard("bot", noon + 7ms);
    until = co_await j.whole().heard_until("bot", deadline::after(5s));
    BOOST_TEST((*until == noon + 7ms));
    until = co_await j.whole().heard_until("another bot", deadline::after(5s));
    BOOST_TEST(!until->has_value());
}

} // namespace postern::test::conformance
