#include "postern/emulator/world.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

template <class T>
void oldest_first(std::vector<const T*>& all)
{
    std::sort(all.begin(), all.end(), [](const T* a, const T* b) {
        return std::pair(a->created, std::string_view(a->uuid)) <
               std::pair(b->created, std::string_view(b->uuid));
    });
}

void apply(const room_wish& wish, room& r)
{
    if (wish.title)
        r.title = *wish.title;
    if (wish.locked)
        r.locked = *wish.locked;
    if (wish.announcement_only)
        r.announcement_only = *wish.announcement_only;
    if (wish.is_public)
        r.is_public = *wish.is_public;
    if (wish.description)
        r.description = *wish.description == " " ? std::string() : *wish.description;
}

// What a room may not be (protocol/webex-rest.md 4.2).
std::optional<refusal> contradiction(const room& r)
{
    if (r.title.empty())
        return refusal{400, "Title cannot be empty."};
    if (r.is_public && r.description.empty())
        return refusal{400, "A public room must have a description."};
    if (r.announcement_only && !r.locked)
        return refusal{400, "An announcement-only room must be locked."};
    return std::nullopt;
}

} // namespace

const room* world::find_room(std::string_view uuid) const
{
    const auto found = rooms_.find(uuid);
    return found == rooms_.end() ? nullptr : &found->second;
}

room* world::mutable_room(std::string_view uuid)
{
    const auto found = rooms_.find(uuid);
    return found == rooms_.end() ? nullptr : &found->second;
}

const room* world::room_titled(std::string_view title) const
{
    for (const auto& [uuid, r] : rooms_)
        if (r.type == room_type::group && r.title == title)
            return &r;
    return nullptr;
}

granted<const room*> world::room_of(const person& who, std::string_view id) const
{
    const auto ref = read_reference(id, "ROOM");
    if (!ref)
        return ref.error().status == 404 ? refused::no_such_room() : ref.error();
    const auto* found = find_room(ref->native);
    if (!found || !names(*ref, found->cluster) || !find_membership(found->uuid, who.uuid))
        return refused::no_such_room();
    return found;
}

std::vector<const room*> world::rooms() const
{
    std::vector<const room*> all;
    for (const auto& [uuid, r] : rooms_)
        all.push_back(&r);
    oldest_first(all);
    return all;
}

std::vector<const room*> world::rooms_of(const person& who) const
{
    auto all = rooms();
    std::erase_if(all, [&](const room* r) { return !find_membership(r->uuid, who.uuid); });
    return all;
}

std::string world::title_for(const room& r, const person& who) const
{
    if (r.type == room_type::group)
        return r.title;
    for (const auto* m : members(r.uuid))
        if (m->person != who.uuid)
            if (const auto* other = find_person(m->person))
                return other->display_name;
    return "Empty Title"; // the other is gone
}

wall_time world::stamp(room& r)
{
    using std::chrono::milliseconds;
    r.last_stamp =
        std::max<wall_time>(std::chrono::floor<milliseconds>(now()), r.last_stamp + milliseconds(1));
    return r.last_stamp;
}

bool world::is_moderator(const person& who, const room& r) const
{
    const auto* m = find_membership(r.uuid, who.uuid);
    return m && m->moderator;
}

activity world::happened(std::string_view resource, std::string_view event, const person& actor,
                         const room& r) const
{
    activity a{std::string(resource), std::string(event), actor.uuid, r.uuid, {}, r, r, {}};
    for (const auto* m : members(r.uuid))
        a.audience.push_back(m->person);
    return a;
}

// Those with whom a room begins are in it from its first moment: a websocket tells of all of them in one
// activity, which has one time (protocol/mercury.md 7.2). Whether the live service's lists and webhooks tell
// the very same was never recorded; here all three agree, so that one joining has one key.
//
// Whose organisation creates a room decides where it lives (protocol/webex-rest.md 3.3).
room& world::found_room(const person& creator, room r)
{
    const auto* org = find_organisation(creator.org);
    if (r.uuid.empty())
        r.uuid = uuids_.next(now());
    r.cluster = org ? org->cluster : "us";
    r.owner_org = creator.org;
    r.creator = creator.uuid;
    r.created = r.last_activity = stamp(r);
    auto key = r.uuid;
    return rooms_.emplace(std::move(key), std::move(r)).first->second;
}

granted<change<room>> world::create_room(const person& actor, const room_wish& wish)
{
    room r;
    r.uuid = wish.uuid;
    apply(wish, r);
    if (auto no = contradiction(r))
        return *no;
    auto& kept = found_room(actor, std::move(r));
    const auto& member = enter(kept, actor, kept.locked, kept.created);

    change<room> done{kept, {}};
    auto born = happened("rooms", "created", actor, kept);
    born.audience = {actor.uuid}; // rooms:created is for the creator alone (protocol/webex-rest.md 5.3)
    done.activities.push_back(std::move(born));
    done.activities.push_back(happened("created", actor, kept, member));
    return done;
}

granted<change<room>> world::update_room(const person& actor, std::string_view id, const room_wish& wish)
{
    const auto found = room_of(actor, id);
    if (!found)
        return found.error();
    auto& r = *mutable_room((*found)->uuid);
    if (r.type == room_type::direct)
        return refusal{400, "A direct room cannot be changed."};
    if (r.locked && !is_moderator(actor, r))
        return refused::not_allowed();
    auto next = r;
    apply(wish, next);
    if (auto no = contradiction(next))
        return *no;
    if (next.locked != r.locked) // whoever locks a room moderates it; an open room has no moderators
        for (auto& [key, m] : memberships_)
            if (key.first == r.uuid)
                m.moderator = next.locked && m.person == actor.uuid;
    next.last_activity = stamp(next);
    const bool turned = next.locked != r.locked;
    r = std::move(next);
    change<room> done{r, {}};
    done.activities.push_back(happened("rooms", "updated", actor, r));
    if (turned)
        done.activities.back().detail = r.locked ? "lock" : "unlock";
    return done;
}

granted<std::vector<activity>> world::delete_room(const person& actor, std::string_view id)
{
    const auto found = room_of(actor, id);
    if (!found)
        return found.error();
    auto& r = *mutable_room((*found)->uuid);
    if (r.type == room_type::direct)
        return refusal{400, "Failed to delete room."};
    if (r.locked &&
        !is_moderator(actor, r)) // not theirs to delete: they leave it (protocol/webex-rest.md 4.2)
        return remove_member(actor, id_of(*find_membership(r.uuid, actor.uuid)));

    std::vector<activity> done;
    stamp(r);
    for (const auto* m : members(r.uuid))
        done.push_back(happened("deleted", actor, r, *m));
    std::erase_if(memberships_, [&](const auto& entry) { return entry.first.first == r.uuid; });
    forget_messages(r.uuid);
    rooms_.erase(rooms_.find(r.uuid));
    return done;
}

const room* world::direct_room(const person& a, const person& b) const
{
    for (const auto& [uuid, r] : rooms_)
        if (r.type == room_type::direct && find_membership(uuid, a.uuid) && find_membership(uuid, b.uuid))
            return &r;
    return nullptr;
}

granted<change<room>> world::open_direct_room(const person& actor, const person& other, std::string uuid)
{
    if (const auto* there = direct_room(actor, other))
        return change<room>{*there, {}};
    if (actor.uuid == other.uuid)
        return refusal{400, "You cannot send a message to yourself."};
    if (actor.type == person_type::bot && other.type == person_type::bot)
        return refused::not_allowed();

    room r;
    r.type = room_type::direct;
    r.uuid = std::move(uuid);
    auto& kept = found_room(actor, std::move(r));
    const auto& mine = enter(kept, actor, false, kept.created);
    const auto& theirs = enter(kept, other, false, kept.created);

    change<room> done{kept, {}};
    auto born = happened("rooms", "created", actor, kept);
    born.audience = {actor.uuid};
    done.activities.push_back(std::move(born));
    done.activities.push_back(happened("created", actor, kept, mine));
    done.activities.push_back(happened("created", actor, kept, theirs));
    return done;
}

} // namespace postern::emulator
