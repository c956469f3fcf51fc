#pragma once

// Carries out the faults (ST-14 to ST-22).

#include "postern/base/task_scope.hpp"
#include "standin/session.hpp"
#include "standin/world.hpp"

#include <functional>

namespace postern::standin {

class mischief
{
public:
    struct hooks
    {
        std::function<void(int code)> end;        // as it is
        std::function<void()> stop;               // gracefully
        std::function<void(api_mode)> switch_api; // opens or closes it
    };

    mischief(world& w, session& s, task_scope& tasks, hooks h)
        : world_(w), session_(s), tasks_(tasks), hooks_(std::move(h))
    {
    }

    // At once. What takes time goes on as a task.
    void strike(fault);

    // The start has come that far: strikes what is due, sets the timers for what is due later. Returns once
    // the start may go on; false: it does not, and everything ends.
    awaitable<bool> at(stage);

private:
    void exit_now(const fault&);
    void stop(const fault&);
    void fatal(const fault&);
    void panic(const fault&);
    void abort(const fault&);
    void orphan(const fault&);
    void hang_start(const fault&);
    void freeze(const fault&);
    void unreachable(const fault&);
    void lose(const fault&);
    void restore(const fault&);
    void remove(const fault&);
    void url(const fault&);
    void api(const fault&);
    void edge(const fault&);
    void verify(const fault&);
    void foreign(const fault&);
    void second(const fault&);
    void http_first(const fault&);
    void wrong_address(const fault&);
    void flood(const fault&);
    void noise(const fault&);
    void shape(const fault&);
    void print(const fault&);
    void clock(const fault&);

    void spawn(task_scope::task);
    awaitable<void> strike_later(fault);
    awaitable<void> restore_after(std::chrono::milliseconds);

    world& world_;
    session& session_;
    task_scope& tasks_;
    hooks hooks_;
    bool hanging_ = false;
};

} // namespace postern::standin
