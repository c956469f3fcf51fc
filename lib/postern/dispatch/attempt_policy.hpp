#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/error.hpp"
#include "postern/base/stages.hpp"

#include <chrono>

namespace postern::dispatch {

// What to write into the journal after an attempt. Decides only: no clock, no timer; `random` is in [0, 1).
class attempt_policy
{
public:
    // `attempts` in all, the first one included; at least 1. `longest_pause` bounds what a handler, or the
    // peer behind it, may ask for.
    attempt_policy(unsigned attempts, backoff pauses, std::chrono::milliseconds longest_pause);

    // After the handler said what became of the attempt. A retry without a pause of its own gets one that
    // doubles with every attempt; a retry after the last attempt is dead, with the reason.
    outcome after(unsigned attempt, outcome wanted, double random) const;

    // After the attempt ended without an outcome: too late, by an exception, or (errc::stopped) because
    // postern stops. The last is nobody's fault, so it is never dead, not even after the last attempt.
    outcome after(unsigned attempt, const error& why, double random) const;

private:
    unsigned attempts_;
    backoff pauses_;
    std::chrono::milliseconds longest_pause_;
};

} // namespace postern::dispatch
