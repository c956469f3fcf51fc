#include "postern/source/recovery/recovery_envelope.hpp"

#include "postern/base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace postern::source {
namespace {

void put(json::object& into, std::string_view key, const std::string& text)
{
    if (!text.empty())
        into[key] = text;
}

void put(json::object& into, std::string_view key, std::optional<bool> flag)
{
    if (flag)
        into[key] = *flag;
}

std::string envelope(std::string_view resource, std::string_view event, const std::string& actor,
                     json::object data, const webex::person& me)
{
    json::object o;
    o["resource"] = resource;
    o["event"] = event;
    put(o, "orgId", me.org_id);
    o["createdBy"] = me.id;
    o["ownedBy"] = "creator";
    o["status"] = "active";
    put(o, "created", text_or(data, "created"));
    put(o, "actorId", actor);
    o["data"] = std::move(data);
    return json::serialize(o);
}

} // namespace

std::string message_envelope(webex::message m, const webex::room& where, const webex::person& me)
{
    json::object data;
    data["id"] = m.id;
    data["roomId"] = m.room_id.empty() ? where.id : m.room_id;
    put(data, "roomType", m.room_type.empty() ? where.type : m.room_type);
    put(data, "personId", m.person_id);
    put(data, "personEmail", m.person_email);
    if (!m.mentioned_people.empty())
        data["mentionedPeople"] = json::array(m.mentioned_people.begin(), m.mentioned_people.end());
    put(data, "created", m.created);
    put(data, "parentId", m.parent_id);
    return envelope("messages", "created", m.person_id, std::move(data), me);
}

std::string joined_envelope(const webex::membership& m, const webex::person& me)
{
    json::object data;
    data["id"] = m.id;
    data["roomId"] = m.room_id;
    put(data, "roomType", m.room_type);
    data["personId"] = m.person_id.empty() ? me.id : m.person_id;
    put(data, "personEmail", m.person_email);
    put(data, "personDisplayName", m.person_display_name);
    put(data, "personOrgId", m.person_org_id);
    put(data, "isModerator", m.is_moderator);
    put(data, "isMonitor", m.is_monitor);
    put(data, "created", m.created);
    return envelope("memberships", "created", {}, std::move(data), me);
}

std::string left_envelope(const room_position& where, wall_time after, const webex::person& me)
{
    json::object data;
    data["id"] = where.membership;
    data["roomId"] = where.room;
    data["roomType"] = "group";
    data["personId"] = me.id;
    put(data, "personEmail", me.emails.empty() ? std::string() : me.emails.front());
    put(data, "personDisplayName", me.display_name);
    put(data, "personOrgId", me.org_id);
    data["created"] = format_time(after);
    return envelope("memberships", "deleted", {}, std::move(data), me);
}

} // namespace postern::source
