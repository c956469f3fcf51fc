#include "postern/guard/once_per.hpp"

#include <algorithm>

namespace postern::guard {

once_per::once_per(std::chrono::milliseconds period, std::size_t most)
    : period_(period), most_(std::max<std::size_t>(most, 1))
{
}

bool once_per::due(const std::string& name, time_point now)
{
    const auto over = [&](time_point then) { return now - then >= period_; };
    while (!oldest_first_.empty() && over(oldest_first_.front().second))
    {
        last_.erase(oldest_first_.front().first);
        oldest_first_.pop_front();
    }
    if (last_.contains(name))
        return false;
    if (last_.size() >= most_)
    {
        last_.erase(oldest_first_.front().first);
        oldest_first_.pop_front();
    }
    last_.emplace(name, now);
    oldest_first_.emplace_back(name, now);
    return true;
}

void once_per::forget(const std::string& name)
{
    if (last_.erase(name) != 0)
        std::erase_if(oldest_first_, [&](const auto& one) { return one.first == name; });
}

} // namespace postern::guard
