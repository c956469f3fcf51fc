#pragma once

#include "postern/base/backoff.hpp"

#include <chrono>
#include <optional>

namespace postern::source {

struct reconcile_timing
{
    std::chrono::milliseconds period{300'000}; // between two looks at webhooks that are in place
    // After a failure; never longer than the period.
    backoff again{std::chrono::milliseconds(1'000), std::chrono::milliseconds(300'000)};

    // A signature that is refused may mean that a webhook has another secret than ours, or that somebody
    // forges. Our secret is set again at most so often; where that doesn't end it, half as often each time.
    std::chrono::milliseconds rekey_first{180'000};
    std::chrono::milliseconds rekey_most{3'600'000};
};

// When to look after our webhooks: decides without a clock or a timer. Not thread-safe.
class reconcile_schedule
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr time_point never = time_point::max();

    explicit reconcile_schedule(reconcile_timing timing) : timing_(timing) {}

    // There is somewhere to deliver to, another place than before: at once. Or nowhere any more.
    void aim(bool somewhere, time_point now);
    // Somebody asks, or the secret is a new one: at once.
    void ask(time_point now) { due_ = now; }
    // A delivery's signature was refused. True: our secret is to be set again, at once.
    bool refuse_signature(time_point now);

    // What is asked for during a round makes the next one follow at once.
    void begin() { due_ = never; }
    void done(time_point now);
    // `random` is in [0, 1). Returns the pause.
    std::chrono::milliseconds failed(time_point now, std::optional<std::chrono::milliseconds> retry_after,
                                     double random);

    time_point due() const noexcept { return somewhere_ ? due_ : never; }

private:
    reconcile_timing timing_;
    bool somewhere_ = false;
    time_point due_ = never;
    unsigned failures_ = 0;
    std::optional<time_point> rekeyed_;
    std::chrono::milliseconds rekey_gap_{};
};

} // namespace postern::source
