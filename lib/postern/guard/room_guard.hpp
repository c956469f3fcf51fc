#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/guard/guard_options.hpp"
#include "postern/webex/api.hpp"
#include "postern/webex/types.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace postern::guard {

// The guard of who has said whose rooms these are: reads all members of a room once, remembers what came of
// it, and looks again when something is heard of the room. What can't be decided is closed.
//
//   an event of a room     by all its members; who spoke there and is none of them any more is judged himself
//   check_of::sender       by who caused it, as GET /people tells him; memberships, and events of nobody, by
//                          the room
//   no room (meetings ...) by who caused it; of nobody: refused
//   the bot was removed    refused without a call; and so is what waits in that room, once Webex has refused
//   a
//                          look into it
//
// Otherwise the bot's own events are judged like all others.
//
// Thread-safe; coroutines that ask it run on a strand. Concurrent questions about one room share one walk. It
// must be closed before it is destroyed.
class room_guard : public guard_port
{
public:
    using clock = std::function<deadline::clock::time_point()>; // callable from any thread

    static std::unique_ptr<room_guard> make(guard_options, std::shared_ptr<webex::api>, webex::person me, log,
                                            clock = &deadline::clock::now);

    // Something was heard of a room, before the event takes its turn in the lane: a member came or went, a
    // room changed. What is known of it counts no more. Also a message of somebody who was not among the
    // members does: he may have joined in the same instant, and his membership may be told later.
    void heard(const event&) override = 0;

    // Events may have been missed: nothing that is known counts any more.
    virtual void missed() = 0;

    // Ends what is under way: walks, and what is done about refused rooms. From then on nothing new begins.
    virtual awaitable<void> close() = 0;

    struct counters
    {
        std::uint64_t asked = 0;
        std::uint64_t walks = 0; // through a room's members
        std::uint64_t refused = 0;
        std::uint64_t undecided = 0;
        std::uint64_t people = 0;  // questions about a person
        std::uint64_t actions = 0; // begun, about a refused room
    };
    virtual counters counted() const = 0;
};

} // namespace postern::guard
