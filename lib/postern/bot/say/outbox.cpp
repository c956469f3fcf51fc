#include "postern/bot/say/outbox.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <list>
#include <mutex>
#include <set>
#include <utility>

namespace postern::matching {

struct outbox::state
{
    struct waiter
    {
        std::string room;
        std::shared_ptr<net::steady_timer> timer;
    };

    explicit state(limits l) : most(l) {}

    // The oldest waiters whose rooms are free, as many as may speak.
    void call_next()
    {
        for (auto next = waiting.begin(); next != waiting.end() && busy.size() < most.rooms;)
        {
            if (!busy.insert(next->room).second)
            {
                ++next;
                continue;
            }
            auto timer = std::move(next->timer);
            next = waiting.erase(next);
            net::post(timer->get_executor(), [timer] { timer->cancel(); });
        }
    }

    void leave(const std::string& room)
    {
        const std::lock_guard lock(mutex);
        busy.erase(room);
        call_next();
    }

    const limits most;
    std::mutex mutex;
    std::set<std::string> busy;
    std::list<waiter> waiting; // in the order in which they came
};

outbox::turn::~turn()
{
    if (of_)
        of_->leave(room_);
}

outbox::outbox() : outbox(limits{}) {}
outbox::outbox(limits most) : state_(std::make_shared<state>(most)) {}

std::size_t outbox::waiting() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->waiting.size();
}

awaitable<result<outbox::turn>> outbox::enter(std::string room, deadline limit)
{
    const auto shared = state_;
    const auto timer = std::make_shared<net::steady_timer>(co_await net::this_coro::executor, limit.at());
    {
        const std::lock_guard lock(shared->mutex);
        const auto same = [&](const state::waiter& w) { return w.room == room; };
        const bool first = std::none_of(shared->waiting.begin(), shared->waiting.end(), same);
        if (first && shared->busy.size() < shared->most.rooms && shared->busy.insert(room).second)
            co_return turn(shared, std::move(room));
        if (shared->waiting.size() >= shared->most.waiting)
            co_return error(errc::too_large, "waiting for a turn to speak")
                .because("too much is waiting to be said");
        shared->waiting.push_back({room, timer});
    }
    co_await timer->async_wait(as_result); // ended by who calls us, by the limit, or by who stops us

    bool called = false;
    {
        const std::lock_guard lock(shared->mutex);
        const auto mine = [&](const state::waiter& w) { return w.timer == timer; };
        called = std::erase_if(shared->waiting, mine) == 0;
    }
    if (called)
        co_return turn(shared, std::move(room));
    co_return error(limit.passed() ? errc::timed_out : errc::stopped, "waiting for a turn to speak");
}

} // namespace postern::matching
