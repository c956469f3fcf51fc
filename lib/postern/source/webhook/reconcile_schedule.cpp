#include "postern/source/webhook/reconcile_schedule.hpp"

#include <algorithm>

namespace postern::source {

void reconcile_schedule::aim(bool somewhere, time_point now)
{
    somewhere_ = somewhere;
    failures_ = 0;
    due_ = now;
}

bool reconcile_schedule::refuse_signature(time_point now)
{
    if (!somewhere_ || (rekeyed_ && now - *rekeyed_ < rekey_gap_))
        return false;
    const bool did_not_help = rekeyed_ && now - *rekeyed_ < 2 * rekey_gap_;
    rekey_gap_ = did_not_help ? std::min(2 * rekey_gap_, timing_.rekey_most) : timing_.rekey_first;
    rekeyed_ = now;
    due_ = now;
    return true;
}

void reconcile_schedule::done(time_point now)
{
    failures_ = 0;
    due_ = std::min(due_, now + timing_.period);
}

std::chrono::milliseconds reconcile_schedule::failed(time_point now,
                                                     std::optional<std::chrono::milliseconds> retry_after,
                                                     double random)
{
    // While it fails it is tried no less often than while it doesn't.
    const auto own = std::min(timing_.again.pause(failures_++, random), timing_.period);
    const auto pause = std::max(own, retry_after.value_or(std::chrono::milliseconds{}));
    due_ = std::min(due_, now + pause);
    return pause;
}

} // namespace postern::source
