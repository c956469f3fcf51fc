#include "postern/source/webhook/reconciler.hpp"

#include "postern/source/bell.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace postern::source {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds shortest_look{3'000};

} // namespace

reconciler::reconciler(net::any_io_executor strand, setup s, log out)
    : with_(std::move(s)), log_(out.in("webhooks")), hand_(with_.api, with_.instance, with_.wanted, out),
      strand_(std::move(strand)), due_(strand_), changed_(strand_), schedule_(with_.options.timing)
{
}

awaitable<void> reconciler::run()
{
    for (;;)
    {
        drop_old_secret();
        show();
        const bool stopped = co_await cancelled();
        if (stopped)
            co_return;
        auto next = steady::time_point();
        {
            const std::lock_guard lock(mutex_);
            next = schedule_.due();
        }
        if (next <= steady::now())
            co_await round();
        else
            co_await due_.wait_until(std::min(next, with_.secrets->drop_due()));
    }
}

awaitable<void> reconciler::round()
{
    const auto about = begin();
    // Lets the rings pass that are about this very wish, so that they don't end its round.
    co_await net::post(strand_, net::use_awaitable);
    const bool early = co_await cancelled();
    if (early || outdated(about.number))
        co_return;
    webhook_work work;
    const auto limit = deadline::after(with_.options.round_timeout);
    const auto done = co_await changed_.unless_rung(look_after(about, work, limit));
    const bool late = co_await cancelled();
    if (!late)
        finish(about, done, work);
}

awaitable<result<>> reconciler::look_after(wish about, webhook_work& work, deadline limit)
{
    const auto actual = co_await hand_.list_all(limit.at_most(look_timeout()));
    if (actual.has_error())
        co_return actual.error();
    if (outdated(about.number))
        co_return error(errc::stopped);
    webhook_order order;
    order.target = about.target;
    order.key = about.key;
    order.still_wanted = [this, number = about.number] { return !outdated(number); };
    co_await hand_.carry_out(compare(*actual), std::move(order), work, limit);
    if (work.failed)
        co_return *work.failed;
    co_return result<>();
}

// The pauses between the tries of one call grow; whoever wants to look often wants to know soon that the
// cloud is back.
std::chrono::milliseconds reconciler::look_timeout() const
{
    return std::max(with_.options.timing.period, shortest_look);
}

reconciler::wish reconciler::begin()
{
    const std::lock_guard lock(mutex_);
    schedule_.begin();
    return {wish_, state_.target, with_.secrets->current()};
}

bool reconciler::outdated(std::uint64_t number) const
{
    const std::lock_guard lock(mutex_);
    return wish_ != number;
}

// What is to be done; and who has made it necessary.
webhook_plan reconciler::compare(const std::vector<webex::webhook>& actual)
{
    const std::lock_guard lock(mutex_);
    auto plan = hand_.plan(actual, left_);
    const auto drift = drift_in(plan, settled_);
    if (drift.any())
    {
        state_.drifted += drift.missing + drift.changed + drift.doubles;
        log_.warning(
            "our webhooks are not as we left them: somebody else has a hand in them; putting them right",
            {{"missing", drift.missing}, {"changed", drift.changed}, {"doubles", drift.doubles}});
    }
    return plan;
}

void reconciler::finish(const wish& about, const result<>& done, const webhook_work& work)
{
    {
        const std::lock_guard lock(mutex_);
        ++state_.rounds;
        state_.created += work.created;
        state_.updated += work.updated;
        state_.removed += work.removed;
        state_.revived += work.revived;
        unshown_ = true;
        if (about.number == wish_) // else the next round is due already
            settle(about, done, work);
    }
    if (work.revived > 0 && with_.on_revived)
        with_.on_revived();
}

void reconciler::settle(const wish& about, const result<>& done, const webhook_work& work)
{
    if (done.has_error())
    {
        if (work.failed) // else the look itself failed, and what we knew still holds
        {
            left_ = work.left;
            settled_ = false;
            state_.in_place = false;
        }
        return fail(done.error());
    }
    left_ = work.left;
    settled_ = true;
    if (!state_.in_place)
        log_.info("webhooks in place", {{"target", about.target}, {"count", left_.size()}});
    state_.in_place = true;
    state_.last_error.clear();
    state_.last_checked = std::chrono::system_clock::now();
    schedule_.done(steady::now());
    with_.secrets->all_signed(about.key, steady::now());
}

void reconciler::fail(const error& why)
{
    ++state_.failures;
    state_.last_error = describe(why);
    const auto pause = schedule_.failed(steady::now(), why.retry_after, random_fraction());
    log_.warning(state_.last_error + "; trying again", {{"in", pause}});
}

void reconciler::change_wish()
{
    ++wish_;
    left_.clear();
    settled_ = false;
    unshown_ = true;
}

// With the lock held: whoever sees the change in round() has the rings behind it.
void reconciler::wake()
{
    changed_.ring();
    due_.ring();
}

void reconciler::aim(std::string url)
{
    const std::lock_guard lock(mutex_);
    if (url == state_.target)
        return;
    change_wish();
    state_.in_place = false;
    state_.target = std::move(url);
    schedule_.aim(!state_.target.empty(), steady::now());
    if (state_.target.empty())
        log_.warning("there is nowhere to deliver to at present; the webhooks stay as they are");
    wake();
}

void reconciler::check_now()
{
    {
        const std::lock_guard lock(mutex_);
        schedule_.ask(steady::now());
    }
    due_.ring();
}

result<> reconciler::rotate(secret next)
{
    auto accepted = with_.secrets->rotate(std::move(next));
    if (accepted.has_error())
        return accepted;
    {
        const std::lock_guard lock(mutex_);
        change_wish();
        schedule_.ask(steady::now());
        wake();
    }
    log_.info("the webhooks' secret changes: the new one and the old one are both accepted");
    return {};
}

void reconciler::signature_refused(std::string_view body)
{
    {
        const std::lock_guard lock(mutex_);
        const bool maybe_ours = body.empty() || std::any_of(left_.begin(), left_.end(), [&](const auto& one) {
                                    return body.find(one.first) != body.npos;
                                });
        if (!maybe_ours || left_.empty() || !schedule_.refuse_signature(steady::now()))
            return;
        ++state_.rekeyed;
        change_wish();
        wake();
    }
    log_.warning("a delivery was refused for its signature: the webhooks in the cloud get our secret again, "
                 "in case they have another one");
}

reconciler_state reconciler::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

void reconciler::drop_old_secret()
{
    const auto now = steady::now();
    if (with_.secrets->drop_due() > now)
        return;
    const auto dropped = with_.secrets->drop(now);
    if (dropped.has_error())
        log_.warning(describe(dropped.error()));
    else
        log_.info("the webhooks' old secret is not accepted any more");
}

void reconciler::show()
{
    reconciler_state now;
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(unshown_, false))
            return;
        now = state_;
    }
    if (with_.watch)
        with_.watch(now);
}

} // namespace postern::source
