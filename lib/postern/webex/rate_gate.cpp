#include "postern/webex/rate_gate.hpp"

#include <algorithm>

namespace postern::webex {

void rate_gate::close(std::string_view family, clock::time_point until)
{
    const std::lock_guard lock(mutex_);
    const auto found = closed_until_.find(family);
    if (found == closed_until_.end())
        closed_until_.emplace(family, until);
    else
        found->second = std::max(found->second, until);
}

std::chrono::milliseconds rate_gate::wait(std::string_view family, clock::time_point now, double random)
{
    using std::chrono::milliseconds;
    const std::lock_guard lock(mutex_);
    const auto found = closed_until_.find(family);
    if (found == closed_until_.end())
        return milliseconds(0);
    if (found->second <= now)
    {
        closed_until_.erase(found);
        return milliseconds(0);
    }
    const auto rest = std::chrono::ceil<milliseconds>(found->second - now);
    const auto spread = std::min(rest / 10, milliseconds(1000));
    return rest + milliseconds(static_cast<long>(static_cast<double>(spread.count()) * random));
}

} // namespace postern::webex
