#pragma once

#include "postern/base/stages.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

inline delivery a_delivery(record_id record, std::string key, unsigned attempt = 1)
{
    delivery d;
    d.record = record;
    d.attempt = attempt;
    d.what.key = std::move(key);
    d.what.data_id = "data of " + d.what.key;
    d.what.received = std::chrono::system_clock::now();
    return d;
}

// Hands out what stands in its script, one after another, and remembers what was written back. For one
// thread.
class scripted_journal final : public deliveries_port
{
public:
    std::deque<delivery> work;
    int failing_claims = 0;  // the next claims fail
    int failing_settles = 0; // the next settles fail
    int hopeless_settles = 0;
    int settle_calls = 0;
    bool throws = false; // failures are exceptions
    std::vector<std::pair<record_id, outcome>> written;

    awaitable<result<std::optional<delivery>>> claim(deadline limit) override
    {
        if (failing_claims > 0)
        {
            --failing_claims;
            if (throws)
                throw std::runtime_error("disk on fire");
            co_return error(errc::file_unreadable, "claiming");
        }
        if (work.empty())
        {
            net::steady_timer idle(co_await net::this_coro::executor, limit.at());
            const auto [ec] = co_await idle.async_wait(as_result);
            if (ec)
                co_return error(errc::stopped, "claiming");
            co_return std::optional<delivery>();
        }
        auto next = std::move(work.front());
        work.pop_front();
        co_return std::optional(std::move(next));
    }

    awaitable<result<>> settle(record_id record, outcome became, deadline) override
    {
        ++settle_calls;
        if (failing_settles > 0)
        {
            --failing_settles;
            if (throws)
                throw std::runtime_error("disk on fire");
            co_return error(errc::file_unreadable, "settling");
        }
        if (hopeless_settles > 0)
        {
            --hopeless_settles;
            co_return error(errc::bad_input, "settling").because("it is not in flight");
        }
        written.emplace_back(record, std::move(became));
        if (done_ && written.size() >= awaited_)
            done_->cancel();
        co_return result<>();
    }

    awaitable<result<>> note(record_id, effect, deadline) override { co_return error(errc::bad_input); }

    // Until that many outcomes are written, or the runner's patience is nearly over.
    awaitable<void> until_written(std::size_t count)
    {
        if (written.size() >= count)
            co_return;
        awaited_ = count;
        done_.emplace(co_await net::this_coro::executor, std::chrono::seconds(4));
        co_await done_->async_wait(as_result);
        done_.reset();
    }

    const outcome* outcome_of(record_id record) const
    {
        for (const auto& [r, became] : written)
            if (r == record)
                return &became;
        return nullptr;
    }

private:
    std::size_t awaited_ = 0;
    std::optional<net::steady_timer> done_;
};

} // namespace postern::test
