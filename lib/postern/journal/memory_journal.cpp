#include "postern/journal/memory_journal.hpp"

#include "postern/journal/lane_schedule.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postern::journal {
namespace {

using alarm_ptr = std::shared_ptr<net::steady_timer>;
using waiters = std::vector<std::weak_ptr<net::steady_timer>>;

std::string identity(const event& e) { return e.bot + '\n' + e.key; }

// A timer is a condition here (house rule 17), and it is touched only where its owner runs.
void wake(waiters woken)
{
    for (auto& waiter : woken)
        if (auto alarm = waiter.lock())
        {
            auto where = alarm->get_executor();
            net::post(where, [alarm = std::move(alarm)] { alarm->cancel(); });
        }
}

} // namespace

// All members under the mutex, which no coroutine holds while it is suspended: every function below returns
// before anything is awaited.
struct memory_journal::state
{
    struct record
    {
        event what;
        unsigned attempt = 1;
    };

    explicit state(memory_journal_options o) : options(o) {}

    result<stored> keep(event what)
    {
        auto name = identity(what);
        if (const auto known = records_by_name.find(name); known != records_by_name.end())
            return stored{known->second, false};

        constexpr auto doing = "keeping an event in memory";
        if (unfinished.size() >= options.unfinished)
            return error(errc::journal_full, doing)
                .because(std::to_string(unfinished.size()) + " events are not over yet");
        if (what.body.size() > options.unfinished_bytes - bytes)
            return error(errc::journal_full, doing)
                .because("the events that are not over yet hold " + std::to_string(bytes) + " bytes");

        const auto number = ++last_record;
        records_by_name.emplace(std::move(name), number);
        bytes += what.body.size();
        schedule.add(number, what.lane());
        unfinished.emplace(number, record{std::move(what)});
        return stored{number, true};
    }

    std::optional<delivery> take()
    {
        const auto number = schedule.next(deadline::clock::now());
        if (!number)
            return std::nullopt;
        const auto& r = unfinished.at(*number);
        return delivery{*number, r.attempt, r.what};
    }

    void wait(const alarm_ptr& alarm, deadline limit)
    {
        alarm->expires_at(std::min(limit.at(), schedule.next_due().value_or(limit.at())));
        std::erase_if(waiting, [&](const auto& waiter) { // those that gave up, and our own last time
            const auto other = waiter.lock();
            return !other || other == alarm;
        });
        waiting.push_back(alarm);
    }

    result<> conclude(record_id number, outcome became)
    {
        if (!schedule.in_flight(number))
            return error(errc::bad_input, "settling record " + std::to_string(number))
                .because("it is not in flight");
        auto& r = unfinished.at(number);
        if (became.what == outcome::kind::retry)
        {
            ++r.attempt;
            schedule.postpone(number, deadline::clock::now() + became.pause);
            return {};
        }
        schedule.finish(number);
        bytes -= r.what.body.size();
        remember(identity(r.what));
        history.push_back(settled{number, std::move(r.what.bot), std::move(r.what.key), became.what,
                                  std::move(became.reason), r.attempt, std::chrono::system_clock::now()});
        if (history.size() > options.history)
            history.pop_front();
        unfinished.erase(number);
        return {};
    }

    void remember(std::string name)
    {
        finished_names.push_back(std::move(name));
        if (finished_names.size() <= options.remembered)
            return;
        records_by_name.erase(finished_names.front());
        finished_names.pop_front();
    }

    const memory_journal_options options;
    mutable std::mutex mutex;
    record_id last_record = 0;
    std::size_t bytes = 0; // of the bodies in `unfinished`
    lane_schedule schedule;
    std::unordered_map<record_id, record> unfinished;
    std::unordered_map<std::string, record_id> records_by_name; // unfinished and remembered ones
    std::deque<std::string> finished_names;                     // oldest first
    std::deque<settled> history;                                // oldest first
    waiters waiting;                                            // claims with nothing to do
};

memory_journal::memory_journal(memory_journal_options options) : state_(std::make_unique<state>(options)) {}
memory_journal::~memory_journal() = default;

awaitable<result<stored>> memory_journal::append(event what, deadline)
{
    waiters woken;
    std::unique_lock lock(state_->mutex);
    auto kept = state_->keep(std::move(what));
    if (kept && kept->fresh)
        woken.swap(state_->waiting);
    lock.unlock();
    wake(std::move(woken));
    co_return kept;
}

awaitable<result<std::optional<delivery>>> memory_journal::claim(deadline limit)
{
    const auto alarm = std::make_shared<net::steady_timer>(co_await net::this_coro::executor);
    for (;;)
    {
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (cancellation.cancelled() != net::cancellation_type::none)
            co_return error(errc::stopped, "waiting for an event");
        {
            const std::lock_guard lock(state_->mutex);
            auto taken = state_->take();
            if (taken || limit.passed())
                co_return std::move(taken);
            state_->wait(alarm, limit); // under the same lock: an append can't slip in between
        }
        co_await alarm->async_wait(as_result);
    }
}

awaitable<result<>> memory_journal::settle(record_id record, outcome became, deadline)
{
    waiters woken;
    std::unique_lock lock(state_->mutex);
    auto done = state_->conclude(record, std::move(became));
    if (done)
        woken.swap(state_->waiting);
    lock.unlock();
    wake(std::move(woken));
    co_return done;
}

std::optional<settled> memory_journal::find(std::string_view key) const
{
    const std::lock_guard lock(state_->mutex);
    const auto& history = state_->history;
    const auto found =
        std::find_if(history.rbegin(), history.rend(), [&](const auto& s) { return s.key == key; });
    return found == history.rend() ? std::nullopt : std::optional(*found);
}

std::size_t memory_journal::unfinished() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->unfinished.size();
}

} // namespace postern::journal
