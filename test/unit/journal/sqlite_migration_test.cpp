// Files of an older postern.

#include "asked_values.hpp"
#include "sqlite_file.hpp"
#include "support/run.hpp"
#include "version_1.hpp"

#include "postern/journal/archive.hpp"
#include "postern/journal/sqlite/event_digest.hpp"
#include "postern/journal/sqlite/schema.hpp"

#include <boost/asio/io_context.hpp>

#include <string>

using namespace postern;
using namespace std::chrono_literals;
using test::asked_sqlite;
using test::asked_values;

namespace {

// Three events, as version 1 left them: the first is done, with a reply; the second waits for its second
// attempt, with a reply of which nothing was heard; the third was not tried yet.
void write_version_1(const std::string& path)
{
    SQLite::Database file(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    test::make_version_1(file);
    SQLite::Statement event(file, "INSERT INTO events VALUES (?, ?, 1, 'bot', ?, 'messages', 'created', "
                                  "'room', 'ana', ?, 1700000000000, 1700000000000, 0, 2, 1700000001000, ?)");
    for (const int number : {1, 2, 3})
    {
        const auto key = "key " + std::to_string(number);
        const auto digest = journal::sqlite::digest_of("bot", key);
        const auto body = "{\"number\":" + std::to_string(number) + "}";
        event.reset();
        event.bind(1, number);
        event.bind(2, digest.data(), static_cast<int>(digest.size()));
        event.bind(3, key);
        event.bind(4, key);
        event.bind(5, body.data(), static_cast<int>(body.size()));
        event.exec();
    }
    file.exec(R"sql(
        INSERT INTO consumers VALUES (1, 'bot', 0);
        INSERT INTO pending VALUES (1, 2, 'bot|room', 2, 2, 1, NULL, 1, 1700000000000, 12);
        INSERT INTO pending VALUES (1, 3, 'bot|room', 3, 1, 1, NULL, 1, 1700000000000, 12);
        INSERT INTO attempts VALUES (1, 1, 1, 1, 1700000000500, 120, 0, '/echo');
        INSERT INTO attempts VALUES (2, 1, 1, 1, 1700000000600, 30, 2, 'Webex is busy');
        INSERT INTO effects VALUES (1, 1, 1, 1, 'digest', 1700000000510, 'reply');
        INSERT INTO effects VALUES (2, 1, 1, 1, 'digest', 1700000000610, '');
        INSERT INTO rooms VALUES ('bot', 'room', 1700000000000, 1, 'membership');
        INSERT INTO heard VALUES ('bot', 1700000002000);
        INSERT INTO requests VALUES (1, 1, 'bot', 'replay', 1700000003000);
    )sql");
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_migration)

BOOST_AUTO_TEST_CASE(a_file_of_version_1_is_brought_up_to_date_with_all_that_is_in_it)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        write_version_1(in.file);
        {
            const auto j = co_await in.open();
            BOOST_TEST(in.number("PRAGMA user_version") == journal::sqlite::schema_version);
            const asked_sqlite ask(*j);
            auto d = co_await ask.claim();
            BOOST_TEST(d.record == 2u);
            BOOST_TEST(d.attempt == 2u);
            BOOST_TEST(d.what.key == "key 2");
            BOOST_TEST(d.what.body == "{\"number\":2}");
            BOOST_TEST(d.effects.size() == 1u);
            auto became = outcome::ignored("the guard does not admit it: eve");
            became.guard = judgement{verdict::refused, "eve", true};
            co_await ask.settle(d.record, became);
            d = co_await ask.claim();
            BOOST_TEST(d.record == 3u);
            co_await ask.settle(d.record, outcome::done());
            const auto again = co_await ask.append(test::an_event("key 1"));
            BOOST_TEST(!again.fresh);
            BOOST_TEST(again.record == 1u);
            const auto rooms = co_await j->rooms("bot", deadline::after(5s));
            BOOST_TEST_REQUIRE(rooms->size() == 1u);
            BOOST_TEST(rooms->front().membership == "membership");
            const auto heard = co_await j->heard_until("bot", deadline::after(5s));
            BOOST_TEST((*heard == wall_time(1'700'000'002s)));
            d = co_await ask.claim(); // the replay that was asked for
            BOOST_TEST(d.record == 1u);
            BOOST_TEST((d.what.from == origin::replay));
            co_await asked_values(j->values()).put("bot", "key", "1");
            co_await j->close();
        }
        const auto archive = journal::archive::open(in.file);
        BOOST_TEST_REQUIRE(archive.has_value());
        const auto first = (*archive)->find("1").value().at(0).deliveries.at(0);
        BOOST_TEST(first.attempts.at(0).reason == "/echo");
        BOOST_TEST(!first.attempts.at(0).guard.has_value());
        BOOST_TEST(first.effects.at(0).id == "reply");
        const auto second = (*archive)->find("2").value().at(0).deliveries.at(0);
        BOOST_TEST(!second.attempts.at(0).guard.has_value());
        BOOST_TEST(second.attempts.at(1).guard.has_value());
        BOOST_TEST(in.number("SELECT count(*) FROM guard_trail") == 1);
    });
}

BOOST_AUTO_TEST_CASE(what_was_brought_up_to_date_is_like_what_is_new)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file old_one, new_one;
        write_version_1(old_one.file);
        std::string shapes[2];
        auto* shape = shapes;
        for (const auto* in : {&old_one, &new_one})
        {
            const auto j = co_await in->open();
            co_await j->close();
            SQLite::Database db(in->file);
            SQLite::Statement rows(db, "SELECT name, sql FROM sqlite_schema ORDER BY name");
            while (rows.executeStep())
                *shape += rows.getColumn(0).getString() + ": " + rows.getColumn(1).getString() + '\n';
            ++shape;
        }
        BOOST_TEST(shapes[0] == shapes[1]);
    });
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_leaves_the_file_as_it_was)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        write_version_1(in.file);
        in.change("CREATE TABLE kept_total (somebody TEXT)"); // comes late: much was done before
        const auto where = co_await net::this_coro::executor;
        const auto opened = journal::sqlite_journal::open(where, in.options(), in.out);
        BOOST_TEST_REQUIRE(opened.has_error());
        BOOST_TEST(opened.error().is(errc::file_unreadable));
        BOOST_TEST(describe(opened.error()).find("kept_total") != std::string::npos);
        BOOST_TEST(in.number("PRAGMA user_version") == 1);
        BOOST_TEST(in.number("SELECT count(*) FROM pragma_table_info('attempts')") == 8);
        BOOST_TEST(in.number("SELECT count(*) FROM sqlite_schema WHERE name = 'guard_trail'") == 0);
        in.change("DROP TABLE kept_total; DELETE FROM requests");
        const auto j = co_await in.open();
        BOOST_TEST(j->unfinished() == 2u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(who_only_reads_leaves_it_to_the_postern_that_runs)
{
    const test::sqlite_file in;
    write_version_1(in.file);
    const auto opened = journal::archive::open(in.file);
    BOOST_TEST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().is(errc::file_unreadable));
    BOOST_TEST(describe(opened.error()).find("older version 1") != std::string::npos);
    BOOST_TEST(opened.error().advice.find("postern run") != std::string::npos);
    BOOST_TEST(in.number("PRAGMA user_version") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
