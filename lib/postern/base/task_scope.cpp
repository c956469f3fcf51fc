#include "postern/base/task_scope.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/assert.hpp>

#include <list>
#include <mutex>

namespace postern {

// Kept alive by every task under way, so that the last one can report itself gone.
struct task_scope::state
{
    struct task_entry
    {
        explicit task_entry(net::any_io_executor ex) : strand(std::move(ex)) {}
        net::any_io_executor strand;
        net::cancellation_signal signal; // touched on `strand` only (house rule 9)
        std::list<std::shared_ptr<task_entry>>::iterator self;
    };

    explicit state(report_fn r) : report(std::move(r)) {}

    void finished(task_entry& entry, std::exception_ptr error)
    {
        if (error)
            report(error); // never rethrown into io_context::run()
        const std::lock_guard lock(mutex);
        tasks.erase(entry.self);
        if (tasks.empty() && waiter) // cancel where the waiter runs
            net::post(waiter->get_executor(), [timer = waiter] { timer->cancel(); });
    }

    report_fn report;
    mutable std::mutex mutex;
    bool stopping = false;
    std::list<std::shared_ptr<task_entry>> tasks;
    std::shared_ptr<net::steady_timer> waiter;
};

namespace {

// To a wait, asked to end is the same as told to: a race (within) forwards only the first cancellation it
// hears, and its sides ignore a total one, so it could not be ended any more.
struct insist
{
    net::cancellation_type operator()(net::cancellation_type heard) const
    {
        return heard == net::cancellation_type::none ? heard : net::cancellation_type::terminal;
    }
};

// A task hears total cancellation too, and its waits answer instead of throwing.
awaitable<void> guarded(task_scope::task work)
{
    co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation(), insist());
    co_await net::this_coro::throw_if_cancelled(false);
    co_await work();
}

} // namespace

task_scope::task_scope(report_fn report) : state_(std::make_shared<state>(std::move(report))) {}

task_scope::~task_scope() { BOOST_ASSERT_MSG(size() == 0, "a task outlives its owner"); }

bool task_scope::spawn(net::any_io_executor strand, task work)
{
    auto entry = std::make_shared<state::task_entry>(strand);
    const std::lock_guard lock(state_->mutex); // held across post(): stop() must not slip in between
    if (state_->stopping)
        return false;
    entry->self = state_->tasks.insert(state_->tasks.end(), entry);
    net::post(strand, [s = state_, entry, work = std::move(work)]() mutable {
        auto start = [work = std::move(work)]() mutable { return guarded(std::move(work)); };
        net::co_spawn(entry->strand, std::move(start),
                      net::bind_cancellation_slot(entry->signal.slot(), [s, entry](std::exception_ptr error) {
                          s->finished(*entry, error);
                      }));
    });
    return true;
}

void task_scope::stop(net::cancellation_type how)
{
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    for (const auto& entry : state_->tasks) // emit where the task runs, not here
        net::post(entry->strand, [entry, how] { entry->signal.emit(how); });
}

bool task_scope::stopping() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->stopping;
}

std::size_t task_scope::size() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->tasks.size();
}

awaitable<bool> task_scope::drained(deadline limit)
{
    auto waiter = std::make_shared<net::steady_timer>(co_await net::this_coro::executor, limit.at());
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->tasks.empty())
            co_return true;
        state_->waiter = waiter;
    }
    co_await waiter->async_wait(as_result); // ended by the last task or by the limit
    const std::lock_guard lock(state_->mutex);
    state_->waiter.reset();
    co_return state_->tasks.empty();
}

awaitable<bool> wind_down(task_scope& scope, std::chrono::milliseconds patience)
{
    scope.stop(net::cancellation_type::total); // finish your sentence
    const bool quiet = co_await scope.drained(deadline::after(patience));
    if (quiet)
        co_return true;
    scope.stop(net::cancellation_type::terminal); // stop where you are
    const bool empty = co_await scope.drained(deadline::after(std::chrono::seconds(2)));
    co_return empty;
}

} // namespace postern
