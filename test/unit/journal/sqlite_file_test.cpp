// Opening a journal's file: what is found there, who else has it, who its consumers are.

#include "sqlite_file.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include "postern/journal/sqlite/schema.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

using namespace postern;
using namespace std::chrono_literals;
using test::asked_sqlite;

BOOST_AUTO_TEST_SUITE(sqlite_file)

BOOST_AUTO_TEST_CASE(what_is_no_database_is_left_alone)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const std::string letters(20'000, 'x');
        in.in.file("journal.db", letters, 0600);
        const auto e = co_await in.refused(in.options());
        BOOST_TEST(describe(e).find("no SQLite database") != std::string::npos);
        std::ifstream file(in.file);
        BOOST_TEST(std::string(std::istreambuf_iterator<char>(file), {}) == letters);
    });
}

BOOST_AUTO_TEST_CASE(a_database_of_another_program_is_left_alone)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            SQLite::Database db(in.file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            db.exec("CREATE TABLE recipes (name TEXT)");
        }
        const auto e = co_await in.refused(in.options());
        BOOST_TEST(describe(e).find("no journal of postern") != std::string::npos);
        BOOST_TEST(in.number("SELECT count(*) FROM sqlite_schema") == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_journal_of_a_newer_postern_is_refused_with_both_versions)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            co_await j->close();
        }
        in.change("PRAGMA user_version = 7");
        const auto e = co_await in.refused(in.options());
        BOOST_TEST(e.ours.find("version 7") != std::string::npos);
        BOOST_TEST(e.ours.find("up to " + std::to_string(journal::sqlite::schema_version)) !=
                   std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(an_empty_file_becomes_a_journal)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        in.in.file("journal.db", "", 0600); // a crash at the very first start
        const auto j = co_await in.open();
        co_await asked_sqlite(*j).append("1");
        BOOST_TEST(in.number("PRAGMA user_version") == journal::sqlite::schema_version);
        BOOST_TEST(in.number("PRAGMA application_id") == journal::sqlite::application_id);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_head_that_was_damaged_is_said_at_once)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            co_await asked_sqlite(*j).append("1");
            co_await j->close();
        }
        {
            std::fstream file(in.file, std::ios::in | std::ios::out | std::ios::binary);
            file.write("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
        }
        const auto e = co_await in.refused(in.options());
        BOOST_TEST(e.ours.find("damaged") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_place_that_can_not_be_is_refused)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        in.in.file("no folder", "", 0600);
        auto o = in.options();
        o.file = in.in.path + "/no folder/journal.db";
        const auto e = co_await in.refused(o);
        BOOST_TEST(e.doing.find(o.file) != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_with_the_number_of_the_first)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto pid = std::to_string(::getpid());
        {
            const auto j = co_await in.open();
            const auto e = co_await in.refused(in.options()); // a lock does not care which process asks
            BOOST_TEST(e.ours.find("process " + pid) != std::string::npos);
            BOOST_TEST(e.advice.find(pid) != std::string::npos);
            co_await j->close();
        }
        const auto j = co_await in.open();
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_lock_ends_with_its_process)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto child = ::fork();
        if (child == 0)
        {
            net::io_context io;
            auto j = journal::sqlite_journal::open(io.get_executor(), in.options(), quiet_log());
            ::_exit(j.has_value() ? 0 : 1); // neither closed nor destroyed
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST(status == 0);
        const auto j = co_await in.open();
        co_await j->close();
    });
}

// --- consumers

BOOST_AUTO_TEST_CASE(a_new_consumer_gets_the_events_from_now_on)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        {
            const auto j = co_await in.open(o);
            co_await asked_sqlite(*j).append("1");
            co_await j->close();
        }
        o.consumers = {"bot", "relay"};
        const auto j = co_await in.open(o);
        co_await asked_sqlite(*j).append("2");
        auto order = co_await asked_sqlite(*j, "relay").worked_off();
        BOOST_TEST((order == test::keys{"2"}));
        order = co_await asked_sqlite(*j).worked_off();
        BOOST_TEST((order == test::keys{"1", "2"}));
        BOOST_TEST(in.number("SELECT since FROM consumers WHERE name = 'relay'") == 1);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(what_a_consumer_that_is_gone_has_left_is_parked)
{
    test::run([](net::io_context&) -> awaitable<void> {
        test::sqlite_file in;
        auto o = in.options();
        o.consumers = {"bot", "relay"};
        {
            const auto j = co_await in.open(o);
            co_await asked_sqlite(*j).append("1");
            co_await asked_sqlite(*j).append("2");
            co_await asked_sqlite(*j).worked_off();
            co_await j->close();
        }
        test::captured_log said;
        in.out = said.writer;
        const auto j = co_await in.open();
        BOOST_TEST(said.says("parked"));
        BOOST_TEST(j->unfinished() == 0u);
        BOOST_TEST(in.number("SELECT count(*) FROM pending") == 0);
        BOOST_TEST(in.number("SELECT count(*) FROM attempts WHERE what = 3 AND number = 1 AND "
                             "reason = 'no such consumer any more'") == 2);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
