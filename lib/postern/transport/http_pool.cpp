#include "postern/transport/http_pool.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace postern::transport {

void dispose(stream_ptr stream)
{
    if (!stream)
        return;
    const auto where = stream->executor();
    net::post(where, [doomed = std::shared_ptr<byte_stream>(std::move(stream))] {});
}

awaitable<bool> connection_pool::enter(std::string origin, deadline limit)
{
    auto turn = std::make_shared<net::steady_timer>(co_await net::this_coro::executor, limit.at());
    {
        const std::lock_guard lock(mutex_);
        auto& state = origins_[origin];
        if (state.places_taken < limits_.places_per_origin)
        {
            ++state.places_taken;
            co_return true;
        }
        state.waiting.push_back(turn);
    }
    co_await turn->async_wait(as_result);

    const std::lock_guard lock(mutex_);
    auto& waiting = origins_[origin].waiting;
    const auto self = std::find(waiting.begin(), waiting.end(), turn);
    if (self == waiting.end())
        co_return true; // leave() took us from the queue and left its place to us
    waiting.erase(self);
    co_return false;
}

stream_ptr connection_pool::take_idle(const std::string& origin, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    auto& idle = origins_[origin].idle;
    while (!idle.empty() && now - idle.front().since > limits_.idle_timeout)
    {
        dispose(std::move(idle.front().stream));
        idle.pop_front();
    }
    if (idle.empty())
        return nullptr;
    auto stream = std::move(idle.back().stream);
    idle.pop_back();
    return stream;
}

void connection_pool::leave(const std::string& origin, stream_ptr reusable, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    auto& state = origins_[origin];
    if (reusable && state.idle.size() < limits_.idle_per_origin)
        state.idle.push_back({std::move(reusable), now});
    dispose(std::move(reusable));
    if (state.waiting.empty())
    {
        --state.places_taken;
        return;
    }
    auto next = std::move(state.waiting.front()); // our place is now its place
    state.waiting.pop_front();
    net::post(next->get_executor(), [next] { next->cancel(); });
}

void connection_pool::close_idle()
{
    const std::lock_guard lock(mutex_);
    for (auto& [origin, state] : origins_)
    {
        for (auto& connection : state.idle)
            dispose(std::move(connection.stream));
        state.idle.clear();
    }
}

} // namespace postern::transport
