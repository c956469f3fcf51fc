#include "postern/source/device/activity_map.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/ids.hpp"
#include "postern/source/device/activity.hpp"
#include "postern/source/device/activity_data.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

// What differs from the JS SDK, whose events vectors/activity-to-event.json records, and why:
//
// - The envelope's `created` is when it happened. The SDK writes when listen() was called; a webhook, when
// the
//   webhook was made. Neither tells anything of the event.
// - messages:created has the fields of a webhook, built from the activity, without a further request. The SDK
//   asks for the message and hands over all of it. Here a handler asks by the id, as with a webhook, and no
//   text ever reaches the journal. So mentionedPeople and parentId are there, and text, html, files are not.
// - attachmentActions:created has no `inputs`, for the same reason: a webhook has none, on the wire they are
//   encrypted, and what people typed does not belong on a disk.
// - An edit is messages:updated of the message that was edited, with `updated` for `created`. The SDK makes
//   it messages:created, with the id of the edit, which is no message.
// - An `update` of content is the end of a malware scan and no event; the SDK makes it rooms:updated.
// - Taking a reaction back is no event; the SDK would make it messages:deleted with the id of the reaction.
// - `remove` is a membership that ended, like `leave`, as other clients have it (mercury.md 7.2).
// - Our own messages, their edits and deletions are no events: whoever answers them talks to himself for
// ever.
//   Nor are messages of a group room that don't mention the bot: the platform shows a bot no others
//   (mercury.md 6.3). @all mentions nobody (protocol/webex-rest.md 12).
// - Whoever has no e-mail address has no personEmail; the SDK writes the UUID there.
// - What lacks an id is no event, and says so; the SDK throws, and does not hear that activity any more.

namespace postern::source {
namespace {

bool same_uuid(std::string_view a, std::string_view b) noexcept
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

// One activity on its way to what it means.
class mapping
{
public:
    mapping(const activity& a, const identity& me, std::string_view my_uuid,
            const activity_map::cluster_lookup& clusters)
        : a_(a), me_(me), my_uuid_(my_uuid), clusters_(clusters)
    {
    }

    mapped run() &&;

private:
    void message();
    void message_deleted();
    void room_made();
    void room_changed();
    void updated();
    void member_added();
    void member_left();
    void moderator_changed();
    void hidden();
    void seen();
    void card_action();

    void message(const std::string& edited);
    void member(std::string_view event);
    void emit(std::string_view resource, std::string_view event, json::object data);

    // False, with the reason noted, if that is missing.
    bool has(const std::string& what, std::string_view otherwise);
    void none(std::string_view why) { out_.why_none = why; }

    bool is_me(std::string_view uuid) const { return same_uuid(uuid, my_uuid_); }
    bool is_own();
    bool is_for_me();

    // What makes the ids of that place, or if it has no URL of that other; empty, with the reason noted, if
    // its cluster is unknown.
    std::optional<id_maker> ids_at(const std::string& url, const std::string& otherwise);
    void look_up(std::string_view what, const std::string& id);

    const activity& a_;
    const identity& me_;
    std::string_view my_uuid_;
    const activity_map::cluster_lookup& clusters_;
    mapped out_;

    struct rule
    {
        std::string_view verb;
        void (mapping::*apply)();
    };
    static const std::array<rule, 15> rules;
};

// protocol/mercury.md 7.2
const std::array<mapping::rule, 15> mapping::rules{{
    {"post", &mapping::message},
    {"share", &mapping::message},
    {"delete", &mapping::message_deleted},
    {"create", &mapping::room_made},
    {"update", &mapping::updated},
    {"lock", &mapping::room_changed},
    {"unlock", &mapping::room_changed},
    {"add", &mapping::member_added},
    {"leave", &mapping::member_left},
    {"remove", &mapping::member_left},
    {"assignModerator", &mapping::moderator_changed},
    {"unassignModerator", &mapping::moderator_changed},
    {"hide", &mapping::hidden},
    {"acknowledge", &mapping::seen},
    {"cardAction", &mapping::card_action},
}};

mapped mapping::run() &&
{
    const auto found =
        std::find_if(rules.begin(), rules.end(), [&](const rule& r) { return r.verb == a_.verb; });
    if (a_.verb.empty())
        none("the activity has no verb");
    else if (found == rules.end())
        none("the verb \"" + a_.verb + "\" is no event");
    else if (has(a_.actor.uuid, "the activity does not say who did it: the actor has no UUID"))
        (this->*found->apply)();
    return std::move(out_);
}

// --- what it is about

void mapping::message()
{
    if (a_.parent_type != "edit")
        return message({});
    if (has(a_.parent, "an edit that does not say of which message"))
        message(a_.parent);
}

void mapping::message(const std::string& edited)
{
    if (is_own() || !has(a_.id, "the activity has no id") ||
        !has(a_.target.id, "a message that does not say in which room") || !is_for_me())
        return;
    const auto ids = ids_at(a_.target.url, a_.url);
    if (!ids)
        return look_up("messages/", edited.empty() ? a_.id : edited);
    emit("messages", edited.empty() ? "created" : "updated", message_data(a_, edited, *ids));
}

void mapping::message_deleted()
{
    // Of a removed reaction the reaction is the deleted object (mercury.md 6.2).
    if (a_.object_parent_type.starts_with("reaction"))
        return none("a reaction was taken back");
    if (is_own() || !has(a_.object_id, "a deletion that does not say of which message") ||
        !has(a_.target.id, "a deletion that does not say in which room"))
        return;
    if (const auto ids = ids_at(a_.target.url, a_.url))
        emit("messages", "deleted", deleted_message_data(a_, *ids));
}

void mapping::room_made()
{
    if (!has(a_.conversation.id, "a new room without an id"))
        return;
    const auto ids = ids_at(a_.url, a_.conversation.url);
    if (!ids)
        return;
    for (const auto& person : a_.participants)
        emit("memberships", "created", membership_data(a_, person, a_.conversation, *ids));
    emit("rooms", "created", created_room_data(a_, *ids));
}

void mapping::updated()
{
    if (a_.object_type == "conversation")
        return room_changed();
    if (a_.object_type == "comment") // some report edits in this form (mercury.md 10)
    {
        const bool of_parent = !a_.parent.empty() && a_.parent_type != "reply";
        const auto& own = a_.object_id.empty() ? a_.id : a_.object_id;
        return message(of_parent ? a_.parent : own);
    }
    none(a_.object_type == "content" ? "files were scanned for malware; their message was told before"
                                     : "an update of neither a room nor a message");
}

void mapping::room_changed()
{
    auto room = a_.conversation;
    if (room.id.empty())
        room.id = a_.target.id;
    if (room.url.empty())
        room.url = a_.target.url;
    if (!room.tags)
        room.tags = a_.target.tags;
    if (!has(room.id, "a change of a room that does not say of which"))
        return;
    if (const auto ids = ids_at(a_.url, room.url))
        emit("rooms", "updated", updated_room_data(a_, room, *ids));
}

void mapping::member_added()
{
    if (a_.object_type.starts_with("reaction"))
        return none("a reaction is no event");
    member("created");
}

void mapping::member_left() { member("deleted"); }
void mapping::moderator_changed() { member("updated"); }

void mapping::member(std::string_view event)
{
    if (a_.object_type != "person")
        return none("a change of a membership, but of no person's");
    if (!has(a_.person.uuid, "a change of a membership that does not say whose") ||
        !has(a_.target.id, "a change of a membership that does not say in which room"))
        return;
    if (const auto ids = ids_at(a_.target.url, a_.url))
        emit("memberships", event, membership_data(a_, a_.person, a_.target, *ids));
}

void mapping::hidden()
{
    if (!has(a_.conversation.id, "a room was hidden, without saying which"))
        return;
    if (const auto ids = ids_at(a_.url, a_.conversation.url))
        emit("memberships", "updated", hidden_membership_data(a_, *ids));
}

void mapping::seen()
{
    if (!has(a_.object_id, "a receipt that does not say what was read") ||
        !has(a_.target.id, "a receipt that does not say in which room"))
        return;
    if (const auto ids = ids_at(a_.target.url, a_.url))
        emit("memberships", "seen", seen_membership_data(a_, *ids));
}

void mapping::card_action()
{
    if (!has(a_.id, "the activity has no id") ||
        !has(a_.parent, "a card was sent that does not say with which message it came") ||
        !has(a_.target.id, "a card was sent that does not say in which room"))
        return;
    const auto ids = ids_at(a_.target.url, a_.url);
    if (!ids)
        return look_up("attachment/actions/", a_.id);
    emit("attachmentActions", "created", card_action_data(a_, *ids));
}

// --- what all of them need

void mapping::emit(std::string_view resource, std::string_view event, json::object data)
{
    json::object envelope;
    envelope["createdBy"] = me_.person;
    if (!me_.organisation.empty())
        envelope["orgId"] = me_.organisation;
    envelope["resource"] = resource;
    envelope["ownedBy"] = "creator";
    envelope["status"] = "active";
    if (!a_.published.empty())
        envelope["created"] = a_.published;
    envelope["data"] = std::move(data);
    envelope["event"] = event;
    envelope["actorId"] = id_maker::person(a_.actor.uuid);
    out_.envelopes.push_back(json::serialize(envelope));
}

bool mapping::has(const std::string& what, std::string_view otherwise)
{
    if (what.empty())
        none(otherwise);
    return !what.empty();
}

bool mapping::is_own()
{
    if (!looks_like_uuid(my_uuid_))
    {
        none("nobody can tell whose message it is: our own person id holds no UUID");
        return true;
    }
    if (is_me(a_.actor.uuid))
        none("own message");
    return is_me(a_.actor.uuid);
}

bool mapping::is_for_me()
{
    const bool heard = !me_.bot || is_direct(a_.target) ||
                       std::any_of(a_.mentioned.begin(), a_.mentioned.end(),
                                   [&](const std::string& uuid) { return is_me(uuid); });
    if (!heard)
        none("the bot is not mentioned");
    return heard;
}

std::optional<id_maker> mapping::ids_at(const std::string& url, const std::string& otherwise)
{
    const auto& place = url.empty() ? otherwise : url;
    if (!has(place, "neither the activity nor its room has a URL, so no id can be built"))
        return std::nullopt;
    auto cluster = clusters_(place);
    if (!cluster)
    {
        none("nobody knows the cluster of its host, so no id can be built");
        out_.unknown_url = place;
        return std::nullopt;
    }
    return id_maker(std::move(*cluster));
}

void mapping::look_up(std::string_view what, const std::string& id)
{
    const auto at = a_.target.url.find("conversations/" + a_.target.id);
    if (!out_.unknown_url.empty() && at != a_.target.url.npos)
        out_.lookup_url = a_.target.url.substr(0, at).append(what).append(id);
}

} // namespace

activity_map::activity_map(identity me, cluster_lookup clusters)
    : me_(std::move(me)), my_uuid_(uuid_of(me_.person)), clusters_(std::move(clusters))
{
}

mapped activity_map::map(const json::object& data, const json::object* overrides) const
{
    const auto a = read_activity(data, overrides);
    if (!a)
    {
        mapped nothing;
        nothing.why_none = "the frame has no activity";
        return nothing;
    }
    return mapping(*a, me_, my_uuid_, clusters_).run();
}

} // namespace postern::source
