#include "postern/bot/no_code/gate.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <deque>
#include <mutex>
#include <utility>

namespace postern::no_code {

struct gate::state
{
    state(std::size_t a, std::size_t w) : at_once(a), most_waiting(w) {}

    void leave()
    {
        const std::lock_guard lock(mutex);
        if (waiting.empty())
        {
            --inside;
            return;
        }
        auto next = std::move(waiting.front()); // takes the place that is left
        waiting.pop_front();
        net::post(next->get_executor(), [next] { next->cancel(); });
    }

    const std::size_t at_once, most_waiting;
    std::mutex mutex;
    std::size_t inside = 0;
    std::deque<std::shared_ptr<net::steady_timer>> waiting;
};

gate::gate(std::size_t at_once, std::size_t waiting) : state_(std::make_shared<state>(at_once, waiting)) {}

gate::pass::~pass()
{
    if (of_)
        of_->leave();
}

awaitable<result<gate::pass>> gate::enter(deadline limit)
{
    const auto shared = state_;
    const auto timer = std::make_shared<net::steady_timer>(co_await net::this_coro::executor, limit.at());
    {
        const std::lock_guard lock(shared->mutex);
        if (shared->inside < shared->at_once)
        {
            ++shared->inside;
            co_return pass(shared);
        }
        if (shared->waiting.size() >= shared->most_waiting)
            co_return error(errc::too_large, "waiting for others to finish").because("too many wait");
        shared->waiting.push_back(timer);
    }
    co_await timer->async_wait(as_result); // ended by who leaves, by the limit, or by who stops us

    bool called = false;
    {
        const std::lock_guard lock(shared->mutex);
        called = std::erase(shared->waiting, timer) == 0;
    }
    if (called)
        co_return pass(shared);
    co_return error(limit.passed() ? errc::timed_out : errc::stopped, "waiting for others to finish");
}

} // namespace postern::no_code
