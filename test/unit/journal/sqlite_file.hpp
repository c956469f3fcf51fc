#pragma once

// A SQLite journal in a folder of its own, and short words to talk to it.

#include "postern/base/log.hpp"
#include "postern/base/time.hpp"
#include "postern/journal/sqlite_journal.hpp"

#include "conformance_journal.hpp"
#include "faulty_disk.hpp"
#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

using namespace std::chrono_literals;
using journal::sqlite_journal;
using journal::sqlite_journal_options;

struct sqlite_file
{
    folder in;
    std::string file = in.path + "/journal.db";
    log out = quiet_log();

    sqlite_journal_options options() const
    {
        sqlite_journal_options o;
        o.file = file;
        o.vfs = faulty_disk::instance().name;
        o.keep = 24h * 365 * 100; // events of tests are from 1970
        o.probe_every = 10ms;
        o.requests_every = 5ms;
        return o;
    }

    awaitable<std::unique_ptr<sqlite_journal>> open() const
    {
        auto opened = co_await open(options());
        co_return opened;
    }

    awaitable<std::unique_ptr<sqlite_journal>> open(sqlite_journal_options o) const
    {
        const auto where = co_await net::this_coro::executor;
        auto opened = sqlite_journal::open(where, std::move(o), out);
        BOOST_TEST_REQUIRE(opened.has_value(), describe(opened.has_error() ? opened.error() : error()));
        co_return std::move(*opened);
    }

    awaitable<error> refused(sqlite_journal_options o) const
    {
        const auto where = co_await net::this_coro::executor;
        const auto opened = sqlite_journal::open(where, std::move(o), out);
        BOOST_TEST_REQUIRE(opened.has_error());
        BOOST_TEST(opened.error().is(errc::file_unreadable));
        BOOST_TEST(!opened.error().advice.empty());
        co_return opened.error();
    }

    // What stands in the file: another connection's view.
    std::int64_t number(const std::string& question) const
    {
        SQLite::Database db(file);
        return db.execAndGet(question).getInt64();
    }
    void change(const std::string& statement) const
    {
        SQLite::Database db(file, SQLite::OPEN_READWRITE, 1'000);
        db.exec(statement);
    }
};

// A journal's opening, its calls and what they must answer.
class asked_sqlite
{
public:
    explicit asked_sqlite(sqlite_journal& j, std::string consumer = "bot")
        : journal_(j), consumer_(std::move(consumer))
    {
    }

    deliveries_port& port() const { return journal_.consumer(consumer_); }

    awaitable<result<stored>> try_append(event what, std::chrono::milliseconds limit = 5s) const
    {
        return journal_.append(std::move(what), deadline::after(limit));
    }
    awaitable<stored> append(event what) const
    {
        auto kept = co_await try_append(std::move(what));
        BOOST_TEST_REQUIRE(kept.has_value(), describe(kept.has_error() ? kept.error() : error()));
        co_return *kept;
    }
    awaitable<stored> append(std::string key, std::string room = "room") const
    {
        return append(an_event(std::move(key), std::move(room)));
    }

    awaitable<std::optional<delivery>> runnable() const
    {
        auto claimed = co_await port().claim(deadline::after(0s));
        BOOST_TEST_REQUIRE(claimed.has_value());
        co_return std::move(*claimed);
    }
    awaitable<delivery> claim() const
    {
        auto claimed = co_await port().claim(deadline::after(1h));
        BOOST_TEST_REQUIRE(claimed.has_value());
        BOOST_TEST_REQUIRE(claimed->has_value());
        co_return std::move(**claimed);
    }
    awaitable<void> settle(record_id record, outcome became) const
    {
        const auto written = co_await port().settle(record, std::move(became), deadline::after(5s));
        BOOST_TEST_REQUIRE(written.has_value());
    }
    awaitable<void> note(record_id record, effect what) const
    {
        const auto written = co_await port().note(record, std::move(what), deadline::after(5s));
        BOOST_TEST_REQUIRE(written.has_value());
    }
    // Handles everything that may run, and tells in which order.
    awaitable<std::vector<std::string>> worked_off() const
    {
        std::vector<std::string> keys;
        for (;;)
        {
            const auto d = co_await runnable();
            if (!d)
                break;
            keys.push_back(d->what.key);
            co_await settle(d->record, outcome::done());
        }
        co_return keys;
    }

private:
    sqlite_journal& journal_;
    const std::string consumer_;
};

inline effect an_effect(unsigned number, std::string digest, std::string id = {})
{
    effect e;
    e.number = number;
    e.digest = std::move(digest);
    e.at = wall_time(1'700'000'000'123ms);
    e.id = std::move(id);
    return e;
}

using keys = std::vector<std::string>;

} // namespace postern::test
