// What is kept over a restart beside the deliveries: places in lanes, rooms, times. And what is asked for by
// others: replays and retries. And what is not kept: old events.

#include "sqlite_file.hpp"
#include "support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>

using namespace postern;
using namespace std::chrono_literals;
using test::an_effect;
using test::an_event;
using test::asked_sqlite;
using test::keys;

namespace {

event recovered(std::string key)
{
    auto e = an_event(std::move(key));
    e.from = origin::recovery;
    return e;
}

// Requests are looked for by a clock: waits until the file says so.
awaitable<void> until_zero(const test::sqlite_file& in, std::string question)
{
    net::steady_timer again(co_await net::this_coro::executor);
    while (in.number(question) != 0)
    {
        again.expires_after(1ms);
        co_await again.async_wait(as_result);
    }
}

awaitable<void> ask_for(const test::sqlite_file& in, std::string what, record_id record,
                        std::string consumer = {})
{
    in.change("INSERT INTO requests (event, consumer, what, at) VALUES (" + std::to_string(record) + ", '" +
              consumer + "', '" + what + "', 0)");
    co_await until_zero(in, "SELECT count(*) FROM requests");
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_history)

BOOST_AUTO_TEST_CASE(recovered_events_keep_their_place_after_a_restart)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            const asked_sqlite ask(*j);
            co_await ask.append("before");
            j->hold();
            co_await ask.append("live");
            co_await ask.append(recovered("missed 1"));
            co_await ask.append(recovered("missed 2"));
            co_await j->close();
        }
        const auto j = co_await in.open(); // nothing is on hold after a restart
        const auto order = co_await asked_sqlite(*j).worked_off();
        BOOST_TEST((order == keys{"before", "missed 1", "missed 2", "live"}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(rooms_and_times_are_known_after_a_restart)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const wall_time noon(1'700'000'000'000ms);
        {
            const auto j = co_await in.open();
            auto said = an_event("1", "a");
            said.happened = noon;
            co_await asked_sqlite(*j).append(said);
            std::vector<room_position> told(1);
            told[0].room = "b";
            told[0].member = true;
            told[0].membership = "membership";
            const auto taken = co_await j->remember("bot", told, deadline::after(5s));
            BOOST_TEST(taken.has_value());
            j->heard("bot", noon + 7ms);
            co_await j->close();
        }
        const auto j = co_await in.open();
        auto known = co_await j->rooms("bot", deadline::after(5s));
        BOOST_TEST_REQUIRE(known.has_value());
        BOOST_TEST_REQUIRE(known->size() == 2u);
        BOOST_TEST((*known)[0].room == "a");
        BOOST_TEST(((*known)[0].newest == noon));
        BOOST_TEST((*known)[1].member);
        BOOST_TEST((*known)[1].membership == "membership");
        const auto until = co_await j->heard_until("bot", deadline::after(5s));
        BOOST_TEST_REQUIRE(until.has_value());
        BOOST_TEST((*until == noon + 7ms));
        co_await j->close();
    });
}

// --- requests

BOOST_AUTO_TEST_CASE(a_replay_is_as_if_it_had_never_been_and_goes_last_in_its_lane)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        const auto first = co_await ask.append("1");
        auto d = co_await ask.claim();
        co_await ask.note(d.record, an_effect(1, "reply", "message"));
        co_await ask.settle(d.record, outcome::done());
        co_await ask.append("2");

        co_await ask_for(in, "replay", first.record);
        co_await ask.append("3");
        d = co_await ask.claim();
        BOOST_TEST(d.what.key == "2");
        co_await ask.settle(d.record, outcome::done());
        d = co_await ask.claim();
        BOOST_TEST(d.what.key == "1");
        BOOST_TEST(d.attempt == 2u);
        BOOST_TEST((d.what.from == origin::replay));
        BOOST_TEST(d.effects.empty());
        co_await ask.note(d.record, an_effect(1, "reply again"));
        co_await ask.settle(d.record, outcome::retry("not now", 0ms));
        d = co_await ask.claim();
        BOOST_TEST(d.attempt == 3u);
        BOOST_TEST_REQUIRE(d.effects.size() == 1u); // of its own round
        BOOST_TEST(d.effects[0].digest == "reply again");
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_retry_goes_on_where_a_dead_delivery_ended)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            const asked_sqlite ask(*j);
            co_await ask.append("1");
            auto d = co_await ask.claim();
            co_await ask.note(d.record, an_effect(1, "reply"));
            co_await ask.settle(d.record, outcome::dead("never"));
            co_await j->close();
        }
        in.change("INSERT INTO requests (event, consumer, what, at) VALUES (1, 'bot', 'retry', 0)");
        const auto j = co_await in.open(); // what was asked for while nobody ran is done at the start
        const asked_sqlite ask(*j);
        const auto d = co_await ask.claim();
        BOOST_TEST(d.attempt == 2u);
        BOOST_TEST((d.what.from == origin::webhook));
        BOOST_TEST(d.effects.size() == 1u);
        co_await ask.settle(d.record, outcome::done());
        co_await ask_for(in, "retry", 1); // it is not dead any more
        BOOST_TEST(j->unfinished() == 0u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_retry_of_a_replay_has_nothing_of_the_first_round)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append("1");
        auto d = co_await ask.claim();
        co_await ask.note(d.record, an_effect(1, "reply"));
        co_await ask.settle(d.record, outcome::done());
        co_await ask_for(in, "replay", 1);
        d = co_await ask.claim();
        co_await ask.settle(d.record, outcome::dead("never"));
        co_await ask_for(in, "retry", 1);
        d = co_await ask.claim();
        BOOST_TEST(d.attempt == 3u);
        BOOST_TEST((d.what.from == origin::replay));
        BOOST_TEST(d.effects.empty());
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(only_what_is_over_is_done_again_and_only_for_who_is_named)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.consumers = {"bot", "relay"};
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j), relay(*j, "relay");
        co_await ask.append("1");
        co_await relay.worked_off();
        co_await ask_for(in, "replay", 1); // waits for the bot: for the relay alone it is over
        co_await ask_for(in, "replay", 9); // there is none
        BOOST_TEST(j->unfinished() == 2u);
        co_await ask.worked_off();
        co_await relay.worked_off();
        co_await ask_for(in, "replay", 1, "bot");
        BOOST_TEST(j->unfinished() == 1u);
        const auto order = co_await ask.worked_off();
        BOOST_TEST((order == keys{"1"}));
        co_await j->close();
    });
}

// --- retention

BOOST_AUTO_TEST_CASE(old_events_are_removed_with_what_became_of_them_unless_they_are_not_over)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.consumers = {"bot", "relay"};
        o.keep = 1h;
        o.tidy_every = 1ms;
        o.tidy_step = 2;
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j), relay(*j, "relay");
        for (int i = 1; i <= 9; ++i)
        {
            auto e = an_event(std::to_string(i), std::to_string(i));
            e.received = i < 8 ? std::chrono::system_clock::now() - 2h : std::chrono::system_clock::now();
            co_await ask.append(e);
            auto d = co_await ask.claim();
            co_await ask.note(d.record, an_effect(1, "reply"));
            co_await ask.settle(d.record, outcome::done());
            d = co_await relay.claim();
            if (i != 5) // that one is not over for the relay
                co_await relay.settle(d.record, outcome::done());
        }
        co_await until_zero(in, "SELECT count(*) FROM events WHERE id < 5 OR id IN (6, 7)");
        BOOST_TEST(in.number("SELECT count(*) FROM events") == 3);
        BOOST_TEST(in.number("SELECT count(*) FROM attempts WHERE event = 1") == 0);
        BOOST_TEST(in.number("SELECT count(*) FROM effects WHERE event = 1") == 0);
        BOOST_TEST(in.number("SELECT count(*) FROM attempts WHERE event = 5") == 1);
        BOOST_TEST(j->counters().removed == 6u);
        const auto again = co_await ask.append(an_event("1")); // forgotten
        BOOST_TEST(again.fresh);
        BOOST_TEST(again.record == 10u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(at_the_size_limit_what_is_over_goes_and_what_is_not_stays)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.size_limit = 2 << 20;
        o.tidy_step = 20;
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j);
        auto large = an_event("kept", "its own");
        large.body.assign(20'000, 'x');
        co_await ask.append(large);
        const auto kept = co_await ask.claim();
        large.room = "room";
        for (int i = 0; i < 300; ++i) // 6 MB
        {
            large.key = std::to_string(i);
            co_await ask.append(large);
            const auto d = co_await ask.claim();
            co_await ask.settle(d.record, outcome::done());
        }
        BOOST_TEST(in.number("SELECT count(*) FROM events WHERE key = 'kept'") == 1);
        BOOST_TEST(in.number("SELECT count(*) FROM events WHERE key = '0'") == 0);
        BOOST_TEST(in.number("PRAGMA page_count") * in.number("PRAGMA page_size") <= 2 << 20);

        result<stored> last = stored{};
        int taken = 0;
        for (; last && taken < 300; ++taken) // nothing is over now
        {
            large.key = "waiting " + std::to_string(taken);
            auto tried = co_await ask.try_append(large);
            last = std::move(tried);
        }
        BOOST_TEST_REQUIRE(last.has_error());
        BOOST_TEST(last.error().is(errc::journal_full));
        BOOST_TEST(last.error().ours.find("size limit") != std::string::npos);
        BOOST_TEST(!j->state().taking);
        co_await ask.settle(kept.record, outcome::done()); // outcomes are written all the same
        co_await ask.worked_off();
        co_await ask.append(large);
        BOOST_TEST(j->state().taking);
        co_await j->close();
    });
}

// Else a crash in the first seconds would make the next start a first one, and what was said meanwhile be
// left alone.
BOOST_AUTO_TEST_CASE(the_first_time_that_a_bot_is_heard_does_not_wait_to_be_written)
{
    const auto before_the_lazy_ones = 3s;
    test::run(
        [](net::io_context&) -> awaitable<void> {
            const test::sqlite_file in;
            const auto j = co_await in.open();
            j->heard("bot", wall_time(1'700'000'000s));
            co_await until_zero(in, "SELECT 1 - count(*) FROM heard");
            co_await j->close();
        },
        before_the_lazy_ones);
}

// A crash in the middle of a recovery leaves live events that something older was still to come before.
BOOST_AUTO_TEST_CASE(what_came_in_since_everything_was_heard_waits_for_recovery_after_a_restart)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const wall_time noon(1'700'000'000s);
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            const asked_sqlite ask(*j);
            auto early = an_event("heard");
            early.received = noon - 1s;
            const auto kept = co_await j->append(early, deadline::after(5s));
            BOOST_TEST(kept.has_value());
            auto live = an_event("live");
            live.received = noon + 1s;
            const auto late = co_await j->append(live, deadline::after(5s));
            BOOST_TEST(late.has_value());
            j->heard("bot", noon);
            co_await j->close();
        }
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        j->hold();
        const auto older = co_await j->append(recovered("missed"), deadline::after(5s));
        BOOST_TEST(older.has_value());
        j->release_all();
        for (const char* key : {"heard", "missed", "live"})
        {
            auto d = co_await ask.claim();
            BOOST_TEST(d.what.key == key);
            co_await ask.settle(d.record, outcome::done());
        }
        co_await j->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
