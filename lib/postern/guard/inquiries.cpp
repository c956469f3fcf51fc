#include "postern/guard/inquiries.hpp"

#include "postern/guard/identity.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace postern::guard {
namespace {

using alarm_ptr = std::shared_ptr<net::steady_timer>;
using waiters = std::vector<std::weak_ptr<net::steady_timer>>;

// The members of the rooms that are remembered, in eight bytes each: 16 MB.
constexpr std::size_t most_marks = 2'000'000;

// A room whose answers are out of date so often in a row changes faster than it can be looked at.
constexpr unsigned most_answers = 8;

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

constexpr auto doing = "finding out who is there";

} // namespace

subject subject::room(const std::string& id) { return {kind::room, id, "room " + identity_of(id)}; }
subject subject::person(const std::string& id) { return {kind::person, id, "person " + identity_of(id)}; }

// Under the mutex, but for what never changes.
struct inquiries::inquiry
{
    inquiry(subject s, verdict_cache::question q) : about(std::move(s)), asked(std::move(q)) {}

    const subject about;
    const verdict_cache::question asked;
    std::optional<result<std::shared_ptr<const known>>> answer{};
    waiters waiting{};
};

struct inquiries::asker
{
    asker(subject s, deadline l, net::any_io_executor where)
        : about(std::move(s)), limit(l), strand(std::move(where)),
          alarm(std::make_shared<net::steady_timer>(strand, l.at()))
    {
    }

    const subject about;
    const deadline limit;
    const net::any_io_executor strand;
    const alarm_ptr alarm;
    std::shared_ptr<inquiry> open{}; // what is waited for
    unsigned answers = 0;            // that were out of date when they came
};

inquiries::inquiries(const guard_options& o, look_fn look, clock now, task_scope& tasks)
    : call_timeout_(o.call_timeout), again_(o.again), look_(std::move(look)), now_(std::move(now)),
      tasks_(tasks), cache_(o.cached, most_marks, o.keep)
{
}

std::shared_ptr<const known> inquiries::find(const subject& about)
{
    const std::lock_guard lock(mutex_);
    return cache_.find(about.name, now_());
}

awaitable<result<inquiries::found>> inquiries::ask(subject about, deadline limit)
{
    if (auto what = find(about)) // the usual case costs no timer
    {
        found there{std::move(what), true};
        co_return there;
    }
    auto strand = co_await net::this_coro::executor;
    asker one(std::move(about), limit, std::move(strand));
    for (;;)
    {
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (cancellation.cancelled() != net::cancellation_type::none)
            co_return error(errc::stopped, doing);
        auto answer = look_up(one);
        if (answer)
            co_return *std::move(answer);
        co_await one.alarm->async_wait(as_result);
    }
}

std::optional<result<inquiries::found>> inquiries::look_up(asker& one)
{
    const std::lock_guard lock(mutex_);
    if (one.open && one.open->answer)
    {
        const auto over = std::exchange(one.open, nullptr);
        if (over->answer->has_error())
            return result<found>(over->answer->error());
        if (cache_.counts(over->asked))
            return result<found>(found{**over->answer, false});
        if (++one.answers >= most_answers)
            return result<found>(
                later(*over, error(errc::timed_out, doing).because("it changes all the time")));
    }
    if (!one.open)
        if (auto what = cache_.find(one.about.name, now_()))
            return result<found>(found{std::move(what), false});
    if (one.limit.passed())
    {
        error late(errc::timed_out, doing);
        late.retry_after = again_;
        return result<found>(std::move(late));
    }
    if (!one.open)
    {
        one.open = begin(one);
        if (!one.open)
            return result<found>(error(errc::stopped, doing));
        one.open->waiting.push_back(one.alarm); // under the same lock: the answer can't slip in between
    }
    return std::nullopt;
}

// Null while postern stops.
std::shared_ptr<inquiries::inquiry> inquiries::begin(const asker& one)
{
    auto& place = under_way_[one.about.name];
    if (place)
        return place;
    auto fresh = std::make_shared<inquiry>(one.about, cache_.ask(one.about.name, now_()));
    if (!tasks_.spawn(one.strand, [this, fresh] { return run(fresh); }))
    {
        under_way_.erase(one.about.name);
        return nullptr;
    }
    place = fresh;
    ++(one.about.what == subject::kind::room ? counted_.walks : counted_.people);
    return fresh;
}

awaitable<void> inquiries::run(std::shared_ptr<inquiry> one)
{
    result<known> seen = error(errc::handler_failed, doing);
    try
    {
        seen = co_await look_(one->about, deadline::after(call_timeout_));
    }
    catch (const std::exception&) // who waits must hear something
    {
        seen = error(errc::handler_failed, doing).because("an exception");
    }
    finish(*one, std::move(seen));
}

void inquiries::finish(inquiry& one, result<known> seen)
{
    waiters woken;
    {
        const std::lock_guard lock(mutex_);
        under_way_.erase(one.about.name);
        one.answer = settle(one, std::move(seen));
        woken.swap(one.waiting);
    }
    wake(std::move(woken));
}

result<std::shared_ptr<const known>> inquiries::settle(const inquiry& one, result<known> seen)
{
    if (seen.has_error())
        return later(one, std::move(seen).error());
    seen->number = one.asked.number;
    const auto members = one.about.what == subject::kind::room
                             ? expected_.compare(one.about.name, seen->members)
                             : expected_members::answer::complete;
    auto what = std::make_shared<known>(*std::move(seen));
    if (what->said.what == verdict::refused)
        what->members = {}; // it is closed anyway, whoever else is there
    else if (members == expected_members::answer::look_again)
        cache_.forget(one.about.name);
    else if (members == expected_members::answer::too_early)
        return later(one, error(errc::bad_response, doing)
                              .because("Webex does not name a member who has just joined or spoken"));
    cache_.keep(one.asked, what);
    return std::shared_ptr<const known>(std::move(what));
}

// What can't be decided is asked again after a while that doubles, up to 32 times the first: a room that we
// were removed from would else cost a call every few seconds, for hours.
error inquiries::later(const inquiry& one, error why)
{
    if (why.is(errc::stopped))
        return why;
    const auto times = cache_.failed(one.asked);
    if (!why.retry_after)
        why.retry_after = again_ * (1 << std::min(times - 1, 5u));
    return why;
}

inquiries::counters inquiries::counted() const
{
    const std::lock_guard lock(mutex_);
    return counted_;
}

} // namespace postern::guard
