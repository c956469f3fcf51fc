#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/source/recovery/recovery.hpp"

#include <optional>
#include <vector>

namespace postern::source {

// What the journal knew before this start's first event.
struct known_past
{
    std::optional<wall_time> heard;  // until then everything has come in; empty: never told
    std::optional<wall_time> oldest; // of the rooms' newest messages, the oldest; empty: no message is known
};
known_past past_of(std::optional<wall_time> heard, const std::vector<room_position>&);

// One time that reaches over both.
missed_time join(missed_time, const missed_time&);

// Which time is to be fetched next: windows that wait are joined into one. Decides only, no clock. Not
// thread-safe.
class recovery_windows
{
public:
    void add(missed_time);

    // Before the first take().
    void learn(known_past past) { past_ = past; }

    // All that waits, with a beginning: one from "since ever" begins where the journal's knowledge ends. If
    // it has none, this is a first start, and nothing that was said before it is anybody's business.
    std::optional<missed_time> take();
    void give_back(const missed_time&); // it could not be fetched
    void fetched(const missed_time&);

    bool waiting() const { return waiting_.has_value(); }

    // Nothing before it is looked at: the first start. The epoch: there is no such limit.
    wall_time beginning() const { return first_start_ ? *since_ever_ : wall_time(); }

private:
    known_past past_;
    std::optional<missed_time> waiting_;
    std::optional<wall_time> since_ever_; // the end of the first window without a beginning
    bool first_start_ = false;
};

} // namespace postern::source
