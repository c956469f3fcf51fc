#include "postern/journal/lane_schedule.hpp"

#include <boost/assert.hpp>

namespace postern::journal {

void lane_schedule::add(record_id record, const std::string& name)
{
    auto& queue = lanes_.try_emplace(name, lane{name, {}}).first->second;
    queue.unfinished.push_back(record);
    if (queue.unfinished.size() == 1)
        runnable_.emplace(record, &queue);
}

std::optional<record_id> lane_schedule::next(time_point now)
{
    while (!waiting_.empty() && waiting_.begin()->first.first <= now)
    {
        const auto due = waiting_.begin();
        runnable_.emplace(due->first.second, due->second);
        waiting_.erase(due);
    }
    if (runnable_.empty())
        return std::nullopt;
    const auto oldest = runnable_.begin();
    const auto record = oldest->first;
    in_flight_.emplace(record, oldest->second);
    runnable_.erase(oldest);
    return record;
}

std::optional<lane_schedule::time_point> lane_schedule::next_due() const
{
    if (waiting_.empty())
        return std::nullopt;
    return waiting_.begin()->first.first;
}

void lane_schedule::finish(record_id record)
{
    const auto found = in_flight_.find(record);
    BOOST_ASSERT(found != in_flight_.end());
    auto* const queue = found->second;
    in_flight_.erase(found);
    queue->unfinished.pop_front();
    if (!queue->unfinished.empty())
        runnable_.emplace(queue->unfinished.front(), queue);
    else
        lanes_.erase(std::string(queue->name)); // a copy: the key must not die while it is being looked up
}

void lane_schedule::postpone(record_id record, time_point due)
{
    const auto found = in_flight_.find(record);
    BOOST_ASSERT(found != in_flight_.end());
    waiting_.emplace(std::pair(due, record), found->second);
    in_flight_.erase(found);
}

} // namespace postern::journal
