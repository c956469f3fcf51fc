#pragma once

// A SQLite journal in a folder of its own, and short words to talk to it.

#include "postern/base/log.hpp"
#include "postern/base/time.hpp"
#include "postern/journal/sqlite_journal.hpp"

#include "asked_deliveries.hpp"
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

class asked_sqlite : public asked_deliveries
{
public:
    using asked_deliveries::append;
    using asked_deliveries::asked_deliveries;

    awaitable<result<stored>> try_append(event what, std::chrono::milliseconds limit = 5s) const
    {
        return whole().append(std::move(what), deadline::after(limit));
    }
    awaitable<stored> append(std::string key, std::string room = "room") const
    {
        return append(an_event(std::move(key), std::move(room)));
    }
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
