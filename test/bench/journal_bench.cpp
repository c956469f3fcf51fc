// What it costs to keep an event in the SQLite journal, and to hand it out and settle it.
//   journal_bench fill FILE ROWS          a journal with so many events that are over
//   journal_bench run FILE FIRST COUNT    appends the deliveries from FIRST on, then claims and settles them
// Both print one line of JSON; times of `run` are per event, with 32 callers at once.

#include "delivery.hpp"

#include "postern/journal/sqlite_journal.hpp"
#include "postern/verify/event_json.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace postern;
using clock_type = std::chrono::steady_clock;

constexpr int callers = 32;
constexpr auto patience = std::chrono::minutes(1);

double milliseconds_since(clock_type::time_point start)
{
    return std::chrono::duration<double, std::milli>(clock_type::now() - start).count();
}

std::unique_ptr<journal::sqlite_journal> open(net::io_context& io, const std::string& file)
{
    journal::sqlite_journal_options options;
    options.file = file;
    options.size_limit = std::uint64_t{1} << 40;
    options.unfinished = 10'000'000;
    options.unfinished_bytes = std::uint64_t{1} << 40;
    const log out(severity::warning, stderr_sink(log_format::human));
    return std::move(journal::sqlite_journal::open(io.get_executor(), std::move(options), out).value());
}

// Runs one coroutine to its end; what it throws ends the program.
template <class Coroutine>
void run(net::io_context& io, Coroutine coroutine)
{
    net::co_spawn(io, std::move(coroutine), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    io.run();
    io.restart();
}

event event_of(std::uint64_t n)
{
    auto made = verify::parse_event(bench::delivery(n)).value();
    made.bot = bench::bot();
    made.received = std::chrono::system_clock::now();
    return made;
}

class measurement
{
public:
    measurement(journal::sqlite_journal& journal, std::uint64_t first, std::size_t count)
        : journal_(journal), bot_(journal.consumer("bot"))
    {
        for (std::size_t n = 0; n < count; ++n)
            events_.push_back(event_of(first + n));
    }

    awaitable<void> append()
    {
        while (begun_ < events_.size())
        {
            auto what = std::move(events_[begun_++]);
            const auto kept = co_await journal_.append(std::move(what), deadline::after(patience));
            if (!kept.value().fresh)
                throw std::runtime_error("an event was there already: another FIRST is needed");
        }
    }

    awaitable<void> settle()
    {
        while (begun_ < events_.size())
        {
            ++begun_;
            auto claimed = co_await bot_.claim(deadline::after(patience));
            const auto record = claimed.value().value().record; // there must be one
            auto became = outcome::done("bench");
            auto settled = co_await bot_.settle(record, std::move(became), deadline::after(patience));
            settled.value();
        }
    }

    // Microseconds per event, with all callers at it.
    double time(net::io_context& io, awaitable<void> (measurement::*work)())
    {
        begun_ = 0;
        const auto start = clock_type::now();
        for (int i = 0; i < callers; ++i)
            net::co_spawn(
                io, [this, work] { return (this->*work)(); },
                [](std::exception_ptr failure) {
                    if (failure)
                        std::rethrow_exception(failure);
                });
        io.run();
        io.restart();
        return milliseconds_since(start) * 1000 / static_cast<double>(events_.size());
    }

private:
    journal::sqlite_journal& journal_;
    deliveries_port& bot_;
    std::vector<event> events_;
    std::size_t begun_ = 0;
};

int measure(const std::string& file, std::uint64_t first, std::size_t count)
{
    net::io_context io(1);
    const auto start = clock_type::now();
    const auto journal = open(io, file);
    const auto opened = milliseconds_since(start);
    measurement m(*journal, first, count);
    const auto append = m.time(io, &measurement::append);
    const auto settle = m.time(io, &measurement::settle);
    run(io, [&journal] { return journal->close(); });
    std::cout << R"({"open_ms": )" << opened << R"(, "append_us": )" << append << R"(, "settle_us": )"
              << settle << "}\n";
    return 0;
}

// The digest of a message as the journal makes it, but for the hash: nobody asks for these events again.
std::array<unsigned char, 20> digest_of(std::uint64_t n)
{
    std::array<unsigned char, 20> digest{};
    const auto time = bench::message_time(n);
    for (std::size_t i = 0; i < 8; ++i)
        digest[i] = static_cast<unsigned char>(time >> (8 * (7 - i)));
    const std::uint64_t mixed = (n + 1) * 0x9E3779B97F4A7C15;
    std::memcpy(digest.data() + 8, &mixed, sizeof(mixed));
    return digest;
}

// Written past the journal, which would take hours: in the order in which it would have been.
int fill(const std::string& file, std::uint64_t rows)
{
    const auto start = clock_type::now();
    {
        net::io_context io(1);
        const auto journal = open(io, file); // makes the tables
        run(io, [&journal] { return journal->close(); });
    }
    SQLite::Database database(file, SQLite::OPEN_READWRITE);
    database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
    SQLite::Statement add(database,
                          "INSERT INTO events (id, digest, origin, bot, key, resource, name, room, actor, "
                          "data_id, received, happened, signature_checked, body) VALUES "
                          "(?1, ?2, 0, ?3, 'messages:created:' || ?4, 'messages', 'created', ?5, ?3, ?4, ?6, "
                          "?6, 1, x'')");
    SQLite::Statement over(database, "INSERT INTO attempts (event, consumer, number, since, started, took, "
                                     "what, reason) VALUES (?1, 1, 1, 1, ?2, 5, 0, 'bench')");
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    for (std::uint64_t n = 0; n < rows;)
    {
        SQLite::Transaction together(database);
        for (std::uint64_t i = 0; i < 100'000 && n < rows; ++i, ++n)
        {
            const auto digest = digest_of(n);
            const auto when = now - static_cast<std::int64_t>((rows - n) / 100);
            add.bind(1, static_cast<std::int64_t>(n + 1));
            add.bind(2, digest.data(), static_cast<int>(digest.size()));
            add.bindNoCopy(3, bench::bot());
            add.bind(4, bench::message_id(n));
            add.bind(5, bench::room_id(n));
            add.bind(6, when);
            add.exec();
            add.reset();
            over.bind(1, static_cast<std::int64_t>(n + 1));
            over.bind(2, when);
            over.exec();
            over.reset();
        }
        together.commit();
    }
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    std::cout << R"({"rows": )" << rows << R"(, "seconds": )" << milliseconds_since(start) / 1000
              << R"(, "bytes": )" << std::filesystem::file_size(file) << "}\n";
    return 0;
}

} // namespace

int main(int count, char** words)
{
    const std::vector<std::string> said(words + 1, words + count);
    if (said.size() == 3 && said[0] == "fill")
        return fill(said[1], std::stoull(said[2]));
    if (said.size() == 4 && said[0] == "run")
        return measure(said[1], std::stoull(said[2]), std::stoull(said[3]));
    std::cerr << "usage: journal_bench fill FILE ROWS | run FILE FIRST COUNT\n";
    return 2;
}
