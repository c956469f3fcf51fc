#include "postern/dispatch/attempt_policy.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace postern::dispatch {

using std::chrono::milliseconds;

attempt_policy::attempt_policy(unsigned attempts, backoff pauses, milliseconds longest_pause)
    : attempts_(std::max(attempts, 1u)), pauses_(pauses), longest_pause_(longest_pause)
{
}

outcome attempt_policy::after(unsigned attempt, outcome wanted, double random) const
{
    if (wanted.what != outcome::kind::retry)
        return wanted;
    if (attempt >= attempts_)
        return outcome::dead("given up after " + std::to_string(attempt) +
                             (attempt == 1 ? " attempt: " : " attempts: ") + wanted.reason);
    if (wanted.pause <= milliseconds::zero())
        wanted.pause = pauses_.pause(attempt == 0 ? 0 : attempt - 1, random);
    wanted.pause = std::min(wanted.pause, longest_pause_);
    return wanted;
}

outcome attempt_policy::after(unsigned attempt, const error& why, double random) const
{
    if (why.is(errc::stopped))
        return outcome::retry(describe(why), milliseconds::zero());
    return after(attempt, outcome::retry(describe(why), milliseconds::zero()), random);
}

} // namespace postern::dispatch
