#include "postern/bot/ask/questions.hpp"

#include "postern/base/within.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace postern::matching {

struct questions::question
{
    question(const net::any_io_executor& where, deadline patience, std::string r, std::string p,
             std::shared_ptr<dialogue> d)
        : room(std::move(r)), person(std::move(p)), who(std::move(d)), timer(where, patience.at())
    {
    }
    const std::string room;
    const std::string person;
    const std::shared_ptr<dialogue> who;
    net::steady_timer timer; // touched where the handler runs
    std::optional<answer> given;
};

namespace {

error stopped(std::string why)
{
    return error(errc::stopped, "waiting for an answer").because(std::move(why));
}

} // namespace

std::shared_ptr<questions::question> questions::take(const std::string& room, const std::string& person)
{
    const auto found = std::find_if(open_.begin(), open_.end(),
                                    [&](const auto& q) { return q->room == room && q->person == person; });
    if (found == open_.end())
        return nullptr;
    auto out = std::move(*found);
    open_.erase(found);
    return out;
}

awaitable<questions::answer> questions::ask(std::shared_ptr<questions> all, std::shared_ptr<dialogue> who,
                                            std::string room, std::string person, deadline patience)
{
    answer none;
    const auto mine = std::make_shared<question>(co_await net::this_coro::executor, patience, std::move(room),
                                                 std::move(person), std::move(who));
    {
        const std::lock_guard lock(all->mutex_);
        if (all->closed_)
        {
            none.why = stopped("postern is stopping");
            co_return none;
        }
        if (auto older = all->take(mine->room, mine->person))
            end(older, stopped("another question was asked"));
        while (all->open_.size() >= all->most_)
        {
            auto oldest = std::move(all->open_.front());
            all->open_.pop_front();
            end(oldest, stopped("too many questions are open"));
        }
        all->open_.push_back(mine);
        all->keep(mine->who);
    }
    mine->who->tell(dialogue::step{true});
    co_await mine->timer.async_wait(as_result); // ended by end(), by the patience, or by who stops us

    const std::lock_guard lock(all->mutex_);
    if (mine->given)
        co_return std::move(*mine->given);
    std::erase(all->open_, mine);
    none.why = patience.passed() ? error(errc::timed_out, "waiting for an answer")
                                 : stopped("the handler was stopped");
    co_return none;
}

void questions::end(const std::shared_ptr<question>& q, answer what)
{
    q->given = std::move(what);
    net::post(q->timer.get_executor(), [q] { q->timer.cancel(); });
}

void questions::end(const std::shared_ptr<question>& q, error why)
{
    answer none;
    none.why = std::move(why);
    end(q, std::move(none));
}

std::shared_ptr<dialogue> questions::give(std::shared_ptr<conversation> with, std::string text)
{
    const std::lock_guard lock(mutex_);
    const auto q = take(with->message.room_id, with->sender_id);
    if (!q)
        return nullptr;
    q->who->attend();
    with->runs_in = q->who;
    answer here;
    here.with = std::move(with);
    here.text = std::move(text);
    end(q, std::move(here));
    return q->who;
}

bool questions::give_up(const std::string& room, const std::string& person, std::string why)
{
    const std::lock_guard lock(mutex_);
    const auto q = take(room, person);
    if (q)
        end(q, stopped(std::move(why)));
    return q != nullptr;
}

void questions::remember(const std::shared_ptr<dialogue>& who)
{
    const std::lock_guard lock(mutex_);
    keep(who);
}

void questions::keep(const std::shared_ptr<dialogue>& who)
{
    const auto gone_or_known = [&](const auto& one) { return one.expired() || one.lock() == who; };
    std::erase_if(have_asked_, gone_or_known);
    have_asked_.push_back(who);
}

awaitable<bool> questions::wind_up(std::shared_ptr<questions> all, deadline limit)
{
    constexpr std::chrono::milliseconds look_again{5};
    all->close();
    const auto patience = deadline::after(limit.left() / 2);
    for (bool cut = false;;)
    {
        {
            const std::lock_guard lock(all->mutex_);
            std::erase_if(all->have_asked_, [](const auto& one) { return one.expired(); });
            if (all->have_asked_.empty())
                co_return true;
            if (!cut && patience.passed())
            {
                cut = true;
                for (const auto& one : all->have_asked_)
                    if (const auto who = one.lock())
                        who->cancel();
            }
        }
        if (limit.passed())
            co_return false;
        const bool waited = co_await pause_for(look_again);
        if (!waited)
            co_return false;
    }
}

void questions::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& q : open_)
        end(q, stopped("postern is stopping"));
    open_.clear();
}

std::size_t questions::open() const
{
    const std::lock_guard lock(mutex_);
    return open_.size();
}

} // namespace postern::matching
