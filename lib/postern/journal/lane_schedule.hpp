#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace postern::journal {

// Where a record stands in its lane. Records are added with a rank of their own number, except those that
// have to go before others that are there already: see lane_schedule::rank_for_older().
struct place
{
    record_id rank{};
    record_id record{};

    friend auto operator<=>(const place&, const place&) = default;
};

// Which record may run now. Decides only: no clock, no timer, no lock; the caller says what time it is and
// keeps threads apart.
//
// Records of a lane run one at a time, in the order of their places. Only the first of a lane ever runs:
// while it is in flight, or waits for its next attempt, the others of its lane stay behind it. Across lanes
// the oldest runnable record is first.
//
// A lane on hold gives out only what was added before the hold, and what was added with rank_for_older();
// what came later waits for the release.
class lane_schedule
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    // A record that goes before one in flight waits for it all the same. `happened`: when it was said, as far
    // as that is known (event::happened).
    void add(place, const std::string& lane, wall_time happened = {});

    // Takes the oldest runnable record in flight; empty if none may run at `now`.
    std::optional<record_id> next(time_point now);

    // When the next waiting record becomes runnable; empty if none waits.
    std::optional<time_point> next_due() const;

    bool in_flight(record_id record) const { return in_flight_.contains(record); }
    std::size_t size() const; // records that are not finished

    // Both are for records in flight. finish() frees the lane; postpone() blocks it until `due`.
    void finish(record_id record);
    void postpone(record_id record, time_point due);

    // Puts all lanes on hold, also those that have no record yet. `last` is the newest record now: places of
    // a greater rank wait until their lane is released. (So a backlog from before an outage is worked off
    // while the outage lasts, and recovered events run while the rest of their room is still being fetched.)
    // What an earlier hold still keeps back is kept back until the release too.
    void hold(record_id last);
    void release(const std::string& lane);
    void release_all();
    bool on_hold(const std::string& lane) const;

    // The rank with which an older event goes before what was added to its lane since the hold, but after
    // what is known to have been said before it. Empty while the lane is not on hold.
    std::optional<record_id> rank_for_older(const std::string& lane, wall_time happened = {}) const;

private:
    static constexpr auto no_limit = std::numeric_limits<record_id>::max();

    struct lane
    {
        enum class status
        {
            still,    // empty, or its first is beyond the limit
            runnable, // its first is in runnable_
            running,  // a record of it is in flight
            blocked   // until the moment it has in blocked_
        };
        const std::string* name{};
        std::map<place, wall_time> unfinished; // when it was said
        status is = status::still;
        place at{};                // the runnable or running one
        record_id limit{no_limit}; // greater ranks are on hold
    };
    using lanes = std::unordered_map<std::string, lane>;

    lane& lane_of(const std::string& name);
    lane& take_back(record_id running);
    void arrange(lane&);
    bool is_released(const std::string& name) const { return !hold_ || released_.contains(name); }

    lanes lanes_;                     // the others point into it: its nodes stay where they are
    std::map<place, lane*> runnable_; // the oldest first
    std::map<std::pair<time_point, record_id>, lane*> blocked_; // the earliest due first
    std::unordered_map<record_id, lane*> in_flight_;
    std::size_t size_ = 0;

    std::optional<record_id> hold_;            // the newest record when all were put on hold
    std::unordered_set<std::string> released_; // names since then: a lane may have no record yet
};

} // namespace postern::journal
