#include "postern/source/recovery/recovery_run.hpp"

#include "postern/base/within.hpp"
#include "postern/source/bell.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <tuple>
#include <typeinfo>
#include <utility>

namespace postern::source {
namespace {

using namespace std::chrono_literals;

constexpr auto told_every = 5s; // how far it is

error story_of(const std::exception& e) // what() may hold foreign text
{
    return error(errc::handler_failed, "fetching what was missed")
        .because("an exception, " + boost::core::demangle(typeid(e).name()));
}

} // namespace

std::unique_ptr<recovery> recovery::make(net::any_io_executor strand, setup s, log out)
{
    return std::make_unique<recovery_run>(std::move(strand), std::move(s), out);
}

recovery_run::recovery_run(net::any_io_executor strand, setup s, const log& out)
    : with_(std::move(s)), log_(out.in("recovery")), policy_(with_.options, with_.me), due_(strand),
      changed_(strand), holds_(with_.options.hold_at_most)
{
}

void recovery_run::change(const std::function<void(recovery_state&)>& make)
{
    {
        const std::lock_guard lock(mutex_);
        make(state_);
        if (std::exchange(unshown_, true))
            return;
    }
    changed_.ring();
}

// --- what is told

void recovery_run::expect()
{
    if (off())
        return;
    {
        const std::lock_guard lock(mutex_);
        holds_.expect(steady::now());
        with_.history->hold();
    }
    changed_.ring();
}

void recovery_run::missed(missed_time w)
{
    if (off())
    {
        log_.warning("what was said meanwhile is not fetched: recovery is off",
                     {{"from", format_time(w.from)}, {"to", format_time(w.to)}, {"why", w.why}});
        return;
    }
    change([&](recovery_state& now) {
        holds_.missed(steady::now());
        with_.history->hold();
        if (!now.running)
            now.window = w;
        now.running = true;
        windows_.add(std::move(w));
        try_at_ = steady::now(); // also if the last try has failed: something has changed since
    });
    due_.ring();
    changed_.ring();
}

void recovery_run::nothing_missed()
{
    const std::lock_guard lock(mutex_);
    if (holds_.nothing_missed())
        with_.history->release_all();
}

recovery_state recovery_run::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

// --- one recovery after another

awaitable<void> recovery_run::run()
{
    using namespace net::experimental::awaitable_operators;
    co_await net::this_coro::throw_if_cancelled(false);
    co_await (work() && attend());
}

awaitable<void> recovery_run::work()
{
    co_await net::this_coro::throw_if_cancelled(false);
    bool on = co_await learn_past();
    while (on)
    {
        auto now = begin();
        if (!now)
        {
            auto next = alarm::never;
            {
                const std::lock_guard lock(mutex_);
                if (windows_.waiting())
                    next = try_at_;
            }
            on = co_await due_.wait_until(next);
            continue;
        }
        tell_begin(*now);
        telling_ = steady::now() + told_every;
        const auto done = co_await attempt(*now);
        telling_ = alarm::never;
        const bool over = co_await cancelled();
        on = !over;
        if (!on)
            break; // the window is there at the next start: nobody was told that it was heard
        if (done.has_error())
            fail(*now, done.error());
        else
            succeed(*now);
    }
}

awaitable<bool> recovery_run::learn_past()
{
    for (unsigned failures = 0; !off(); ++failures)
    {
        const auto limit = deadline::after(with_.options.accept_timeout);
        const auto heard = co_await with_.history->heard_until(with_.me.id, limit);
        const auto rooms = co_await with_.history->rooms(with_.me.id, limit);
        if (heard && rooms)
        {
            const std::lock_guard lock(mutex_);
            windows_.learn(past_of(*heard, *rooms));
            co_return true;
        }
        const auto why = heard ? rooms.error() : heard.error();
        const bool over = co_await cancelled();
        if (over)
            co_return false;
        if (failures == 0)
            log_.warning(describe(why) + "; asking the journal again until it tells what was heard");
        const bool waited = co_await pause_for(with_.options.again.pause(failures, random_fraction()));
        if (!waited)
            co_return false;
    }
    const bool over = co_await cancelled();
    co_return !over;
}

std::optional<recovery_run::round> recovery_run::begin()
{
    std::optional<round> now;
    {
        const std::lock_guard lock(mutex_);
        if (!windows_.waiting() || steady::now() < try_at_)
            return now;
        now.emplace();
        now->window = *windows_.take();
        now->times = policy_.times(now->window, windows_.beginning(), std::chrono::system_clock::now());
        holds_.begin();
    }
    if (failures_ == 0)
        tally_ = {};
    change([&](recovery_state& s) {
        const auto before = std::exchange(s, {});
        s.running = true;
        s.window = now->window;
        s.recoveries = before.recoveries;
        s.last_error = before.last_error;
        if (failures_ > 0)
            std::tie(s.listed, s.found, s.calls) = std::tie(before.listed, before.found, before.calls);
    });
    return now;
}

void recovery_run::tell_begin(const round& r) const
{
    if (failures_ > 0)
        return;
    const auto from = format_time(r.window.from);
    const auto to = format_time(r.window.to);
    if (r.times.anything())
        log_.info("fetching what was said while nobody listened",
                  {{"from", from}, {"to", to}, {"why", r.window.why}});
    else if (r.window.from == r.window.to)
        log_.info("a first start: what was said before is left alone", {{"before", to}});
    if (r.window.from < r.times.earliest && r.window.from != r.window.to)
        log_.warning("what was said longer ago than recovery may look back is left alone",
                     {{"from", from},
                      {"to", format_time(std::min(r.times.earliest, r.window.to))},
                      {"why", r.window.why}});
}

void recovery_run::succeed(const round& r)
{
    failures_ = 0;
    policy_.over();
    with_.history->heard(with_.me.id, r.window.to);
    change([&](recovery_state& now) {
        windows_.fetched(r.window);
        if (holds_.recovered())
            with_.history->release_all();
        now.running = windows_.waiting();
        now.rooms_left = 0;
        now.last_error.clear();
        ++now.recoveries;
    });
    if (r.times.anything() || tally_.joined + tally_.left > 0)
        log_.info(words_for(tally_, r.window));
}

void recovery_run::fail(const round& r, const error& why)
{
    const auto pause = policy_.pause(failures_++, why, random_fraction());
    bool again_at_once = false;
    change([&](recovery_state& now) {
        again_at_once = windows_.waiting();
        windows_.give_back(r.window);
        holds_.failed();
        if (!again_at_once)
            try_at_ = steady::now() + pause;
        now.last_error = describe(why);
    });
    log_.warning(describe(why.doing.empty() ? why : error(why).during("recovery")) +
                     "; what was missed is not complete yet, trying again",
                 {{"in", again_at_once ? std::chrono::milliseconds() : pause}});
}

awaitable<result<>> recovery_run::attempt(round& r)
{
    error thrown;
    try
    {
        auto done = co_await look_back(r);
        co_return done;
    }
    catch (const std::exception& e)
    {
        thrown = story_of(e);
    }
    co_return thrown;
}

// --- beside it

awaitable<void> recovery_run::attend()
{
    co_await net::this_coro::throw_if_cancelled(false);
    for (bool on = true; on;)
    {
        const auto next = look_after();
        on = co_await changed_.wait_until(next);
    }
}

recovery_run::steady::time_point recovery_run::look_after()
{
    const auto moment = steady::now();
    recovery_state now;
    bool unshown = false;
    bool late = false;
    auto next = alarm::never;
    {
        const std::lock_guard lock(mutex_);
        late = holds_.overdue(moment);
        if (late)
            with_.history->release_all();
        next = holds_.due();
        unshown = std::exchange(unshown_, false);
        now = state_;
    }
    if (late && now.running)
        log_.warning(
            "what was missed takes long to fetch: live events go on, and what is found comes after them",
            {{"rooms_left", now.rooms_left}});
    else if (late)
        log_.info("nobody has told yet whether something was missed: live events go on");
    if (unshown && with_.watch)
        with_.watch(now);
    if (moment >= telling_)
    {
        telling_ = moment + told_every;
        log_.info("still fetching what was missed", {{"rooms", now.rooms},
                                                     {"rooms_left", now.rooms_left},
                                                     {"listed", now.listed},
                                                     {"found", now.found},
                                                     {"calls", now.calls}});
    }
    return std::min(next, telling_);
}

void recovery_run::release(const std::string& room)
{
    event of_room;
    of_room.bot = with_.me.id;
    of_room.room = room;
    const std::lock_guard lock(mutex_);
    if (holds_.may_release())
        with_.history->release(of_room.lane());
}

} // namespace postern::source
