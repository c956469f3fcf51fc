#include "postern/source/device/pulse.hpp"

#include "postern/base/crypto.hpp"

namespace postern::source {
namespace {

constexpr std::chrono::milliseconds patience_after_sleep{3'000};

} // namespace

bool sleep_watch::slept(time_point now, wall_time wall)
{
    const auto ran = now - last_;
    const auto wall_ran = wall - last_wall_;
    last_ = now;
    last_wall_ = wall;
    return ran > jump_ || wall_ran - ran > jump_;
}

pulse::pulse(const device_options& options, time_point now, wall_time wall)
    : every_(options.ping_every), patience_(options.pong_timeout), clocks_(options.clock_jump, now, wall),
      ping_at_(now), look_at_(now)
{
}

pulse::beat pulse::tick(time_point now, wall_time wall)
{
    beat next;
    const bool woke = clocks_.slept(now, wall);
    // Timers stand still in a sleep: they must be short to see it soon after it is over.
    look_at_ = now + clocks_.look_every();
    if (woke && !dead_) // a ping too many does no harm
    {
        next = ask(now);
        slept_ = true;
        dead_at_ = now + std::min(patience_, patience_after_sleep);
    }
    else if (paused_ || dead_)
        ;
    else if (!asked_.empty() && now >= dead_at_)
    {
        dead_ = true;
        next.what = beat::kind::dead;
        next.slept = slept_;
    }
    else if (asked_.empty() && now >= ping_at_)
        next = ask(now);
    return next;
}

pulse::time_point pulse::next() const
{
    if (paused_ || dead_)
        return look_at_;
    return std::min(look_at_, asked_.empty() ? ping_at_ : dead_at_);
}

bool pulse::pong(std::string_view id, time_point now)
{
    if (asked_.empty() || id != asked_)
        return false;
    asked_.clear();
    slept_ = false;
    ping_at_ = now + every_;
    return true;
}

void pulse::resume(time_point now)
{
    paused_ = false;
    dead_at_ = now + (slept_ ? std::min(patience_, patience_after_sleep) : patience_);
}

pulse::beat pulse::ask(time_point now)
{
    asked_ = random_uuid();
    slept_ = false;
    dead_at_ = now + patience_;
    beat b;
    b.what = beat::kind::ping;
    b.id = asked_;
    return b;
}

} // namespace postern::source
