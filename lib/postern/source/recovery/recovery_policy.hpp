#pragma once

#include "postern/base/error.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/source/recovery/recovery.hpp"
#include "postern/webex/types.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// The limits of one try.
struct recovery_times
{
    wall_time from{}; // of the window
    wall_time to{};
    wall_time earliest{}; // nothing before it is looked at, for whatever reason
    wall_time since{};    // rooms without activity since then are left alone

    bool anything() const { return since < to; } // else only memberships are looked at
};

// What to do about one room.
struct room_task
{
    webex::room room;
    bool ask = true;                         // list what was said, since:
    wall_time since{};                       //
    bool mentioning_me = false;              // only that; a bot may not ask for more
    std::optional<webex::membership> joined; // it is news that we are in it
};

struct recovery_plan
{
    std::vector<room_task> rooms;     // in the order in which to ask
    std::vector<std::string> quiet;   // ids of rooms about which there is nothing to ask
    std::vector<room_position> gone;  // rooms that we have left, it seems: to be asked once more
    std::vector<room_position> known; // memberships that are no news, but new to the journal
};

// What recovery is to look at, in which order and how far back. Decides only: no sockets, no clock.
class recovery_policy
{
public:
    recovery_policy(recovery_options, webex::person me);

    // `beginning`: of all that is our business.
    recovery_times times(const missed_time&, wall_time beginning, wall_time now) const;

    // `known` must have been read before `own` was listed: a room that we join in between is then no loss.
    //
    // Asked about are the rooms of `active`, the most recently active first, and those that we were added to.
    // A room's messages are listed from its newest known one, if that is older than the window, and from the
    // window's beginning otherwise; all of that less the overlap, and never from before `earliest`. Rooms
    // that were done in an earlier try are listed from there on; those that failed come last.
    //
    // A membership is news if it began in the window, and the journal doesn't know it from before. One that
    // the journal knows and that isn't there any more is told of group rooms alone: the cloud never tells it
    // of direct ones (protocol/webex-rest.md 3.5), which are therefore remembered without `member`.
    recovery_plan plan(const recovery_times&, const std::vector<room_position>& known,
                       const std::vector<webex::membership>& own,
                       const std::vector<webex::room>& active) const;

    bool is_own(const webex::message&) const;

    // A later try may do better.
    static bool worth_repeating(const error&);

    // Of a recovery, over all its tries. room_failed() is true if the room is to be tried again, else it is
    // left out: it refuses, or has given answers that nobody understands too often.
    void room_done(const std::string& id, wall_time until);
    bool room_failed(const std::string& id, const error&);
    void over();

    // Until the next try, `random` in [0, 1).
    std::chrono::milliseconds pause(unsigned failures, const error&, double random) const;

private:
    bool is_news(const recovery_times&, const webex::membership&, const room_position* known) const;
    bool is_done(const webex::room&) const;
    wall_time list_since(const recovery_times&, const std::string& room, const room_position* known,
                         const std::optional<webex::membership>& joined) const;
    std::string own_membership(const room_position&) const;
    unsigned failures_of(const std::string& room) const;

    const recovery_options options_;
    const bool bot_;
    const std::string my_uuid_;
    std::map<std::string, wall_time> done_; // rooms
    std::map<std::string, unsigned> failures_;
};

} // namespace postern::source
