#include "postern/gateway/hearing.hpp"

#include "postern/base/within.hpp"

#include <chrono>
#include <utility>

namespace postern {
namespace {

using namespace std::chrono_literals;

// A crash makes the next start look back by so much more than it must.
constexpr auto told_every = 15s;

wall_time now() { return std::chrono::system_clock::now(); }

} // namespace

hearing::hearing(history_port& history, source::recovery* fetch, std::string bot, sure_fn sure_until, log out)
    : history_(history), recovery_(fetch), bot_(std::move(bot)), sure_until_(std::move(sure_until)),
      log_(std::move(out))
{
}

awaitable<void> hearing::begin()
{
    if (recovery_)
        recovery_->expect(); // what comes in from here on waits for what is older
    for (bool known = false; !known;)
    {
        const auto heard = co_await history_.heard_until(bot_, deadline::after(10s));
        known = heard.has_value();
        if (known)
            until_ = *heard;
        else
        {
            log_.warning(describe(heard.error().during("finding out until when the last run listened")) +
                         "; trying again");
            const bool waited = co_await pause_for(1s);
            if (!waited)
                co_return;
        }
    }
}

awaitable<void> hearing::run()
{
    for (bool on = true; on;)
    {
        on = co_await pause_for(told_every);
        note();
    }
}

void hearing::note()
{
    const bool behind = recovery_ && recovery_->state().running;
    if (!listening_ || behind)
        return;
    if (const auto until = sure_until_())
        history_.heard(bot_, *until);
}

void hearing::lost()
{
    if (!std::exchange(listening_, false))
        return;
    if (recovery_)
        recovery_->expect();
}

void hearing::back(std::optional<source::missed_time> missed)
{
    listening_ = true;
    if (!std::exchange(begun_, true))
        missed = source::missed_time{until_.value_or(wall_time{}), now(), "postern was not running"};
    if (missed)
        fetch(std::move(*missed));
    else if (recovery_)
        recovery_->nothing_missed();
}

void hearing::doubtful(source::missed_time missed)
{
    if (!begun_)
        return; // the first recovery covers it
    if (recovery_)
        recovery_->expect();
    fetch(std::move(missed));
}

void hearing::fetch(source::missed_time missed)
{
    if (recovery_)
        recovery_->missed(std::move(missed));
    else
        log_.warning(
            "what was said meanwhile is not fetched: recovery is off",
            {{"from", format_time(missed.from)}, {"to", format_time(missed.to)}, {"why", missed.why}});
}

} // namespace postern
