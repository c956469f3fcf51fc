#pragma once

// Short words to talk to any journal, and failures that name what was asked.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/stages.hpp"
#include "postern/journal/journal.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

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

// Came out as it went in.
inline void check_same(const event& out, const event& in)
{
    BOOST_TEST((out.from == in.from));
    BOOST_TEST(out.bot == in.bot);
    BOOST_TEST(out.key == in.key);
    BOOST_TEST(out.kind() == in.kind());
    BOOST_TEST(out.room == in.room);
    BOOST_TEST(out.actor == in.actor);
    BOOST_TEST(out.data_id == in.data_id);
    BOOST_TEST((out.received == in.received));
    BOOST_TEST((out.happened == in.happened));
    BOOST_TEST(out.signature_checked == in.signature_checked);
    BOOST_TEST(out.body == in.body);
}

// A journal and one consumer of it.
class asked_deliveries
{
public:
    explicit asked_deliveries(journal::journal& whole, std::string consumer = "bot")
        : whole_(&whole), consumer_(std::move(consumer))
    {
    }

    journal::journal& whole() const { return *whole_; }
    deliveries_port& port() const { return whole_->consumer(consumer_); }

    awaitable<stored> append(event what) const
    {
        auto kept = co_await whole_->append(std::move(what), deadline::after(std::chrono::seconds(5)));
        BOOST_TEST_REQUIRE(kept.has_value(), describe(kept.has_error() ? kept.error() : error()));
        co_return *kept;
    }

    // What may run now, without waiting for it.
    awaitable<std::optional<delivery>> runnable() const
    {
        auto claimed = co_await port().claim(deadline::after(std::chrono::seconds(0)));
        BOOST_TEST_REQUIRE(claimed.has_value());
        co_return std::move(*claimed);
    }

    // A claim that nobody wakes must hang into the runner's limit: at its own deadline it would find the
    // event.
    awaitable<delivery> claim() const
    {
        auto claimed = co_await port().claim(deadline::after(std::chrono::hours(1)));
        BOOST_TEST_REQUIRE(claimed.has_value());
        BOOST_TEST_REQUIRE(claimed->has_value());
        co_return std::move(**claimed);
    }

    awaitable<void> settle(record_id record, outcome became) const
    {
        const auto limit = deadline::after(std::chrono::seconds(5));
        const auto written = co_await port().settle(record, std::move(became), limit);
        BOOST_TEST_REQUIRE(written.has_value());
    }

    awaitable<void> note(record_id record, effect what) const
    {
        const auto limit = deadline::after(std::chrono::seconds(5));
        const auto written = co_await port().note(record, std::move(what), limit);
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
    journal::journal* whole_;
    std::string consumer_;
};

} // namespace postern::test
