#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace postern::emulator {

// Defaults are the documented ones (protocol/webex-rest.md 5.7).
struct failure_limits
{
    std::size_t failures = 100;                   // so many failed deliveries (0: never) ...
    std::chrono::milliseconds within{300'000};    // ... in so short a time disable the webhook
    std::chrono::milliseconds probation{300'000}; // after a re-activation, a single one does for so long
};

// Decides when a webhook whose deliveries fail is disabled. One object a webhook; not thread-safe.
class failure_window
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit failure_window(failure_limits limits = {}) : limits_(limits) {}

    // A delivery failed. True when the webhook is to be disabled now; the count then begins anew.
    bool failed(time_point now);

    // The owner set the webhook active again: old failures are forgotten, the probation begins.
    void reactivated(time_point now);

private:
    failure_limits limits_;
    std::deque<time_point> failures_; // never more than limits_.failures
    std::optional<time_point> reactivated_;
};

} // namespace postern::emulator
