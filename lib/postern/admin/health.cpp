#include "postern/admin/health.hpp"

#include <algorithm>
#include <utility>

namespace postern::admin {

void health::set(std::string_view name, bool ok, std::string why)
{
    state now{ok, ok ? std::string() : std::move(why)};
    const std::lock_guard lock(mutex_);
    parts_.insert_or_assign(std::string(name), std::move(now));
}

void health::remove(std::string_view name)
{
    const std::lock_guard lock(mutex_);
    if (const auto found = parts_.find(name); found != parts_.end())
        parts_.erase(found);
}

std::vector<health::part> health::parts() const
{
    const std::lock_guard lock(mutex_);
    std::vector<part> all;
    all.reserve(parts_.size());
    for (const auto& [name, said] : parts_)
        all.push_back({name, said.ok, said.why});
    return all;
}

bool health::ready() const
{
    const std::lock_guard lock(mutex_);
    return !parts_.empty() &&
           std::all_of(parts_.begin(), parts_.end(), [](const auto& p) { return p.second.ok; });
}

} // namespace postern::admin
