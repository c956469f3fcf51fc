#include "postern/emulator/world.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

constexpr unsigned most_edits = 10; // protocol/webex-rest.md 4.7

} // namespace

const message* world::find_message(std::string_view uuid) const
{
    const auto found = messages_.find(uuid);
    return found == messages_.end() ? nullptr : &found->second;
}

const std::vector<std::string>& world::timeline(std::string_view room) const
{
    static const std::vector<std::string> none;
    const auto found = timelines_.find(room);
    return found == timelines_.end() ? none : found->second;
}

// A bot sees everything of a direct room; of a group room what mentions it, and its own
// (protocol/webex-rest.md 8.1).
bool world::can_see(const person& who, const message& m) const
{
    if (!find_membership(m.room, who.uuid))
        return false;
    if (who.type != person_type::bot || m.type_of_room == room_type::direct || m.author == who.uuid)
        return true;
    return std::find(m.mentioned.begin(), m.mentioned.end(), who.uuid) != m.mentioned.end();
}

granted<const message*> world::message_of(const person& who, std::string_view id) const
{
    const auto ref = read_reference(id, "MESSAGE");
    if (!ref)
        return ref.error();
    const auto* found = find_message(ref->native);
    if (!found || !names(*ref, found->cluster) || !can_see(who, *found))
        return refused::not_found();
    return found;
}

activity world::happened(std::string_view event, const person& actor, const room& r, const message& m) const
{
    auto a = happened("messages", event, actor, r);
    std::erase_if(a.audience, [&](const std::string& uuid) {
        const auto* who = find_person(uuid);
        return !who || !can_see(*who, m);
    });
    a.subject = m;
    return a;
}

granted<change<message>> world::edit(const person& actor, std::string_view id, std::string_view room_id,
                                     std::string text, std::string markdown)
{
    const auto found = message_of(actor, id);
    if (!found)
        return found.error();
    const auto where = room_of(actor, room_id);
    if (!where)
        return where.error();
    auto& m = messages_.find((*found)->uuid)->second;
    if ((*where)->uuid != m.room)
        return refusal{400, "The message is not in the room with the provided ID."};
    if (m.author != actor.uuid)
        return refusal{403, "Only the author of a message can edit it."};
    if (!m.files.empty() || !m.attachments.empty())
        return refusal{400, "Editing a message with files or cards is unsupported."};
    if (text.empty() && markdown.empty())
        return refusal{400, "Both text and file cannot be empty."};
    if (auto no = too_long(text, markdown))
        return *no;
    if (m.edits >= most_edits)
        return refusal{400, "A message can be edited at most 10 times."};

    auto& r = *mutable_room(m.room);
    m.edits += 1;
    m.updated = stamp(r);
    r.last_activity = *m.updated;
    render(m, r, std::move(text), std::move(markdown), false);
    change<message> done{m, {}};
    done.activities.push_back(happened("updated", actor, r, m));
    return done;
}

granted<std::vector<activity>> world::delete_message(const person& actor, std::string_view id)
{
    const auto found = message_of(actor, id);
    if (!found)
        return found.error();
    const auto& m = **found;
    auto& r = *mutable_room(m.room);
    const bool rules = is_moderator(actor, r) || (actor.admin && actor.org == r.owner_org);
    if (m.author != actor.uuid && !rules)
        return refused::not_allowed();

    stamp(r);
    std::vector<activity> done;
    done.push_back(happened("deleted", actor, r, m));
    std::erase(timelines_.find(m.room)->second, m.uuid);
    messages_.erase(messages_.find(m.uuid));
    return done;
}

granted<activity> world::see(const person& who, std::string_view id)
{
    const auto found = message_of(who, id);
    if (!found)
        return found.error();
    auto& r = *mutable_room((*found)->room);
    stamp(r);
    auto seen = happened("seen", who, r, *find_membership(r.uuid, who.uuid));
    seen.detail = (*found)->uuid;
    return seen;
}

void world::forget_messages(std::string_view room)
{
    const auto line = timelines_.find(room);
    if (line == timelines_.end())
        return;
    for (const auto& uuid : line->second)
        messages_.erase(uuid);
    timelines_.erase(line);
    std::erase_if(actions_, [&](const auto& entry) { return entry.second.room == room; });
}

} // namespace postern::emulator
