#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/journal/lane_schedule.hpp"
#include "postern/journal/sqlite/pending_row.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace postern::journal::sqlite {

// A delivery that was taken, and what must still be read of it.
struct ticket
{
    record_id record{};
    unsigned attempt{};
    unsigned since{};
    origin from{};
    std::shared_ptr<const event> what; // null: it is to be read from the file
    bool may_have_effects{};           // they are to be read
};

// An attempt that is under way.
struct flight
{
    unsigned attempt{};
    unsigned since{};
    wall_time started{};
    std::chrono::steady_clock::time_point started_at{};
};

// What the journal knows without asking the file: the deliveries that are not over, and the events of the
// latest of them. Decides what may run. No clock, no lock: the caller says what time it is and keeps threads
// apart.
class board
{
public:
    using time_point = lane_schedule::time_point;

    board(std::vector<consumer_id> consumers, std::size_t cached_bytes);

    const std::vector<consumer_id>& consumers() const { return ids_; }

    // Deliveries that begin now. `what` may be null.
    void add(const pending_row&, std::shared_ptr<const event> what);
    // Deliveries that were in the file; those that are on the board already are passed over.
    void load(const std::vector<pending_row>&, wall_time now, time_point steady_now);

    std::optional<ticket> take(consumer_id, wall_time now, time_point steady_now);
    std::optional<time_point> next_due(consumer_id) const;
    // A ticket that was not handed out after all: may be taken again from `when` on.
    void give_back(consumer_id, record_id, time_point when);

    // Empty unless it was taken, and no outcome of it is being written.
    std::optional<flight> in_flight(consumer_id, record_id) const;
    void settling(consumer_id, record_id, bool);
    void noted(consumer_id, record_id);
    void postpone(consumer_id, record_id, time_point due);
    void finish(consumer_id, record_id);

    // The first hold keeps back from that record on: what came in when nobody knew whether everything did.
    void doubt_since(record_id record) { doubtful_ = std::min(record, doubtful_.value_or(record)); }
    void hold();
    void release(const std::string& lane);
    void release_all();
    std::optional<record_id> rank_for_older(const std::string& lane, wall_time happened) const;

    void set_newest(record_id record) { newest_ = record; }
    std::size_t unfinished() const;
    std::uint64_t unfinished_bytes() const { return bytes_; }

private:
    struct delivery_state
    {
        unsigned attempt{};
        unsigned since{};
        origin from{};
        bool may_have_effects{};
        bool settling{};
        wall_time started{};
        time_point started_at{};
    };
    struct progress
    {
        lane_schedule schedule;
        std::unordered_map<record_id, delivery_state> open;
    };
    struct shared_event
    {
        std::size_t deliveries{};
        std::size_t size{};
    };

    progress& of(consumer_id);
    const progress& of(consumer_id) const;
    void enter(const pending_row&, bool may_have_effects);
    void cache(record_id, std::shared_ptr<const event>);
    void drop(record_id);

    const std::vector<consumer_id> ids_;
    const std::size_t cached_limit_;
    std::vector<progress> progress_; // in the order of ids_
    std::unordered_map<record_id, shared_event> events_;
    std::map<record_id, std::shared_ptr<const event>> cached_; // the oldest leaves first
    std::size_t cached_bytes_ = 0;
    std::uint64_t bytes_ = 0; // of the bodies of events_
    record_id newest_ = 0;
    std::optional<record_id> doubtful_;
};

} // namespace postern::journal::sqlite
