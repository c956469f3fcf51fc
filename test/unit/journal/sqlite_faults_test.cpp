// Disks that are full, fail, hang or lie; files that are locked or damaged. What was acknowledged stays, who
// waits is told, and it goes on by itself when it can.

#include "faulty_disk.hpp"
#include "sqlite_file.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace postern;
using namespace std::chrono_literals;
using test::an_event;
using test::asked_sqlite;
using test::faulty_disk;

namespace {

// Whatever a case does to the disk, the next one finds it in order.
struct repaired
{
    ~repaired() { disk.repair(); }
    faulty_disk& disk = faulty_disk::instance();
};

// Who waits for the journal to change its mind. Its own words, in their order.
struct watched
{
    watched(net::io_context& io, journal::sqlite_journal& j) : changed(io)
    {
        changed.expires_at(net::steady_timer::time_point::max());
        j.on_change([this, &io](const journal::journal_state& s) {
            net::post(io, [this, s] {
                states.push_back(s);
                changed.cancel();
            });
        });
    }
    awaitable<void> until(std::size_t changes)
    {
        while (states.size() < changes)
            co_await changed.async_wait(as_result);
    }

    std::vector<journal::journal_state> states;
    net::steady_timer changed;
};

awaitable<error> refusal(const asked_sqlite& ask, std::string key)
{
    auto tried = co_await ask.try_append(an_event(std::move(key)));
    BOOST_TEST_REQUIRE(tried.has_error());
    BOOST_TEST(!tried.error().advice.empty());
    co_return tried.error();
}

void rethrow(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

awaitable<void> until_it_hangs()
{
    net::steady_timer again(co_await net::this_coro::executor);
    while (!faulty_disk::instance().has_a_victim())
    {
        again.expires_after(1ms);
        co_await again.async_wait(as_result);
    }
}

// A failing disk: `fail` breaks it. What is promised of every one.
void check_it_fails_and_recovers(std::function<void(faulty_disk&)> fail, std::string what_sqlite_says)
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        test::captured_log said;
        test::sqlite_file in;
        in.out = said.writer;
        const repaired after;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        watched seen(io, *j);
        co_await ask.append("before");
        const auto flying = co_await ask.claim();

        fail(after.disk);
        const auto e = co_await refusal(ask, "meanwhile");
        BOOST_TEST(e.is(errc::journal_full));
        BOOST_TEST(e.is(failure::retry_later));
        BOOST_TEST(e.ours.find(what_sqlite_says) != std::string::npos, e.ours);
        const auto settled = co_await ask.port().settle(flying.record, outcome::done(), deadline::after(5s));
        BOOST_TEST_REQUIRE(settled.has_error());
        BOOST_TEST(settled.error().is(errc::journal_full));
        co_await seen.until(1);
        BOOST_TEST(!seen.states[0].taking);
        BOOST_TEST(seen.states[0].reason.find(what_sqlite_says) != std::string::npos);
        BOOST_TEST(!j->state().taking);
        BOOST_TEST(said.says("events can't be kept"));

        after.disk.repair();
        co_await seen.until(2); // by itself: nobody asks for anything
        BOOST_TEST(seen.states[1].taking);
        BOOST_TEST(said.says("kept again"));
        co_await ask.settle(flying.record, outcome::done());
        const auto again = co_await ask.append("meanwhile");
        BOOST_TEST(again.record > flying.record);
        const auto order = co_await ask.worked_off();
        BOOST_TEST((order == test::keys{"meanwhile"}));
        BOOST_TEST(seen.states.size() == 2u);
        co_await j->close();
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_faults)

BOOST_AUTO_TEST_CASE(a_disk_that_does_not_write_is_told_and_recovers_by_itself)
{
    check_it_fails_and_recovers([](faulty_disk& d) { d.on_write = SQLITE_IOERR_WRITE; }, "disk I/O error");
}

BOOST_AUTO_TEST_CASE(a_disk_that_does_not_sync_is_told_and_recovers_by_itself)
{
    check_it_fails_and_recovers([](faulty_disk& d) { d.on_sync = SQLITE_IOERR_FSYNC; }, "disk I/O error");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told_and_recovers_by_itself)
{
    check_it_fails_and_recovers([](faulty_disk& d) { d.on_write = SQLITE_FULL; }, "full");
}

BOOST_AUTO_TEST_CASE(a_disk_that_turned_read_only_is_told_and_recovers_by_itself)
{
    check_it_fails_and_recovers([](faulty_disk& d) { d.on_write = SQLITE_READONLY; }, "readonly");
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_gone_is_told_and_recovers_by_itself)
{
    check_it_fails_and_recovers(
        [](faulty_disk& d) {
            d.on_write = SQLITE_IOERR_WRITE;
            d.on_open = SQLITE_CANTOPEN; // it can't be opened again either
        },
        "disk I/O error");
}

BOOST_AUTO_TEST_CASE(a_limit_on_the_size_of_files_is_like_a_full_disk)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        watched seen(io, *j);
        auto large = an_event("0");
        large.body.assign(50'000, 'x');

        struct limited
        {
            limited(rlim_t size)
            {
                ::getrlimit(RLIMIT_FSIZE, &before);
                auto now = before;
                now.rlim_cur = size;
                ::setrlimit(RLIMIT_FSIZE, &now);
            }
            ~limited()
            {
                ::setrlimit(RLIMIT_FSIZE, &before);
                std::signal(SIGXFSZ, handler);
            }
            rlimit before{};
            void (*handler)(int) = std::signal(SIGXFSZ, SIG_IGN);
        };
        int kept = 0;
        {
            const limited files(500'000);
            for (result<stored> last = stored{}; last.has_value(); ++kept)
            {
                large.key = std::to_string(kept);
                auto tried = co_await ask.try_append(large);
                last = std::move(tried);
                BOOST_TEST_REQUIRE(kept < 50);
            }
            --kept;
            BOOST_TEST(!j->state().taking);
            BOOST_TEST(j->state().reason.find("File too large") != std::string::npos, j->state().reason);
        }
        co_await seen.until(2);
        BOOST_TEST(j->state().taking);
        co_await ask.append(large);
        const auto order = co_await ask.worked_off();
        BOOST_TEST(order.size() == static_cast<std::size_t>(kept) + 1);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(what_a_failed_commit_left_in_the_file_is_not_forgotten)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const repaired after;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        watched seen(io, *j);
        co_await ask.append("before");
        after.disk.sync_failures = 1; // everything was written, but who knows where it is
        co_await refusal(ask, "doubtful");
        co_await seen.until(2);
        co_await ask.append("doubtful"); // its sender tries again, as told
        const auto order = co_await ask.worked_off();
        BOOST_TEST((order == test::keys{"before", "doubtful"}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_deadline_passes_although_the_disk_hangs)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const repaired after;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        after.disk.hang();
        auto taken = co_await ask.try_append(an_event("taken"), 300ms); // long enough to be taken up
        BOOST_TEST_REQUIRE(taken.has_error());
        BOOST_TEST(taken.error().is(errc::timed_out));
        BOOST_TEST(taken.error().maybe_sent);
        const auto withdrawn = co_await ask.try_append(an_event("withdrawn"), 20ms);
        BOOST_TEST_REQUIRE(withdrawn.has_error());
        BOOST_TEST(withdrawn.error().is(errc::timed_out));
        BOOST_TEST(!withdrawn.error().maybe_sent);
        after.disk.let_go();
        const auto again = co_await ask.append("taken");
        BOOST_TEST(!again.fresh); // it took effect, late
        const auto order = co_await ask.worked_off();
        BOOST_TEST((order == test::keys{"taken"}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(callers_that_come_while_a_commit_is_under_way_share_the_next)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const repaired after;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        net::steady_timer over(io, net::steady_timer::time_point::max());
        int kept = 0;
        auto append = [&](std::string key) -> awaitable<void> {
            const auto s = co_await ask.append(std::move(key));
            kept += s.fresh ? 1 : 0;
            if (kept == 100)
                over.cancel();
        };
        after.disk.hang();
        net::co_spawn(io, append("0"), rethrow);
        co_await until_it_hangs();
        for (int i = 1; i < 100; ++i)
            net::co_spawn(io, append(std::to_string(i)), rethrow);
        net::post(io, [&] { after.disk.let_go(); });
        co_await over.async_wait(as_result);
        BOOST_TEST(j->counters().calls == 100u);
        BOOST_TEST(j->counters().commits == 2u);
        BOOST_TEST(in.number("SELECT count(*) FROM events") == 100);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_file_that_another_program_locks_is_told_and_works_afterwards)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.busy_timeout = 1ms;
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j);
        watched seen(io, *j);
        co_await ask.append("before");
        {
            SQLite::Database other(in.file, SQLite::OPEN_READWRITE, 2'000);
            other.exec("BEGIN EXCLUSIVE");
            const auto e = co_await refusal(ask, "meanwhile");
            BOOST_TEST(e.is(errc::journal_full));
            BOOST_TEST(e.ours.find("locked") != std::string::npos);
            BOOST_TEST(e.advice.find("another program") != std::string::npos);
            other.exec("ROLLBACK");
        }
        co_await seen.until(2);
        BOOST_TEST(j->state().taking);
        co_await ask.append("meanwhile");
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(damage_in_the_middle_is_told_when_it_is_met)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            auto large = an_event("0");
            large.body.assign(5'000, 'x');
            for (int i = 0; i < 50; ++i)
            {
                large.key = large.room = std::to_string(i);
                co_await asked_sqlite(*j).append(large);
            }
            co_await j->close();
        }
        {
            // All that holds bodies, but the newest: its number is read at the start.
            std::fstream file(in.file, std::ios::in | std::ios::out | std::ios::binary);
            std::string page(8192, ' ');
            std::vector<std::streamoff> with_bodies;
            for (std::streamoff at = 0; file.seekg(at) && file.read(page.data(), 8192); at += 8192)
                if (page.find(std::string(1'000, 'x')) != std::string::npos)
                    with_bodies.push_back(at);
            file.clear();
            BOOST_TEST_REQUIRE(with_bodies.size() > 10u);
            with_bodies.pop_back();
            for (const auto at : with_bodies)
            {
                file.seekp(at);
                file << std::string(8192, 'z');
            }
        }
        const auto j = co_await in.open();
        auto claimed = co_await asked_sqlite(*j).port().claim(deadline::after(5s));
        int fine = 0;
        for (; claimed.has_value() && *claimed; ++fine)
        {
            auto next = co_await asked_sqlite(*j).port().claim(deadline::after(5s));
            claimed = std::move(next);
        }
        BOOST_TEST(fine < 50);
        BOOST_TEST_REQUIRE(claimed.has_error());
        BOOST_TEST(claimed.error().is(errc::file_unreadable));
        BOOST_TEST(claimed.error().ours.find("malformed") != std::string::npos);
        BOOST_TEST(claimed.error().advice.find(".recover") != std::string::npos);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(what_one_caller_asks_in_vain_does_the_others_no_harm)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const repaired after;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        net::steady_timer over(io, net::steady_timer::time_point::max());
        int kept = 0, refused = 0;
        auto append = [&](std::string key) -> awaitable<void> {
            co_await ask.append(std::move(key));
            if (++kept == 3)
                over.cancel();
        };
        auto settle = [&](record_id record) -> awaitable<void> {
            const auto done = co_await ask.port().settle(record, outcome::done(), deadline::after(5s));
            refused += done.has_error() && done.error().is(errc::bad_input) ? 1 : 0;
        };
        after.disk.hang();
        net::co_spawn(io, append("1"), rethrow);
        co_await until_it_hangs();
        net::co_spawn(io, append("2"), rethrow);
        net::co_spawn(io, settle(99), rethrow);
        net::co_spawn(io, append("3"), rethrow);
        net::post(io, [&] { after.disk.let_go(); });
        co_await over.async_wait(as_result);
        BOOST_TEST(refused == 1);
        BOOST_TEST(j->counters().commits == 2u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
