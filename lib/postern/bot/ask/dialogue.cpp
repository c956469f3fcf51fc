#include "postern/bot/ask/dialogue.hpp"

#include "postern/bot/context.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace postern::matching {
namespace {

// To a wait, asked to end is the same as told to (base/task_scope.cpp).
struct insist
{
    net::cancellation_type operator()(net::cancellation_type heard) const
    {
        return heard == net::cancellation_type::none ? heard : net::cancellation_type::terminal;
    }
};

std::string story_of(const std::exception_ptr& thrown)
{
    try
    {
        std::rethrow_exception(thrown);
    }
    catch (const std::exception& e)
    {
        return printable(e.what());
    }
    catch (...)
    {
        return "unknown exception";
    }
}

} // namespace

struct dialogue::look
{
    look(const net::any_io_executor& where, deadline until) : timer(where, until.at()) {}
    net::steady_timer timer;
};

awaitable<void> dialogue::perform(std::shared_ptr<conversation> c)
{
    co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation(), insist());
    co_await net::this_coro::throw_if_cancelled(false);
    context ctx(std::move(c));
    co_await (*run_)(std::move(ctx));
}

awaitable<dialogue::step> dialogue::start(std::shared_ptr<dialogue> self, std::shared_ptr<conversation> c,
                                          handler_time limit)
{
    self->strand_ = co_await net::this_coro::executor;
    self->began_ = c;
    c->runs_in = self;
    self->attend();
    auto work = [self, c] { return self->perform(c); };
    auto ended = [self](std::exception_ptr thrown) {
        self->over_ = true;
        self->tell(step{false, std::move(thrown)});
    };
    net::co_spawn(*self->strand_, std::move(work),
                  net::bind_cancellation_slot(self->stop_.slot(), std::move(ended)));
    c.reset();
    auto came_to = co_await look_on(self, limit);
    co_return came_to;
}

awaitable<dialogue::step> dialogue::go_on(std::shared_ptr<dialogue> self, handler_time limit)
{
    auto came_to = co_await look_on(self, limit);
    co_return came_to;
}

awaitable<dialogue::step> dialogue::look_on(std::shared_ptr<dialogue> self, handler_time limit)
{
    const auto here = std::make_shared<look>(co_await net::this_coro::executor, limit.over);
    const bool throws = co_await net::this_coro::throw_if_cancelled();
    co_await net::this_coro::throw_if_cancelled(false);
    std::optional<step> came_to;
    {
        const std::lock_guard lock(self->mutex_);
        came_to = std::exchange(self->came_to_, std::nullopt);
        if (!came_to)
            self->looks_on_ = here;
    }
    bool told = false, overdue = false;
    while (!came_to)
    {
        co_await here->timer.async_wait(as_result);
        const std::lock_guard lock(self->mutex_);
        came_to = std::exchange(self->came_to_, std::nullopt);
        if (!came_to && told)
        {
            self->leave();
            came_to = step{};
            came_to->deaf = true;
        }
        else if (!came_to) // its time is over, or the caller was cancelled
        {
            told = true;
            overdue = limit.over.passed();
            here->timer.expires_after(limit.grace);
            self->cancel();
        }
    }
    came_to->overdue = overdue;
    co_await net::this_coro::throw_if_cancelled(throws);
    co_return *came_to;
}

void dialogue::attend()
{
    const std::lock_guard lock(mutex_);
    attended_ = true;
    came_to_.reset();
}

void dialogue::leave()
{
    attended_ = false;
    looks_on_.reset();
}

void dialogue::tell(step came_to)
{
    std::shared_ptr<look> who;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(attended_, false))
        {
            came_to_ = std::move(came_to);
            who = std::exchange(looks_on_, nullptr);
            if (who)
                net::post(who->timer.get_executor(), [who] { who->timer.cancel(); });
            return;
        }
    }
    const auto c = began_.lock();
    if (came_to.thrown && c)
        c->out.error("handler failed", {{"handler", c->command},
                                        {"why", story_of(came_to.thrown)},
                                        {"reference", c->replies.record()},
                                        {"key", c->key}});
}

void dialogue::cancel()
{
    net::post(*strand_, [self = shared_from_this()] {
        if (!self->over_)
            self->stop_.emit(net::cancellation_type::terminal);
    });
}

} // namespace postern::matching
