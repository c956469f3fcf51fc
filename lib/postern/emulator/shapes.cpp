#include "postern/emulator/shapes.hpp"

#include "postern/base/crypto.hpp"

namespace postern::emulator {
namespace {

constexpr std::string_view name_of(room_type t) { return t == room_type::direct ? "direct" : "group"; }

json::array ids_of_people(const std::vector<std::string>& uuids)
{
    json::array ids;
    for (const auto& uuid : uuids)
        ids.emplace_back(person_id(uuid));
    return ids;
}

std::string email_of(const std::string& uuid, const world& w)
{
    const auto* who = w.find_person(uuid);
    return who ? who->email : std::string();
}

} // namespace

json::object show(const person& p)
{
    json::object o;
    o["id"] = person_id(p.uuid);
    o["emails"] = json::array{json::value(p.email)};
    o["phoneNumbers"] = json::array();
    o["displayName"] = p.display_name;
    o["nickName"] = p.nick_name;
    if (p.type != person_type::bot)
    {
        const auto space = p.display_name.find(' ');
        o["firstName"] = p.display_name.substr(0, space);
        o["lastName"] = space == std::string::npos ? std::string() : p.display_name.substr(space + 1);
    }
    o["avatar"] = "https://avatar.example.net/V1~" + p.uuid + "/1600";
    o["orgId"] = organisation_id(p.org);
    if (p.admin)
        o["roles"] = json::array{json::value("id_full_admin")};
    o["created"] = format_time(p.created);
    o["status"] = p.type == person_type::bot ? "unknown" : "active";
    o["type"] = to_string(p.type);
    return o;
}

json::object show(const room& r, const person& viewer, const world& w)
{
    json::object o;
    o["id"] = id_of(r);
    o["title"] = w.title_for(r, viewer);
    o["type"] = name_of(r.type);
    o["isLocked"] = r.locked;
    o["lastActivity"] = format_time(r.last_activity);
    o["creatorId"] = person_id(r.creator);
    o["created"] = format_time(r.created);
    o["ownerId"] = organisation_id(r.owner_org);
    if (!r.description.empty())
        o["description"] = r.description;
    if (r.announcement_only)
        o["isAnnouncementOnly"] = true;
    o["isPublic"] = r.is_public;
    o["isReadOnly"] = false;
    return o;
}

json::object show(const membership& m, const world& w)
{
    const auto* who = w.find_person(m.person);
    const auto* where = w.find_room(m.room);
    json::object o;
    o["id"] = id_of(m);
    o["roomId"] = room_id(m.cluster, m.room);
    o["roomType"] = name_of(where ? where->type : room_type::group);
    o["personId"] = person_id(m.person);
    o["personEmail"] = who ? who->email : std::string();
    o["personDisplayName"] = who ? who->display_name : std::string();
    if (w.tells_organisation(m.person))
        o["personOrgId"] = organisation_id(who ? who->org : std::string());
    o["isModerator"] = m.moderator;
    o["isMonitor"] = m.monitor;
    o["isRoomHidden"] = m.hidden;
    o["created"] = format_time(m.created);
    return o;
}

json::object show(const message& m, const world& w, std::string_view api)
{
    json::object o;
    o["id"] = id_of(m);
    o["roomId"] = room_id(m.cluster, m.room);
    o["roomType"] = name_of(m.type_of_room);
    if (!m.text.empty())
        o["text"] = m.text;
    if (!m.files.empty())
    {
        json::array urls;
        for (std::size_t i = 0; i < m.files.size(); ++i)
            urls.emplace_back(std::string(api) + "/contents/" + content_id(m, i));
        o["files"] = std::move(urls);
    }
    if (!m.attachments.empty())
        o["attachments"] = m.attachments;
    o["personId"] = person_id(m.author);
    o["personEmail"] = email_of(m.author, w);
    if (!m.markdown.empty())
        o["markdown"] = m.markdown;
    if (!m.html.empty())
        o["html"] = m.html;
    if (!m.mentioned.empty())
        o["mentionedPeople"] = ids_of_people(m.mentioned);
    if (m.mentions_all)
        o["mentionedGroups"] = json::array{json::value("all")};
    o["created"] = format_time(m.created);
    if (m.updated)
        o["updated"] = format_time(*m.updated);
    if (!m.parent.empty())
        o["parentId"] = message_id(m.cluster, m.parent);
    return o;
}

json::object show(const attachment_action& a)
{
    json::object o;
    o["id"] = id_of(a);
    o["type"] = "submit";
    o["messageId"] = message_id(a.cluster, a.message);
    o["inputs"] = a.inputs;
    o["personId"] = person_id(a.person);
    o["roomId"] = room_id(a.cluster, a.room);
    o["created"] = format_time(a.created);
    return o;
}

json::object show(const webhook& hook, const world& w)
{
    // One application made all webhooks: the same value was seen on those of unrelated bots.
    constexpr std::string_view app = "ciscospark://us/APPLICATION/"
                                     "C0e5f1a7b93d264c8e0b7a5d1f3962c84a6e8b0d2f4183a5c7e9bfd1037254c6e";
    const auto* owner = w.find_person(hook.creator);
    json::object o;
    o["id"] = id_of(hook);
    o["name"] = hook.name;
    o["targetUrl"] = hook.target_url;
    o["resource"] = hook.resource;
    o["event"] = hook.event;
    if (!hook.filter.empty())
        o["filter"] = hook.filter;
    if (!hook.key.empty())
        o["secret"] = std::string(hook.key.reveal());
    o["orgId"] = organisation_id(owner ? owner->org : std::string());
    o["createdBy"] = person_id(hook.creator);
    o["appId"] = base64url(app);
    o["ownedBy"] = "creator";
    o["status"] = hook.active ? "active" : "inactive";
    o["created"] = format_time(hook.created);
    return o;
}

} // namespace postern::emulator
