// What bots remember, in the file: over restarts and kills, with a disk that fails, beside events.

#include "asked_values.hpp"
#include "faulty_disk.hpp"
#include "sqlite_file.hpp"
#include "support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <string>

using namespace postern;
using namespace std::chrono_literals;
using test::an_event;
using test::asked_sqlite;
using test::asked_values;
using test::faulty_disk;

namespace {

struct repaired
{
    ~repaired() { disk.repair(); }
    faulty_disk& disk = faulty_disk::instance();
};

awaitable<void> until_it_hangs()
{
    net::steady_timer again(co_await net::this_coro::executor);
    while (!faulty_disk::instance().has_a_victim())
    {
        again.expires_after(1ms);
        co_await again.async_wait(as_result);
    }
}

// A process that puts 1, 2, 3 ... and says so of each when it is kept, until it is killed.
awaitable<void> put_for_ever(std::unique_ptr<journal::sqlite_journal> j, int to)
{
    for (int i = 1;; ++i)
    {
        const auto kept = co_await j->values().put("bot", std::to_string(i), "kept", deadline::after(5s));
        if (kept.has_error() || ::write(to, &i, sizeof i) != sizeof i)
            ::_exit(1);
    }
}

[[noreturn]] void child_that_puts(journal::sqlite_journal_options o, int to)
{
    net::io_context io(1);
    auto j = journal::sqlite_journal::open(io.get_executor(), std::move(o), quiet_log());
    if (j.has_error())
        ::_exit(1);
    net::co_spawn(io, put_for_ever(std::move(*j), to), [](std::exception_ptr) { ::_exit(1); });
    io.run();
    ::_exit(1);
}

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

std::string sum_of_bytes()
{
    return "SELECT ifnull(sum(length(CAST(scope AS BLOB)) + length(CAST(key AS BLOB)) + "
           "length(CAST(value AS BLOB))), 0) FROM kept_values";
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_values)

BOOST_AUTO_TEST_CASE(values_are_there_after_a_restart)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const std::string bytes("\0\xff{}", 4);
        {
            const auto j = co_await in.open();
            const asked_values values(j->values());
            co_await values.put("bot", "key", bytes);
            co_await values.put("bot|room|a", "gone", "1");
            co_await values.erase("bot|room|a", "gone"); // and then the end: nobody closes it
        }
        const auto j = co_await in.open();
        const asked_values values(j->values());
        const auto known = co_await values.get("bot", "key");
        BOOST_TEST((known == bytes));
        const auto gone = co_await values.list("bot|room|a", "");
        BOOST_TEST(gone.empty());
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(what_was_said_to_be_kept_is_there_after_a_kill)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        int ends[2];
        BOOST_TEST_REQUIRE(::pipe(ends) == 0);
        const auto child = ::fork();
        if (child == 0)
            child_that_puts(in.options(), ends[1]);
        ::close(ends[1]);
        int said = 0;
        for (int next = 0; said < 50 && ::read(ends[0], &next, sizeof next) == sizeof next;)
            said = next;
        ::kill(child, SIGKILL);
        for (int next = 0; ::read(ends[0], &next, sizeof next) == sizeof next;)
            said = next;
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(ends[0]);
        BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
        BOOST_TEST(said >= 50);

        const auto j = co_await in.open();
        const auto known = co_await asked_values(j->values()).list("bot", "", 1'000'000);
        BOOST_TEST(static_cast<int>(known.size()) >= said);
        BOOST_TEST(static_cast<int>(known.size()) <= said + 1);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(values_that_wait_for_the_same_commit_share_it_with_each_other_and_with_events)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const repaired after;
        const auto j = co_await in.open();
        const asked_values values(j->values());
        const auto before = j->counters();
        after.disk.hang();
        net::co_spawn(io, values.put("bot", "first", ""), rethrow);
        co_await until_it_hangs();
        for (int i = 0; i < 10; ++i)
            net::co_spawn(io, values.put("bot", std::to_string(i), ""), rethrow);
        net::co_spawn(io, asked_sqlite(*j).append("1"), [](std::exception_ptr e, stored) { rethrow(e); });
        for (int turn = 0; turn < 3; ++turn) // all of them are in the queue then
            co_await net::post(io, net::use_awaitable);
        after.disk.let_go();
        co_await values.put("bot", "last", "");
        const auto now = j->counters();
        BOOST_TEST(now.calls - before.calls == 13u);
        BOOST_TEST(now.commits - before.commits <= 3u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_disk_that_fails_keeps_the_old_value_and_says_so)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const repaired after;
        const auto j = co_await in.open();
        const asked_values values(j->values());
        co_await values.put("bot", "key", "old");
        after.disk.on_write = SQLITE_IOERR_WRITE;
        const auto kept = co_await values.try_put("bot", "key", "new");
        BOOST_TEST_REQUIRE(kept.has_error());
        BOOST_TEST(kept.error().is(errc::journal_full));
        BOOST_TEST(!kept.error().advice.empty());
        after.disk.repair();
        net::steady_timer again(io);
        while (!j->state().taking) // by itself
        {
            again.expires_after(1ms);
            co_await again.async_wait(as_result);
        }
        auto known = co_await values.get("bot", "key");
        BOOST_TEST((known == "old"));
        co_await values.put("bot", "key", "newer");
        known = co_await values.get("bot", "key");
        BOOST_TEST((known == "newer"));
        BOOST_TEST(in.number("SELECT bytes FROM kept_total") == in.number(sum_of_bytes()));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(old_events_go_and_values_stay)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.keep = 1ms;
        o.tidy_every = 1ms;
        o.size_limit = 2 << 20;
        const auto j = co_await in.open(o);
        const asked_values values(j->values());
        const asked_sqlite ask(*j);
        co_await values.put("bot", "key", "kept");
        auto large = an_event("0");
        large.body.assign(20'000, 'x');
        for (int i = 0; i < 200; ++i) // 4 MB: at the limit, more is removed than what is old
        {
            large.key = std::to_string(i);
            co_await ask.append(large);
            const auto d = co_await ask.claim();
            co_await ask.settle(d.record, outcome::done());
        }
        net::steady_timer again(io);
        while (in.number("SELECT count(*) FROM events") > 1)
        {
            again.expires_after(1ms);
            co_await again.async_wait(as_result);
        }
        const auto known = co_await values.get("bot", "key");
        BOOST_TEST((known == "kept"));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(values_take_a_quarter_of_the_file_at_most_and_events_find_room)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.size_limit = 2 << 20;
        const auto j = co_await in.open(o);
        const asked_values values(j->values());
        const std::string large(32 * 1024, 'x');
        int kept = 0;
        for (; kept < 100; ++kept)
        {
            const auto one = co_await values.try_put("bot", std::to_string(kept), large);
            if (one.has_value())
                continue;
            BOOST_TEST(one.error().is(errc::journal_full));
            BOOST_TEST(describe(one.error()).find("limit is 524288") != std::string::npos);
            break;
        }
        BOOST_TEST(kept == 15);
        BOOST_TEST(j->state().taking);
        const auto stored = co_await asked_sqlite(*j).append("1");
        BOOST_TEST(stored.fresh);
        BOOST_TEST(in.number("SELECT bytes FROM kept_total") == in.number(sum_of_bytes()));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(in_a_file_that_events_have_filled_values_may_shrink_and_go)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.size_limit = 2 << 20;
        const auto j = co_await in.open(o);
        const asked_values values(j->values());
        co_await values.put("bot", "key", "1234");
        auto large = an_event("0");
        large.body.assign(20'000, 'x');
        for (const std::size_t size : {20'000, 0}) // the last ones fit where a body does not
        {
            large.body.resize(size);
            for (bool taken = true; taken;)
            {
                large.key += '1';
                const auto tried = co_await asked_sqlite(*j).try_append(large);
                taken = tried.has_value();
            }
        }
        const auto more = co_await values.try_put("bot", "key", "12345");
        BOOST_TEST_REQUIRE(more.has_error());
        BOOST_TEST(more.error().is(errc::journal_full));
        BOOST_TEST(describe(more.error()).find("size limit") != std::string::npos);
        co_await values.put("bot", "key", "4321");
        const auto known = co_await values.get("bot", "key");
        BOOST_TEST((known == "4321"));
        const auto erased = co_await values.erase("bot", "key");
        BOOST_TEST(erased);
        co_await j->close();
    });
}

// The table is a person's too: nothing is counted anywhere but in the file.
BOOST_AUTO_TEST_CASE(the_sum_is_right_whoever_changed_the_table)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_values values(j->values());
        co_await values.put("bot", "a", "Käse");
        co_await values.put("bot", "a", "Käsekuchen");
        co_await values.put("bot", "b", std::string(3, '\0'));
        co_await values.put("bot", "c", "1");
        co_await values.replace("bot", "c", "1", "22");
        co_await values.erase("bot", "b");
        in.change("INSERT INTO kept_values (scope, key, value) VALUES ('bot', 'by hand', 'x')");
        in.change("UPDATE kept_values SET value = 'yyy' WHERE key = 'by hand'");
        in.change("DELETE FROM kept_values WHERE key = 'a'");
        BOOST_TEST(in.number("SELECT bytes FROM kept_total") == in.number(sum_of_bytes()));
        BOOST_TEST(in.number("SELECT bytes FROM kept_total") == 6 + 13); // c=22, by hand=yyy
        const auto known = co_await values.list("bot", "");
        BOOST_TEST((known == test::keys{"by hand=yyy", "c=22"}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
