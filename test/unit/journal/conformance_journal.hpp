#pragma once

// The journal under test and the words the conformance cases are written with.

#include "asked_deliveries.hpp"

#include "postern/base/async.hpp"
#include "postern/base/stages.hpp"
#include "postern/journal/journal.hpp"
#include "postern/journal/value_limits.hpp"

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
    journal::value_limits values{};
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

namespace conformance {

using namespace std::chrono_literals;

// The journal as a case talks to it; it sees the consumer "bot" unless it asks for another.
class asked_journal : public asked_deliveries
{
public:
    explicit asked_journal(std::shared_ptr<opened_journal> journal, std::string consumer = "bot")
        : asked_deliveries(journal->whole(), std::move(consumer)), journal_(std::move(journal))
    {
    }

    asked_journal as(std::string consumer) const { return asked_journal(journal_, std::move(consumer)); }

    awaitable<void> close() const
    {
        if (std::exchange(journal_->closed, true))
            co_return;
        co_await whole().close();
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
