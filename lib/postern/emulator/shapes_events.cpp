#include "postern/emulator/shapes.hpp"

#include "postern/emulator/webhook_rules.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

json::object only(const json::object& from, std::initializer_list<std::string_view> keys)
{
    json::object o;
    for (const auto key : keys)
        if (const auto* member = from.if_contains(key))
            o[key] = *member;
    return o;
}

struct data_maker
{
    const world& w;

    json::object operator()(const message& m) const
    {
        return only(show(m, w, {}), {"id", "roomId", "roomType", "personId", "personEmail", "mentionedPeople",
                                     "created", "parentId"});
    }
    json::object operator()(const membership& m) const { return show(m, w); }
    json::object operator()(const room& r) const
    {
        return only(show(r, person(), w), {"id", "type", "isLocked", "creatorId", "lastActivity", "created"});
    }
    json::object operator()(const attachment_action& a) const
    {
        return only(show(a), {"id", "type", "messageId", "personId", "roomId", "created"});
    }
};

constexpr std::string_view flag(bool b) { return b ? "true" : "false"; }

bool same_person(std::string_view value, std::string_view uuid, const webhook& hook)
{
    return (value == "me" ? person_id(hook.creator) : std::string(value)) == person_id(uuid);
}

// One key=value of a filter against what happened. A key that the subject lacks lets nothing through.
struct condition
{
    std::string_view key, value;
    const webhook& hook;
    const world& w;

    bool in_room(std::string_view cluster, std::string_view uuid) const
    {
        return value == room_id(cluster, uuid);
    }
    bool of_person(std::string_view uuid) const
    {
        if (key == "personId")
            return same_person(value, uuid, hook);
        const auto* named = w.person_by_email(value);
        return named && named->uuid == uuid;
    }
    bool mentions(const message& m) const
    {
        for (std::string_view rest = value; !rest.empty();)
        {
            const auto one = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            if (std::any_of(m.mentioned.begin(), m.mentioned.end(),
                            [&](const auto& uuid) { return same_person(one, uuid, hook); }))
                return true;
        }
        return false;
    }

    bool operator()(const message& m) const
    {
        if (key == "roomId")
            return in_room(m.cluster, m.room);
        if (key == "roomType")
            return value == (m.type_of_room == room_type::direct ? "direct" : "group");
        if (key == "personId" || key == "personEmail")
            return of_person(m.author);
        if (key == "mentionedPeople")
            return mentions(m);
        if (key == "hasFiles")
            return value == flag(!m.files.empty());
        return key == "hasAttachments" && value == flag(!m.attachments.empty());
    }
    bool operator()(const membership& m) const
    {
        if (key == "roomId")
            return in_room(m.cluster, m.room);
        if (key == "personId" || key == "personEmail")
            return of_person(m.person);
        return key == "isModerator" && value == flag(m.moderator);
    }
    bool operator()(const room& r) const
    {
        if (key == "type")
            return value == (r.type == room_type::direct ? "direct" : "group");
        return key == "isLocked" && value == flag(r.locked);
    }
    bool operator()(const attachment_action& a) const
    {
        if (key == "messageId")
            return value == message_id(a.cluster, a.message);
        if (key == "roomId")
            return in_room(a.cluster, a.room);
        return key == "personId" && of_person(a.person);
    }
};

} // namespace

json::object data_of(const activity& a, const world& w) { return std::visit(data_maker{w}, a.subject); }

json::object envelope_of(const webhook& hook, const activity& a, const world& w)
{
    auto o = show(hook, w);
    o.erase("secret");
    o["resource"] = a.resource; // concrete, also for a firehose
    o["event"] = a.event;
    o["status"] = "active";
    // erase() fills the gap with the last member: put the members back into the order of live captures.
    auto envelope = only(o, {"id", "name", "targetUrl", "resource", "event", "filter", "orgId", "createdBy",
                             "appId", "ownedBy", "status", "created"});
    envelope["actorId"] = person_id(a.actor);
    envelope["data"] = data_of(a, w);
    return envelope;
}

bool fires(const webhook& hook, const activity& a, const world& w)
{
    if (!hook.active || !covers(hook.resource, hook.event, a.resource, a.event))
        return false;
    if (std::find(a.audience.begin(), a.audience.end(), hook.creator) == a.audience.end())
        return false;
    if (const auto* m = std::get_if<membership>(&a.subject); m && a.event == "deleted")
        if (const auto* where = w.find_room(m->room); where && where->type == room_type::direct)
            return false; // never fired for direct rooms
    return std::all_of(hook.conditions.begin(), hook.conditions.end(), [&](const auto& c) {
        return std::visit(condition{c.first, c.second, hook, w}, a.subject);
    });
}

std::string subject_id(const activity& a)
{
    return std::visit([](const auto& subject) { return id_of(subject); }, a.subject);
}

} // namespace postern::emulator
