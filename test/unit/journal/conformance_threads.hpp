#pragma once

// Many writers and readers at once: nothing is lost, doubled or out of order.

#include "conformance_journal.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <set>

namespace postern::test::conformance {

inline constexpr int writers = 4, readers = 4, rooms = 5, rounds = 100;

// What the readers saw, put together by all threads.
struct sightings
{
    std::mutex mutex;
    std::map<std::string, int> latest; // per room
    std::set<std::string> running;     // rooms with a delivery under way
    int settled = 0, disorder = 0, failures = 0;

    void begin(const delivery& d, int number)
    {
        const std::lock_guard lock(mutex);
        if (d.attempt == 1 && (!running.insert(d.what.room).second || number <= latest[d.what.room]))
            ++disorder;
        latest[d.what.room] = number;
    }
    void end(const delivery& d)
    {
        const std::lock_guard lock(mutex);
        running.erase(d.what.room);
        ++settled;
    }
    bool complete()
    {
        const std::lock_guard lock(mutex);
        return settled == writers * rounds;
    }
    void failed()
    {
        const std::lock_guard lock(mutex);
        ++failures;
    }
};

// Every writer has rooms of its own, so that the order in a room is known.
inline awaitable<void> write(asked_journal j, std::shared_ptr<sightings> seen, int writer)
{
    for (int i = 1; i <= rounds; ++i)
    {
        const auto room = std::to_string(writer) + "/" + std::to_string(i % rooms);
        auto what = an_event(room + ":" + std::to_string(i), room);
        what.data_id = std::to_string(i);
        auto kept = co_await j.whole().append(std::move(what), deadline::after(5s));
        if (!kept)
            seen->failed();
    }
}

inline awaitable<void> read(asked_journal j, std::shared_ptr<sightings> seen)
{
    while (!seen->complete())
    {
        auto claimed = co_await j.port().claim(deadline::after(10ms));
        if (!claimed)
            seen->failed();
        if (!claimed || !*claimed)
            continue;
        const auto d = std::move(**claimed);
        const int number = std::stoi(d.what.data_id);
        seen->begin(d, number);
        const bool again = d.attempt == 1 && number % 10 == 0;
        if (!again)
            seen->end(d);
        auto became = again ? outcome::retry("once more", 1ms) : outcome::done();
        auto written = co_await j.port().settle(d.record, std::move(became), deadline::after(5s));
        if (!written)
            seen->failed();
    }
}

// Whoever ends last closes the journal.
struct crowd
{
    asked_journal journal;
    std::shared_ptr<sightings> seen;
    net::any_io_executor where;
    std::atomic<int> left{writers + readers};

    void one_ended(std::exception_ptr e)
    {
        if (e)
            seen->failed();
        if (--left == 0)
            net::co_spawn(net::make_strand(where), journal.close(), [own = seen](std::exception_ptr failed) {
                if (failed)
                    own->failed();
            });
    }
};

inline void every_event_is_handled_once_and_in_order_by_many_threads(open_journal open)
{
    net::thread_pool pool(4);
    const auto seen = std::make_shared<sightings>();
    const asked_journal j(open(pool.get_executor(), {}));
    crowd all{j, seen, pool.get_executor()};
    auto ended = [&all](std::exception_ptr e) { all.one_ended(e); };
    for (int i = 0; i < readers; ++i)
        net::co_spawn(net::make_strand(pool), read(j, seen), ended);
    for (int i = 0; i < writers; ++i)
        net::co_spawn(net::make_strand(pool), write(j, seen, i), ended);
    pool.join();
    BOOST_TEST(seen->settled == writers * rounds);
    BOOST_TEST(seen->disorder == 0);
    BOOST_TEST(seen->failures == 0);
}

} // namespace postern::test::conformance
