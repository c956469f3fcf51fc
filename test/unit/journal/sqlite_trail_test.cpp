// What the guard said, in the file: with each attempt, and as the view that a person asks with the sqlite3
// tool.

#include "sqlite_file.hpp"
#include "support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

using namespace postern;
using namespace std::chrono_literals;
using test::an_event;
using test::asked_sqlite;

namespace {

using row = std::vector<std::string>;

// What sqlite3 would print; NULL as it is spelt.
std::vector<row> answer(const test::sqlite_file& in, const std::string& question)
{
    SQLite::Database db(in.file);
    SQLite::Statement rows(db, question);
    std::vector<row> all;
    while (rows.executeStep())
    {
        row r;
        for (int c = 0; c < rows.getColumnCount(); ++c)
            r.push_back(rows.isColumnNull(c) ? "NULL" : rows.getColumn(c).getString());
        all.push_back(std::move(r));
    }
    return all;
}

outcome judged(outcome became, verdict what, std::string rule, bool cached = false)
{
    became.guard = judgement{what, std::move(rule), cached};
    return became;
}

event asked_by(std::string actor, std::string key, std::string room)
{
    auto e = an_event(std::move(key), std::move(room));
    e.actor = std::move(actor);
    e.body = "{\"text\":\"between you and me\"}";
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_trail)

BOOST_AUTO_TEST_CASE(who_asked_what_where_and_what_the_guard_said_can_be_queried)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append(asked_by("ana", "1", "a"));
        co_await ask.append(asked_by("eve", "2", "b"));
        auto d = co_await ask.claim();
        co_await ask.settle(d.record, judged(outcome::done("/echo"), verdict::admitted, "all belong", true));
        d = co_await ask.claim();
        const auto later = outcome::retry("the guard cannot decide: timed out", 0ms);
        co_await ask.settle(d.record, judged(later, verdict::undecided, "timed out"));
        d = co_await ask.claim();
        const auto never = outcome::ignored("the guard does not admit it: eve@c.example is no member");
        co_await ask.settle(d.record, judged(never, verdict::refused, "eve@c.example is no member", true));

        const auto all =
            answer(in, "SELECT key, kind, room, actor, consumer, verdict, rule, cached, outcome, handled_by "
                       "FROM guard_trail");
        const std::vector<row> expected{
            {"1", "messages:created", "a", "ana", "bot", "admitted", "all belong", "1", "done", "/echo"},
            {"2", "messages:created", "b", "eve", "bot", "undecided", "timed out", "0", "retry", "NULL"},
            {"2", "messages:created", "b", "eve", "bot", "refused", "eve@c.example is no member", "1",
             "ignored", "NULL"}};
        BOOST_TEST((all == expected));
        const auto refused = answer(in, "SELECT actor FROM guard_trail WHERE verdict = 'refused' AND cached");
        BOOST_TEST((refused == std::vector<row>{{"eve"}}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(its_times_are_those_of_the_attempts_as_people_write_them)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append("1");
        const auto d = co_await ask.claim();
        co_await ask.settle(d.record, judged(outcome::done(), verdict::admitted, "all belong"));
        in.change("UPDATE attempts SET started = 1770801267009");
        const auto times = answer(in, "SELECT time, handled_by FROM guard_trail");
        BOOST_TEST((times == std::vector<row>{{"2026-02-11T09:14:27.009Z", "NULL"}}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(an_attempt_of_which_the_guard_was_not_asked_is_not_in_it)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append("1");
        const auto d = co_await ask.claim();
        co_await ask.settle(d.record, outcome::done("/echo"));
        const auto nothing = answer(in, "SELECT * FROM guard_trail");
        BOOST_TEST(nothing.empty());
        const auto columns = answer(in, "SELECT verdict, rule, cached FROM attempts");
        BOOST_TEST((columns == std::vector<row>{{"NULL", "NULL", "NULL"}}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(no_text_of_a_message_is_in_it_and_a_long_rule_is_cut)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append(asked_by("ana", "1", "a"));
        const auto d = co_await ask.claim();
        const std::string rule(5'000, 'x');
        co_await ask.settle(d.record, judged(outcome::ignored("no"), verdict::refused, rule));
        for (const auto& r : answer(in, "SELECT * FROM guard_trail"))
            for (const auto& column : r)
                BOOST_TEST(column.find("between you and me") == std::string::npos);
        BOOST_TEST(in.number("SELECT length(rule) FROM guard_trail") == 1'000);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(what_it_is_for_and_what_its_columns_mean_stands_in_the_file)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const auto names = answer(in, "SELECT name FROM pragma_table_info('guard_trail')");
        const std::vector<row> documented{{"time"},   {"key"},      {"kind"},      {"room"},
                                          {"actor"},  {"consumer"}, {"verdict"},   {"rule"},
                                          {"cached"}, {"outcome"},  {"handled_by"}};
        BOOST_TEST((names == documented));
        const auto shown = answer(in, "SELECT sql FROM sqlite_schema WHERE name = 'guard_trail'");
        BOOST_TEST(shown.at(0).at(0).find("-- Who asked what where") != std::string::npos);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(it_goes_with_its_events)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.consumers = {"bot", "relay"};
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j), relay(*j, "relay");
        co_await ask.append("1");
        for (const auto* who : {&ask, &relay})
        {
            const auto d = co_await who->claim();
            co_await who->settle(d.record, judged(outcome::done(), verdict::admitted, "all belong"));
        }
        const auto consumers = answer(in, "SELECT consumer FROM guard_trail");
        BOOST_TEST((consumers == std::vector<row>{{"bot"}, {"relay"}}));
        in.change("DELETE FROM events");
        BOOST_TEST(in.number("SELECT count(*) FROM guard_trail") == 0);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
