#pragma once

#include "postern/base/json.hpp"
#include "postern/emulator/time_uuid.hpp"
#include "postern/emulator/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

// One `activity` of the conversation service: what goes over websockets of something that happened
// (protocol/mercury.md 6).
struct conversation_activity
{
    const activity* about = nullptr; // of the batch it was made from
    std::string id;                  // UUID; of a message's or a card action's creation that object's own
    std::string verb;
    std::vector<std::string> audience;     // person UUIDs
    std::vector<std::string> participants; // of a `create`: everybody the room began with
};

// What a batch of happenings makes: a room's creation is one `create` for all who are in it then, so the
// memberships that came with it are not told on their own; hiding a room is told to nobody else. With `scans`
// a share of documents is followed by the `update` that tells of its malware scan (6.2).
std::vector<conversation_activity> conversation_activities(const std::vector<activity>& batch,
                                                           time_uuids& ids, wall_time now,
                                                           bool scans = false);

// The activity as it looks after decryption, in the shape and order of vectors/activity-to-event.json: plain
// text, no key URLs. Its URLs lead to the conversation service of the room's cluster, `origin` is how the
// client calls us. It is the same for every viewer.
json::object show(const conversation_activity&, const world&, std::string_view origin);

} // namespace postern::emulator
