#include "postern/journal/sqlite_journal.hpp"

#include "conformance.hpp"
#include "sqlite_file.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

using namespace postern;
using namespace std::chrono_literals;
using test::an_effect;
using test::an_event;
using test::asked_sqlite;

namespace {

class opened final : public test::opened_journal
{
public:
    opened(net::any_io_executor where, const test::journal_limits& l)
    {
        auto o = in_.options();
        o.unfinished = l.unfinished;
        o.consumers = l.consumers;
        o.values = l.values;
        journal_ = std::move(*journal::sqlite_journal::open(where, o, quiet_log()));
    }
    journal::journal& whole() override { return *journal_; }

private:
    test::sqlite_file in_;
    std::unique_ptr<journal::sqlite_journal> journal_;
};

awaitable<void> append_when_cancelled(journal::sqlite_journal& j, net::cancellation_signal& stop,
                                      std::optional<error>& said)
{
    co_await net::this_coro::throw_if_cancelled(false);
    stop.emit(net::cancellation_type::terminal);
    auto answer = co_await j.append(an_event("1"), deadline::after(5s));
    if (answer.has_error())
        said = answer.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_journal)

const bool conforms = test::add_journal_conformance(
    [](net::any_io_executor where, test::journal_limits l) { return std::make_unique<opened>(where, l); });

BOOST_AUTO_TEST_CASE(what_was_appended_is_there_after_a_restart)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto said = an_event("1");
        said.from = origin::websocket;
        said.actor = "ana";
        said.received = wall_time(1'700'000'000'456ms);
        said.happened = wall_time(1'700'000'000'123ms);
        said.signature_checked = true;
        said.body = std::string("{\0\"body\"}", 9);
        {
            const auto j = co_await in.open();
            co_await asked_sqlite(*j).append(said);
            co_await j->close();
        }
        const auto j = co_await in.open();
        BOOST_TEST(j->unfinished() == 1u);
        const auto d = co_await asked_sqlite(*j).claim();
        BOOST_TEST(d.attempt == 1u);
        test::check_same(d.what, said);
        const auto again = co_await asked_sqlite(*j).append(said);
        BOOST_TEST(!again.fresh);
        BOOST_TEST(again.record == d.record);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(what_was_in_flight_is_handed_out_again_in_its_order)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            const asked_sqlite ask(*j);
            co_await ask.append("1");
            co_await ask.append("2");
            co_await ask.append("3");
            auto d = co_await ask.claim();
            co_await ask.settle(d.record, outcome::done());
            d = co_await ask.claim(); // "2", and then the end: nobody closes it
        }
        const auto j = co_await in.open();
        const auto order = co_await asked_sqlite(*j).worked_off();
        BOOST_TEST((order == test::keys{"2", "3"}));
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(effects_and_attempts_survive_a_restart)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            const asked_sqlite ask(*j);
            co_await ask.append("1");
            auto d = co_await ask.claim();
            co_await ask.settle(d.record, outcome::retry("not now", 0ms));
            d = co_await ask.claim();
            co_await ask.note(d.record, an_effect(1, "first", "message"));
            co_await ask.note(d.record, an_effect(2, "second"));
            co_await j->close();
        }
        const auto j = co_await in.open();
        const auto d = co_await asked_sqlite(*j).claim();
        BOOST_TEST(d.attempt == 2u);
        BOOST_TEST_REQUIRE(d.effects.size() == 2u);
        BOOST_TEST(d.effects[0].digest == "first");
        BOOST_TEST(d.effects[0].id == "message");
        BOOST_TEST((d.effects[0].at == an_effect(1, {}).at));
        BOOST_TEST(d.effects[1].number == 2u);
        BOOST_TEST(d.effects[1].id.empty());
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_retry_waits_for_its_time_after_a_restart_too)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        {
            const auto j = co_await in.open();
            const asked_sqlite ask(*j);
            co_await ask.append("later", "a");
            co_await ask.append("now", "b");
            const auto d = co_await ask.claim();
            co_await ask.settle(d.record, outcome::retry("not now", 1h));
            co_await j->close();
        }
        const auto j = co_await in.open();
        const auto order = co_await asked_sqlite(*j).worked_off();
        BOOST_TEST((order == test::keys{"now"}));
        BOOST_TEST(j->unfinished() == 1u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(every_attempt_is_kept_with_its_reason)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append("1");
        auto d = co_await ask.claim();
        co_await ask.settle(d.record, outcome::retry("not now", 0ms));
        d = co_await ask.claim();
        co_await ask.settle(d.record, outcome::dead(std::string(5'000, 'x')));
        BOOST_TEST(in.number("SELECT count(*) FROM attempts") == 2);
        BOOST_TEST(in.number("SELECT what FROM attempts WHERE number = 1 AND reason = 'not now'") == 2);
        BOOST_TEST(in.number("SELECT what FROM attempts WHERE number = 2") == 3);
        BOOST_TEST(in.number("SELECT length(reason) FROM attempts WHERE number = 2") == 1'000);
        BOOST_TEST(in.number("SELECT count(*) FROM pending") == 0);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(events_that_no_longer_fit_into_memory_are_read_from_the_file)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.cached = 3'000; // two or so
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j);
        for (int i = 0; i < 10; ++i)
            co_await ask.append(std::to_string(i), std::to_string(i));
        const auto order = co_await ask.worked_off();
        BOOST_TEST((order == test::keys{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
        BOOST_TEST(j->counters().reads == 8u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(repetitions_are_counted_without_a_wait)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        const asked_sqlite ask(*j);
        co_await ask.append("1");
        auto again = an_event("1");
        again.received = wall_time(1'700'000'000'456ms);
        co_await ask.append(again);
        co_await ask.append(again);
        co_await j->close(); // at the latest
        BOOST_TEST(in.number("SELECT repeats FROM events") == 2);
        BOOST_TEST(in.number("SELECT repeated FROM events") == 1'700'000'000'456);
    });
}

BOOST_AUTO_TEST_CASE(the_bytes_that_are_not_over_are_bounded)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.unfinished_bytes = 100;
        const auto j = co_await in.open(o);
        const asked_sqlite ask(*j);
        auto large = an_event("large");
        large.body.assign(60, 'x');
        co_await ask.append(large);
        auto second = large;
        second.key = "large too";
        auto refused = co_await ask.try_append(second);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().is(errc::journal_full));
        BOOST_TEST(!refused.error().advice.empty());
        BOOST_TEST(!j->state().taking);
        const auto known = co_await ask.append(large); // costs nothing
        BOOST_TEST(!known.fresh);

        const auto d = co_await ask.claim();
        co_await ask.settle(d.record, outcome::done());
        BOOST_TEST(j->state().taking);
        co_await ask.append(second);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(a_call_of_who_was_cancelled_before_does_nothing)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::sqlite_file in;
        const auto j = co_await in.open();
        net::cancellation_signal stop;
        net::steady_timer ended(io, 4s);
        std::optional<error> said;
        auto over = [&](std::exception_ptr) { ended.cancel(); };
        net::co_spawn(io, append_when_cancelled(*j, stop, said),
                      net::bind_cancellation_slot(stop.slot(), over));
        co_await ended.async_wait(as_result);
        BOOST_TEST_REQUIRE(said.has_value());
        BOOST_TEST(said->is(errc::stopped));
        BOOST_TEST(j->unfinished() == 0u);
        co_await j->close();
    });
}

BOOST_AUTO_TEST_CASE(files_are_for_their_owner_only)
{
    test::run([](net::io_context&) -> awaitable<void> {
        const test::sqlite_file in;
        auto o = in.options();
        o.file = in.in.path + "/not/there/journal.db";
        const auto j = co_await in.open(o);
        co_await asked_sqlite(*j).append("1");
        namespace fs = std::filesystem;
        BOOST_TEST((fs::status(in.in.path + "/not/there").permissions() == fs::perms::owner_all));
        const auto owner = fs::perms::owner_read | fs::perms::owner_write;
        for (const char* beside : {"", "-wal", "-shm", ".lock"})
            BOOST_TEST((fs::status(o.file + beside).permissions() == owner), beside);
        co_await j->close();
        BOOST_TEST(!fs::exists(o.file + "-wal"));
    });
}

BOOST_AUTO_TEST_SUITE_END()
