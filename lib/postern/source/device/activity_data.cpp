#include "postern/source/device/activity_data.hpp"

#include "postern/base/ids.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <optional>

namespace postern::source {
namespace {

bool has_tag(const wire_conversation& room, std::string_view tag)
{
    return room.tags && std::find(room.tags->begin(), room.tags->end(), tag) != room.tags->end();
}

void put(json::object& into, std::string_view key, const std::string& text)
{
    if (!text.empty())
        into[key] = text;
}

struct membership_facts
{
    bool hidden = false;
    std::string_view type;
    std::optional<bool> moderator{}; // a receipt does not tell
    std::string last_seen{};
};

json::object membership(const activity& a, const wire_person& member, const wire_conversation& room,
                        const membership_facts& facts, const id_maker& ids)
{
    json::object data;
    put(data, "created", a.published);
    data["roomId"] = ids.of("ROOM", room.id);
    data["roomType"] = facts.type;
    data["isRoomHidden"] = facts.hidden;
    if (facts.moderator)
        data["isModerator"] = *facts.moderator;
    put(data, "lastSeenId", facts.last_seen);
    data["id"] = ids.of("MEMBERSHIP", member.uuid + ':' + room.id);
    data["personId"] = id_maker::person(member.uuid);
    put(data, "personEmail", member.email);
    put(data, "personDisplayName", member.name);
    if (!member.organisation.empty())
        data["personOrgId"] = id_maker::organisation(member.organisation);
    return data;
}

} // namespace

std::string id_maker::of(std::string_view type, std::string_view native) const
{
    return format_id({cluster_, std::string(type), std::string(native)});
}

std::string id_maker::person(std::string_view uuid) { return id_maker("us").of("PEOPLE", uuid); }
std::string id_maker::organisation(std::string_view uuid) { return id_maker("us").of("ORGANIZATION", uuid); }

bool is_direct(const wire_conversation& room) { return has_tag(room, "ONE_ON_ONE"); }
std::string_view room_type(const wire_conversation& room) { return is_direct(room) ? "direct" : "group"; }
bool is_locked(const wire_conversation& room) { return has_tag(room, "LOCKED"); }

json::object message_data(const activity& a, std::string_view edited, const id_maker& ids)
{
    json::object data;
    data["id"] = ids.of("MESSAGE", edited.empty() ? a.id : edited);
    data["roomId"] = ids.of("ROOM", a.target.id);
    data["roomType"] = room_type(a.target);
    data["personId"] = id_maker::person(a.actor.uuid);
    put(data, "personEmail", a.actor.email);
    if (!a.mentioned.empty())
    {
        json::array people;
        for (const auto& uuid : a.mentioned)
            people.emplace_back(id_maker::person(uuid));
        data["mentionedPeople"] = std::move(people);
    }
    put(data, edited.empty() ? "created" : "updated", a.published);
    if (a.parent_type == "reply" && !a.parent.empty())
        data["parentId"] = ids.of("MESSAGE", a.parent);
    return data;
}

json::object deleted_message_data(const activity& a, const id_maker& ids)
{
    json::object data;
    data["id"] = ids.of("MESSAGE", a.object_id);
    put(data, "personEmail", a.actor.email);
    data["personId"] = id_maker::person(a.actor.uuid);
    data["roomId"] = ids.of("ROOM", a.target.id);
    data["roomType"] = room_type(a.target);
    return data;
}

json::object membership_data(const activity& a, const wire_person& member, const wire_conversation& room,
                             const id_maker& ids)
{
    return membership(a, member, room, {.type = room_type(room), .moderator = member.moderator}, ids);
}

json::object hidden_membership_data(const activity& a, const id_maker& ids)
{
    // Only direct rooms can be hidden.
    return membership(a, a.actor, a.conversation, {.hidden = true, .type = "direct", .moderator = false},
                      ids);
}

json::object seen_membership_data(const activity& a, const id_maker& ids)
{
    return membership(a, a.actor, a.target,
                      {.type = room_type(a.target), .last_seen = ids.of("MESSAGE", a.object_id)}, ids);
}

json::object created_room_data(const activity& a, const id_maker& ids)
{
    json::object data;
    put(data, "created", a.published);
    data["id"] = ids.of("ROOM", a.conversation.id);
    data["creatorId"] = id_maker::person(a.actor.uuid);
    put(data, "lastActivity", a.published);
    data["type"] = room_type(a.conversation);
    data["isLocked"] = is_locked(a.conversation);
    return data;
}

json::object updated_room_data(const activity& a, const wire_conversation& room, const id_maker& ids)
{
    json::object data;
    put(data, "created", a.published);
    data["id"] = ids.of("ROOM", room.id);
    if (!a.creator.empty())
        data["creatorId"] = id_maker::person(a.creator);
    data["type"] = room_type(room);
    data["isLocked"] = is_locked(room);
    return data;
}

json::object card_action_data(const activity& a, const id_maker& ids)
{
    json::object data;
    put(data, "created", a.published);
    data["roomId"] = ids.of("ROOM", a.target.id);
    data["messageId"] = ids.of("MESSAGE", a.parent);
    data["personId"] = id_maker::person(a.actor.uuid);
    data["id"] = ids.of("ATTACHMENT_ACTION", a.id);
    put(data, "type", a.object_type);
    return data;
}

} // namespace postern::source
