#pragma once

// The `data` of public events, built from activities (protocol/mercury.md 7.2). What an activity does not say
// is left out. Members are in the order of vectors/activity-to-event.json, or of a webhook's body
// (protocol/webex-rest.md 5.2) where we write that instead.

#include "postern/base/json.hpp"
#include "postern/source/device/activity.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace postern::source {

// Public ids of one cluster; those of people and organisations are the same everywhere (mercury.md 7.3).
class id_maker
{
public:
    explicit id_maker(std::string cluster) : cluster_(std::move(cluster)) {}

    std::string of(std::string_view type, std::string_view native) const;
    static std::string person(std::string_view uuid);
    static std::string organisation(std::string_view uuid);

private:
    std::string cluster_;
};

// The tags say it; none is a group that is open.
bool is_direct(const wire_conversation&);
std::string_view room_type(const wire_conversation&);
bool is_locked(const wire_conversation&);

// Of post, share, and their edits: what a webhook says of a message. `edited`: the UUID of the message that
// was changed, empty for a new one.
json::object message_data(const activity&, std::string_view edited, const id_maker&);
json::object deleted_message_data(const activity&, const id_maker&);

json::object membership_data(const activity&, const wire_person& member, const wire_conversation& room,
                             const id_maker&);
json::object hidden_membership_data(const activity&, const id_maker&);
json::object seen_membership_data(const activity&, const id_maker&);

json::object created_room_data(const activity&, const id_maker&);
json::object updated_room_data(const activity&, const wire_conversation& room, const id_maker&);

json::object card_action_data(const activity&, const id_maker&);

} // namespace postern::source
