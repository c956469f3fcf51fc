#pragma once

// The journal under test and the words the conformance cases are written with.

#include "postern/base/async.hpp"
#include "postern/base/stages.hpp"
#include "postern/journal/journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

struct journal_limits
{
    std::size_t unfinished = 1'000;
    std::vector<std::string> consumers{"bot"};
};

// A journal under test: fresh for every case, gone with this object. It is closed before, except when a case
// failed in the middle.
class opened_journal
{
public:
    virtual ~opened_journal() = default;
    virtual journal::journal& whole() = 0;

    bool closed = false; // by the case itself
};

// Its completions run on `where`, which outlives it.
using open_journal =
    std::function<std::unique_ptr<opened_journal>(net::any_io_executor where, journal_limits)>;

inline event an_event(std::string key, std::string room = "room", std::string bot = "bot")
{
    event e;
    e.bot = std::move(bot);
    e.key = std::move(key);
    e.room = std::move(room);
    e.resource = "messages";
    e.name = "created";
    e.data_id = e.key;
    e.body = "{\"key\":\"" + e.key + "\"}";
    return e;
}

namespace conformance {

using namespace std::chrono_literals;

// The journal as a case talks to it: short words, failures that name what was asked. A case sees the
// consumer "bot" unless it asks for another.
class asked_journal
{
public:
    explicit asked_journal(std::shared_ptr<opened_journal> journal, std::string consumer = "bot")
        : journal_(std::move(journal)), consumer_(std::move(consumer))
    {
    }

    asked_journal as(std::string consumer) const { return asked_journal(journal_, std::move(consumer)); }

    journal::journal& whole() const { return journal_->whole(); }
    deliveries_port& port() const { return whole().consumer(consumer_); }

    awaitable<stored> append(event what) const
    {
        auto kept = co_await whole().append(std::move(what), deadline::after(5s));
        BOOST_TEST_REQUIRE(kept.has_value());
        co_return *kept;
    }

    // What may run now, without waiting for it.
    awaitable<std::optional<delivery>> runnable() const
    {
        auto claimed = co_await port().claim(deadline::after(0s));
        BOOST_TEST_REQUIRE(claimed.has_value());
        co_return std::move(*claimed);
    }

    // A claim that nobody wakes must hang into the runner's limit: at its own deadline it would find the
    // event.
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

    awaitable<void> close() const
    {
        if (std::exchange(journal_->closed, true))
            co_return;
        co_await whole().close();
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

    awaitable<room_position> room(std::string name, std::string bot = "bot") const // empty: not known
    {
        const auto known = co_await whole().rooms(std::move(bot), deadline::after(5s));
        BOOST_TEST_REQUIRE(known.has_value());
        for (const auto& position : *known)
            if (position.room == name)
                co_return position;
        co_return room_position();
    }

private:
    std::shared_ptr<opened_journal> journal_;
    std::string consumer_;
};

using key_list = std::vector<std::string>;

inline awaitable<void> append_each(asked_journal j, std::vector<std::string> rooms) // the key is the room
{
    for (const auto& room : rooms)
        co_await j.append(an_event(room, room));
}

// Starts `task` once the caller waits for something, never before.
template <class Task>
void spawn(net::any_io_executor strand, Task task)
{
    auto report = [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    };
    net::post(strand, [strand, report, task = std::move(task)]() mutable {
        net::co_spawn(strand, std::move(task), report);
    });
}

} // namespace conformance
} // namespace postern::test
