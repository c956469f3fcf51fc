#include "postern/emulator/shapes_activity.hpp"

#include "postern/base/ids.hpp"
#include "postern/emulator/canonical_json.hpp"
#include "postern/emulator/conversation_urls.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

json::object person_shown(std::string_view uuid, const world& w, bool with_organisation = true)
{
    const auto* p = w.find_person(uuid);
    json::object o;
    o["id"] = uuid;
    o["objectType"] = "person";
    o["displayName"] = p ? p->display_name : std::string();
    if (with_organisation)
        o["orgId"] = p ? p->org : std::string();
    o["emailAddress"] = p ? p->email : std::string();
    o["entryUUID"] = uuid;
    o["entryEmail"] = p ? p->email : std::string();
    o["type"] = p && p->type == person_type::bot ? "BOT" : "PERSON";
    return o;
}

json::object items(json::array all) { return json::object{{"items", std::move(all)}}; }

json::array tags_of(const room& r)
{
    json::array tags;
    if (r.type == room_type::direct)
        tags.emplace_back("ONE_ON_ONE");
    if (r.locked)
        tags.emplace_back("LOCKED");
    return tags;
}

// On the wire a mention names a UUID; the REST API's html has a public id in the same place.
std::string with_uuids(std::string_view html)
{
    constexpr std::string_view mark = "data-object-id=\"";
    std::string out;
    for (auto at = html.find(mark); at != std::string_view::npos; at = html.find(mark))
    {
        const auto begin = at + mark.size();
        const auto end = std::min(html.find('"', begin), html.size());
        out.append(html.substr(0, begin)).append(uuid_of(html.substr(begin, end - begin)));
        html.remove_prefix(end);
    }
    return out.append(html);
}

std::string_view category_of(const message& m)
{
    const auto all_are = [&](std::string_view type) {
        return std::all_of(m.files.begin(), m.files.end(),
                           [&](const content& c) { return c.type.starts_with(type); });
    };
    if (all_are("image/"))
        return "images";
    return all_are("video/") ? "videos" : "documents";
}

json::object reference_to(std::string_view type, std::string_view id)
{
    return json::object{{"id", id}, {"type", type}};
}

// Makes the members that differ from verb to verb: object, target, parent.
class painter
{
public:
    painter(const conversation_activity& a, const world& w, std::string_view origin)
        : a_(a), what_(*a.about), w_(w), origin_(origin),
          base_(conversation_base(origin, what_.where.cluster))
    {
    }

    json::object paint() const
    {
        json::object o;
        o["id"] = a_.id;
        o["objectType"] = "activity";
        o["url"] = base_ + "/activities/" + a_.id;
        o["published"] = format_time(published());
        o["verb"] = a_.verb;
        o["actor"] = person_shown(what_.actor, w_);
        o["object"] =
            std::visit([this](const auto& subject) { return this->object(subject); }, what_.subject);
        if (a_.verb != "create" && a_.verb != "hide" && a_.verb != "unhide")
            o["target"] = target();
        if (auto up =
                std::visit([this](const auto& subject) { return this->parent(subject); }, what_.subject);
            !up.empty())
            o["parent"] = std::move(up);
        return o;
    }

private:
    wall_time published() const
    {
        if (what_.event == "created")
            return std::visit([](const auto& subject) { return subject.created; }, what_.subject);
        if (const auto* m = std::get_if<message>(&what_.subject); m && what_.event == "updated")
            return m->updated.value_or(m->created);
        return what_.where.last_stamp;
    }

    json::object conversation() const
    {
        json::object o;
        o["id"] = what_.where.uuid;
        o["objectType"] = "conversation";
        o["url"] = base_ + "/conversations/" + what_.where.uuid;
        return o;
    }

    json::object target() const
    {
        auto o = conversation();
        o["published"] = format_time(what_.where.created);
        o["participants"] = items({});
        o["activities"] = items({});
        auto tags = tags_of(what_.where);
        const bool of_moderation = a_.verb == "assignModerator" || a_.verb == "unassignModerator";
        if (of_moderation && !what_.where.locked) // the lock comes with the first moderator
            tags.emplace_back("LOCKED");
        o["tags"] = std::move(tags);
        o["globalId"] = what_.where.uuid;
        return o;
    }

    json::object object(const message& m) const
    {
        if (a_.verb == "delete")
        {
            json::object o;
            o["id"] = m.uuid;
            o["objectType"] = "activity";
            o["url"] = base_ + "/activities/" + m.uuid;
            o["verb"] = "tombstone";
            return o;
        }
        if (a_.verb == "update")
            return scanned(m);
        json::object o;
        o["objectType"] = a_.verb == "share" ? "content" : "comment";
        if (a_.verb == "share")
            o["contentCategory"] = category_of(m);
        if (!m.text.empty() || a_.verb == "post")
            o["displayName"] = m.text;
        if (!m.html.empty())
            o["content"] = with_uuids(m.html);
        json::array mentioned;
        for (const auto& uuid : m.mentioned)
            mentioned.push_back(json::object{{"objectType", "person"}, {"id", uuid}});
        if (!mentioned.empty())
            o["mentions"] = items(std::move(mentioned));
        if (m.mentions_all)
            o["groupMentions"] = items({json::object{{"objectType", "groupMention"}, {"groupType", "all"}}});
        json::array cards; // each one JSON text
        for (const auto& attachment : m.attachments)
            if (const auto* card =
                    attachment.if_object() ? attachment.get_object().if_contains("content") : nullptr)
                cards.emplace_back(to_js_json(*card));
        if (!cards.empty())
            o["cards"] = std::move(cards);
        if (a_.verb == "share")
            o["files"] = files(m);
        return o;
    }

    json::object files(const message& m) const
    {
        json::array all;
        for (std::size_t i = 0; i < m.files.size(); ++i)
        {
            const auto& file = m.files[i];
            json::object o;
            o["objectType"] = "file";
            o["displayName"] = file.name;
            o["mimeType"] = file.type;
            o["fileSize"] = file.bytes ? file.bytes->size() : 0;
            o["url"] = std::string(origin_) + "/v1/contents/" + content_id(m, i);
            all.push_back(std::move(o));
        }
        return items(std::move(all));
    }

    static json::object scanned(const message& m)
    {
        json::array all;
        for (const auto& file : m.files)
            all.push_back(json::object{
                {"objectType", "file"}, {"displayName", file.name}, {"malwareQuarantineState", "safe"}});
        json::object o;
        o["objectType"] = "content";
        o["contentCategory"] = category_of(m);
        o["files"] = items(std::move(all));
        return o;
    }

    json::object object(const membership& m) const
    {
        if (a_.verb == "acknowledge")
        {
            json::object o;
            o["id"] = what_.detail;
            o["objectType"] = "activity";
            o["url"] = base_ + "/activities/" + what_.detail;
            return o;
        }
        if (a_.verb == "hide" || a_.verb == "unhide")
        {
            auto o = conversation();
            auto tags = tags_of(what_.where);
            if (m.hidden)
                tags.emplace_back("HIDDEN");
            o["tags"] = std::move(tags);
            return o;
        }
        auto o = person_shown(m.person, w_, w_.tells_organisation(m.person));
        const bool of_moderation = a_.verb == "assignModerator" || a_.verb == "unassignModerator";
        if (m.moderator || of_moderation)
            o["roomProperties"] = json::object{{"isModerator", m.moderator}};
        return o;
    }

    json::object object(const room& r) const
    {
        if (a_.verb == "update")
            return json::object{{"objectType", "conversation"}, {"displayName", r.title}};
        auto o = conversation();
        o["tags"] = tags_of(r);
        if (a_.verb != "create")
        {
            o["creatorUUID"] = r.creator;
            return o;
        }
        json::array people;
        for (const auto& uuid : a_.participants)
            people.push_back(person_shown(uuid, w_));
        o["participants"] = items(std::move(people));
        o["activities"] = items({});
        return o;
    }

    static json::object object(const attachment_action& a)
    {
        return json::object{{"objectType", "submit"}, {"inputs", a.inputs}};
    }

    json::object parent(const message& m) const
    {
        if (a_.verb == "post" && what_.event == "updated")
            return reference_to("edit", m.uuid);
        if (m.parent.empty() || (a_.verb != "post" && a_.verb != "share"))
            return {};
        auto o = reference_to("reply", m.parent);
        if (const auto* first = w_.find_message(m.parent))
        {
            o["actorId"] = first->author;
            o["published"] = format_time(first->created);
        }
        return o;
    }
    static json::object parent(const membership&) { return {}; }
    static json::object parent(const room&) { return {}; }
    static json::object parent(const attachment_action& a) { return reference_to("cardAction", a.message); }

    const conversation_activity& a_;
    const activity& what_;
    const world& w_;
    std::string_view origin_;
    std::string base_;
};

std::string verb_of(const activity& a)
{
    if (const auto* m = std::get_if<message>(&a.subject))
    {
        if (a.event == "deleted")
            return "delete";
        return m->files.empty() || a.event == "updated" ? "post" : "share";
    }
    if (const auto* m = std::get_if<membership>(&a.subject))
    {
        if (a.event == "created")
            return "add";
        if (a.event == "deleted")
            return "leave";
        if (a.event == "seen")
            return "acknowledge";
        if (a.detail == "hidden")
            return m->hidden ? "hide" : "unhide";
        return m->moderator ? "assignModerator" : "unassignModerator";
    }
    if (std::holds_alternative<attachment_action>(a.subject))
        return "cardAction";
    if (a.event == "created")
        return "create";
    return a.detail.empty() ? "update" : a.detail;
}

bool is(const activity& a, std::string_view resource, std::string_view event)
{
    return a.resource == resource && a.event == event;
}

bool has(const std::vector<std::string>& all, std::string_view one)
{
    return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_clean_document(const activity& a)
{
    const auto* m = is(a, "messages", "created") ? std::get_if<message>(&a.subject) : nullptr;
    return m && !m->files.empty() && category_of(*m) == "documents" &&
           std::all_of(m->files.begin(), m->files.end(),
                       [](const content& c) { return c.scanned.state == scan_state::clean; });
}

} // namespace

std::vector<conversation_activity> conversation_activities(const std::vector<activity>& batch,
                                                           time_uuids& ids, wall_time now, bool scans)
{
    const auto founded_in = [&](const activity& a) {
        return is(a, "memberships", "created") &&
               std::any_of(batch.begin(), batch.end(), [&](const activity& other) {
                   return is(other, "rooms", "created") && other.room == a.room;
               });
    };
    std::vector<conversation_activity> all;
    for (const auto& a : batch)
    {
        if (founded_in(a))
            continue;
        conversation_activity told{&a, {}, verb_of(a), a.audience, {}};
        const auto* sent = is(a, "messages", "created") ? std::get_if<message>(&a.subject) : nullptr;
        const auto* pressed = std::get_if<attachment_action>(&a.subject);
        told.id = sent ? sent->uuid : pressed ? pressed->uuid : ids.next(now);
        if (told.verb == "create")
        {
            for (const auto& other : batch)
                if (const auto* m = std::get_if<membership>(&other.subject); m && m->room == a.room)
                    told.participants.push_back(m->person);
            told.audience = told.participants;
        }
        if (told.verb == "hide" || told.verb == "unhide")
            told.audience = {std::get<membership>(a.subject).person};
        // Whoever presses a button hears of it too, as of everything one does oneself (6.3).
        if (pressed && !has(told.audience, a.actor))
            told.audience.push_back(a.actor);
        all.push_back(std::move(told));
        if (scans && is_clean_document(a))
            all.push_back({&a, ids.next(now), "update", a.audience, {}});
    }
    return all;
}

json::object show(const conversation_activity& a, const world& w, std::string_view origin)
{
    return painter(a, w, origin).paint();
}

} // namespace postern::emulator
