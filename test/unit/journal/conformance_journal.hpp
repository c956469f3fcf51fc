#pragma once

// The journal under test and the words the conformance cases are written with.

#include "postern/base/async.hpp"
#include "postern/base/stages.hpp"
#include "postern/journal/settled.hpp"

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
    std::size_t remembered = 1'000;
    std::size_t history = 1'000;
};

// A journal under test: fresh for every case, gone with this object.
class opened_journal
{
public:
    virtual ~opened_journal() = default;
    virtual journal_port& port() = 0;
    virtual std::optional<journal::settled> find(std::string key) = 0;
};

using open_journal = std::function<std::unique_ptr<opened_journal>(journal_limits)>;

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

// The journal as a case talks to it: short words, failures that name what was asked.
class asked_journal
{
public:
    explicit asked_journal(std::shared_ptr<opened_journal> journal) : journal_(std::move(journal)) {}

    opened_journal& opened() const { return *journal_; }
    journal_port& port() const { return journal_->port(); }

    awaitable<stored> append(event what) const
    {
        auto kept = co_await port().append(std::move(what), deadline::after(5s));
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

private:
    std::shared_ptr<opened_journal> journal_;
};

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
