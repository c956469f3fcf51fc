#include "postern/journal/sqlite/board.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::journal::sqlite;
using namespace std::chrono_literals;

namespace {

constexpr consumer_id bot = 7;
constexpr consumer_id relay = 3;
const wall_time noon(1'700'000'000'000ms);
const board::time_point start(1h);

pending_row row(record_id record, std::string lane, consumer_id consumer = bot)
{
    pending_row r;
    r.consumer = consumer;
    r.record = r.rank = record;
    r.lane = std::move(lane);
    r.size = 100;
    return r;
}

std::shared_ptr<const event> an_event(std::size_t size = 100)
{
    auto e = std::make_shared<event>();
    e->body.assign(size, 'x');
    return e;
}

// The record that may run; 0 for none.
record_id next(board& b, board::time_point now = start, consumer_id consumer = bot)
{
    const auto taken = b.take(consumer, noon, now);
    return taken ? taken->record : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_board)

BOOST_AUTO_TEST_CASE(a_ticket_has_the_event_while_it_is_in_memory)
{
    board b({bot}, 3'000); // room for two
    for (const record_id record : {1, 2, 3})
        b.add(row(record, std::to_string(record)), an_event());
    auto oldest = b.take(bot, noon, start);
    BOOST_TEST_REQUIRE(oldest.has_value());
    BOOST_TEST(oldest->record == 1u);
    BOOST_TEST(!oldest->what); // the oldest left first
    auto newer = b.take(bot, noon, start);
    BOOST_TEST_REQUIRE(newer.has_value());
    BOOST_TEST(!!newer->what);
}

BOOST_AUTO_TEST_CASE(what_is_larger_than_the_memory_for_it_is_not_kept)
{
    board b({bot}, 3'000);
    b.add(row(1, "a"), an_event(5'000));
    const auto taken = b.take(bot, noon, start);
    BOOST_TEST_REQUIRE(taken.has_value());
    BOOST_TEST(!taken->what);
}

BOOST_AUTO_TEST_CASE(effects_are_looked_for_only_where_there_may_be_some)
{
    board b({bot}, 3'000);
    b.add(row(1, "a"), an_event());
    b.load({row(2, "b")}, noon, start);
    auto fresh = b.take(bot, noon, start);
    BOOST_TEST(!fresh->may_have_effects);
    const auto loaded = b.take(bot, noon, start);
    BOOST_TEST(loaded->may_have_effects);
    b.postpone(bot, 1, start);
    fresh = b.take(bot, noon, start);
    BOOST_TEST(fresh->attempt == 2u);
    BOOST_TEST(!fresh->may_have_effects);
    b.noted(bot, 1);
    b.postpone(bot, 1, start);
    fresh = b.take(bot, noon, start);
    BOOST_TEST(fresh->may_have_effects);
}

BOOST_AUTO_TEST_CASE(what_waited_for_its_time_waits_for_it_after_a_start)
{
    board b({bot}, 0);
    auto later = row(1, "a");
    later.due = noon + 5s;
    auto overdue = row(2, "b");
    overdue.due = noon - 5s;
    b.load({later, row(3, "a"), overdue, row(4, "c")}, noon, start);
    BOOST_TEST(next(b) == 2u);
    BOOST_TEST(next(b) == 4u);
    BOOST_TEST(next(b) == 0u);
    BOOST_TEST((b.next_due(bot) == start + 5s));
    BOOST_TEST(next(b, start + 5s) == 1u);
    b.finish(bot, 1);
    BOOST_TEST(next(b) == 3u);
}

BOOST_AUTO_TEST_CASE(what_is_known_is_not_loaded_again)
{
    board b({bot}, 0);
    b.add(row(1, "a"), nullptr);
    BOOST_TEST(next(b) == 1u);
    b.load({row(1, "a"), row(2, "b")}, noon, start);
    BOOST_TEST(b.unfinished() == 2u);
    BOOST_TEST(next(b) == 2u);
    BOOST_TEST(next(b) == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_count_once_for_all_consumers)
{
    board b({bot, relay}, 3'000);
    b.add(row(1, "a"), an_event());
    b.add(row(1, "a", relay), an_event());
    BOOST_TEST(b.unfinished() == 2u);
    BOOST_TEST(b.unfinished_bytes() == 100u);
    BOOST_TEST(next(b) == 1u);
    b.finish(bot, 1);
    BOOST_TEST(b.unfinished_bytes() == 100u);
    BOOST_TEST(next(b, start, relay) == 1u);
    b.finish(relay, 1);
    BOOST_TEST(b.unfinished() == 0u);
    BOOST_TEST(b.unfinished_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(who_is_being_settled_is_not_settled_twice)
{
    board b({bot}, 0);
    b.add(row(1, "a"), nullptr);
    BOOST_TEST(!b.in_flight(bot, 1).has_value());
    BOOST_TEST(next(b) == 1u);
    const auto flight = b.in_flight(bot, 1);
    BOOST_TEST_REQUIRE(flight.has_value());
    BOOST_TEST(flight->attempt == 1u);
    BOOST_TEST((flight->started == noon));
    b.settling(bot, 1, true);
    BOOST_TEST(!b.in_flight(bot, 1).has_value());
    b.settling(bot, 1, false);
    BOOST_TEST(b.in_flight(bot, 1).has_value());
}

BOOST_AUTO_TEST_CASE(a_ticket_that_was_given_back_is_the_same_attempt)
{
    board b({bot}, 0);
    b.add(row(1, "a"), nullptr);
    BOOST_TEST(next(b) == 1u);
    b.give_back(bot, 1, start + 1s);
    BOOST_TEST(next(b) == 0u);
    const auto again = b.take(bot, noon, start + 1s);
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(again->attempt == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
