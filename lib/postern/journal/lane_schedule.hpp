#pragma once

#include "postern/base/stages.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace postern::journal {

// Which record may run now. Decides only: no clock, no timer, no lock; the caller says what time it is and
// keeps threads apart.
//
// Records of a lane run one at a time, in the order in which they were added. Only the first of a lane ever
// runs: while it is in flight, or waits for its next attempt, the others of its lane stay behind it. Across
// lanes the oldest runnable record is first.
class lane_schedule
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    // `record` must be greater than all before it.
    void add(record_id record, const std::string& lane);

    // Takes the oldest runnable record in flight; empty if none may run at `now`.
    std::optional<record_id> next(time_point now);

    // When the next waiting record becomes runnable; empty if none waits.
    std::optional<time_point> next_due() const;

    bool in_flight(record_id record) const { return in_flight_.contains(record); }

    // Both are for records in flight. finish() frees the lane; postpone() blocks it until `due`.
    void finish(record_id record);
    void postpone(record_id record, time_point due);

private:
    struct lane
    {
        std::string name;
        std::deque<record_id> unfinished; // oldest first
    };

    std::unordered_map<std::string, lane> lanes_; // the others point into it: its nodes stay where they are
    std::map<record_id, lane*> runnable_;         // firsts of their lanes, oldest first
    std::map<std::pair<time_point, record_id>, lane*> waiting_;
    std::unordered_map<record_id, lane*> in_flight_;
};

} // namespace postern::journal
