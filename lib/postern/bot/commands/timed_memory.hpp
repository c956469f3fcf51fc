#pragma once

#include "postern/base/deadline.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace postern::matching {

// What was learnt, for a while: by name, until its time is over, and never more than so much; beyond that the
// oldest is forgotten first. Owns no clock. Thread-safe.
template <class T>
class timed_memory
{
public:
    using time_point = deadline::clock::time_point;

    timed_memory(deadline::clock::duration keep, std::size_t most) : keep_(keep), most_(most) {}

    std::optional<T> find(const std::string& name, time_point now) const
    {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(name);
        if (found == known_.end() || found->second.until <= now)
            return std::nullopt;
        return found->second.value;
    }

    void learn(const std::string& name, T value, time_point now)
    {
        const std::lock_guard lock(mutex_);
        while (!order_.empty() && (order_.front().until <= now || order_.size() >= most_))
        {
            const auto oldest = known_.find(order_.front().name);
            if (oldest != known_.end() && oldest->second.number == order_.front().number)
                known_.erase(oldest);
            order_.pop_front();
        }
        known_.insert_or_assign(name, entry{std::move(value), now + keep_, ++number_});
        order_.push_back({name, now + keep_, number_});
    }

    void forget_all()
    {
        const std::lock_guard lock(mutex_);
        known_.clear();
        order_.clear();
    }

private:
    struct entry
    {
        T value;
        time_point until;
        unsigned long long number;
    };
    struct place
    {
        std::string name;
        time_point until;
        unsigned long long number; // of the entry that it stands for, if that is still there
    };

    const deadline::clock::duration keep_;
    const std::size_t most_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, entry> known_;
    std::deque<place> order_;
    unsigned long long number_ = 0;
};

} // namespace postern::matching
