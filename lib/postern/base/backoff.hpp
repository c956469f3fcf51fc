#pragma once

#include <algorithm>
#include <chrono>

namespace postern {

// Doubling pauses with jitter, decided without a clock or a timer. `random` is in [0, 1): the caller brings
// it, so a test can bring any.
struct backoff
{
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds most{32'000};

    // attempt 0 pauses about `first`, 1 about twice that ...; the pause lies in [half, whole] of the step.
    std::chrono::milliseconds pause(unsigned attempt, double random) const
    {
        const auto step =
            std::min<std::chrono::milliseconds::rep>(most.count(), first.count() << std::min(attempt, 20u));
        return std::chrono::milliseconds(step / 2 +
                                         static_cast<long>(static_cast<double>(step) / 2 * random));
    }
};

double random_fraction(); // [0, 1), thread-safe

} // namespace postern
