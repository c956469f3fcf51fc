#include "postern/journal/lane_schedule.hpp"

#include <boost/assert.hpp>

namespace postern::journal {

void lane_schedule::add(place where, const std::string& name, wall_time happened)
{
    auto& l = lane_of(name);
    const bool fresh = l.unfinished.emplace(where, happened).second;
    BOOST_ASSERT(fresh);
    size_ += fresh ? 1 : 0;
    arrange(l);
}

std::optional<record_id> lane_schedule::next(time_point now)
{
    while (!blocked_.empty() && blocked_.begin()->first.first <= now)
    {
        auto& l = *blocked_.begin()->second;
        blocked_.erase(blocked_.begin());
        l.is = lane::status::still;
        arrange(l);
    }
    if (runnable_.empty())
        return std::nullopt;
    const auto oldest = runnable_.begin();
    const auto record = oldest->first.record;
    oldest->second->is = lane::status::running;
    in_flight_.emplace(record, oldest->second);
    runnable_.erase(oldest);
    return record;
}

std::optional<lane_schedule::time_point> lane_schedule::next_due() const
{
    if (blocked_.empty())
        return std::nullopt;
    return blocked_.begin()->first.first;
}

std::size_t lane_schedule::size() const { return size_; }

void lane_schedule::finish(record_id record)
{
    auto& l = take_back(record);
    l.unfinished.erase(l.at);
    --size_;
    if (l.unfinished.empty())
        lanes_.erase(lanes_.find(*l.name)); // by iterator: the key must not die while it is looked up
    else
        arrange(l);
}

void lane_schedule::postpone(record_id record, time_point due)
{
    auto& l = take_back(record);
    l.is = lane::status::blocked;
    blocked_.emplace(std::pair(due, record), &l);
}

void lane_schedule::hold(record_id last)
{
    hold_ = last;
    released_.clear();
    for (auto& [name, l] : lanes_)
    {
        const bool keeps_back = l.limit != no_limit && l.unfinished.rbegin()->first.rank > l.limit;
        if (!keeps_back)
            l.limit = last;
        arrange(l);
    }
}

void lane_schedule::release(const std::string& name)
{
    if (!hold_)
        return;
    released_.insert(name);
    const auto found = lanes_.find(name);
    if (found == lanes_.end())
        return;
    found->second.limit = no_limit;
    arrange(found->second);
}

void lane_schedule::release_all()
{
    hold_.reset();
    released_.clear();
    for (auto& [name, l] : lanes_)
    {
        l.limit = no_limit;
        arrange(l);
    }
}

bool lane_schedule::on_hold(const std::string& name) const { return !is_released(name); }

std::optional<record_id> lane_schedule::rank_for_older(const std::string& name, wall_time happened) const
{
    if (is_released(name))
        return std::nullopt;
    const auto found = lanes_.find(name);
    if (found == lanes_.end())
        return hold_;
    const auto& l = found->second;
    for (auto r = l.unfinished.rbegin(); r != l.unfinished.rend() && r->first.rank > l.limit; ++r)
        if (r->second != wall_time{} && r->second <= happened)
            return r->first.rank; // right behind it
    return l.limit;
}

lane_schedule::lane& lane_schedule::lane_of(const std::string& name)
{
    const auto [entry, is_new] = lanes_.try_emplace(name);
    if (is_new)
    {
        entry->second.name = &entry->first;
        if (on_hold(name))
            entry->second.limit = *hold_;
    }
    return entry->second;
}

lane_schedule::lane& lane_schedule::take_back(record_id running)
{
    const auto found = in_flight_.find(running);
    BOOST_ASSERT(found != in_flight_.end());
    auto& l = *found->second;
    in_flight_.erase(found);
    l.is = lane::status::still;
    return l;
}

// Makes the first of the lane runnable if it may be: after whatever may have changed which one that is.
void lane_schedule::arrange(lane& l)
{
    if (l.is == lane::status::running || l.is == lane::status::blocked)
        return;
    if (l.is == lane::status::runnable)
        runnable_.erase(l.at);
    const auto first = l.unfinished.begin()->first;
    const bool may_run = first.rank <= l.limit;
    l.is = may_run ? lane::status::runnable : lane::status::still;
    l.at = first;
    if (may_run)
        runnable_.emplace(first, &l);
}

} // namespace postern::journal
