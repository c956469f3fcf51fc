#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <exception>
#include <functional>
#include <memory>

namespace postern {

// Every task has an owner that can stop it and wait for it. Nothing in postern is detached.
//
// Thread-safe. A scope must be drained before it is destroyed; the destructor asserts it. After stop()
// nothing new starts. Exceptions that leave a task go to `report`, never into io_context::run().
class task_scope
{
public:
    using report_fn = std::function<void(std::exception_ptr)>;
    using task = std::function<awaitable<void>()>;

    explicit task_scope(report_fn report);
    ~task_scope();
    task_scope(const task_scope&) = delete;
    task_scope& operator=(const task_scope&) = delete;

    // Starts `work` on `strand` (a strand, or a context with one thread). False once stop() was called.
    // A task hears terminal and total cancellation, and is not thrown at: after a cancellation its waits
    // answer operation_aborted, and it should return.
    bool spawn(net::any_io_executor strand, task work);

    // Asks every task: `total` lets it finish its sentence, `terminal` stops it where it is.
    void stop(net::cancellation_type how);
    bool stopping() const;

    // Waits until no task is left; false: at the deadline some still were. One waiter at a time.
    awaitable<bool> drained(deadline limit);
    std::size_t size() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

// Asks, waits, insists, waits: the two levels of stopping in one place. True if the scope ran empty.
awaitable<bool> wind_down(task_scope& scope, std::chrono::milliseconds patience);

} // namespace postern
