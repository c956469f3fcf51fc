#include "demo_feed.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace postern::app {
namespace {

constexpr std::size_t most_waiting = 1000;
constexpr auto heartbeat = std::chrono::seconds(15); // finds out that a page is gone

} // namespace

void demo_feed::publish(std::string_view name, std::string_view json)
{
    std::string text = "event: ";
    ((text += name) += "\ndata: ").append(json) += "\n\n";
    const std::lock_guard lock(mutex_);
    for (const auto& p : pages_)
    {
        p->waiting.push_back(text);
        net::post(p->bell->get_executor(), [bell = p->bell] { bell->cancel(); });
    }
}

transport::response demo_feed::open()
{
    auto answer = transport::make_response(200, {}, "text/event-stream");
    answer.headers.add("Cache-Control", "no-store");
    answer.streamed = [self = shared_from_this()](std::shared_ptr<transport::body_stream> out) {
        return feed_page(self, std::move(out));
    };
    return answer;
}

awaitable<void> demo_feed::feed_page(std::shared_ptr<demo_feed> self,
                                     std::shared_ptr<transport::body_stream> out)
{
    auto mine = std::make_shared<page>();
    mine->bell = std::make_shared<net::steady_timer>(co_await net::this_coro::executor);
    {
        const std::lock_guard lock(self->mutex_);
        self->pages_.push_back(mine);
    }
    auto written = co_await out->write("retry: 1000\n\n");
    while (written.has_value())
    {
        std::string next;
        {
            const std::lock_guard lock(self->mutex_);
            if (mine->waiting.size() > most_waiting)
                break;
            while (!mine->waiting.empty())
            {
                next += mine->waiting.front();
                mine->waiting.pop_front();
            }
            if (next.empty())
                mine->bell->expires_after(heartbeat); // under the lock: a publish from now on rings it
        }
        if (next.empty())
        {
            co_await mine->bell->async_wait(as_result);
            const auto state = co_await net::this_coro::cancellation_state;
            if (state.cancelled() != net::cancellation_type::none)
                break; // the server stops
            const std::lock_guard lock(self->mutex_);
            if (mine->waiting.empty())
                next = ": still here\n\n";
        }
        if (!next.empty())
            written = co_await out->write(std::move(next));
    }
    const std::lock_guard lock(self->mutex_);
    self->pages_.remove(mine);
}

} // namespace postern::app
