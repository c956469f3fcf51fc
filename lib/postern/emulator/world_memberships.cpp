#include "postern/emulator/world.hpp"

#include "postern/base/ids.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

void oldest_first(std::vector<const membership*>& all)
{
    std::sort(all.begin(), all.end(),
              [](const membership* a, const membership* b) { return a->number < b->number; });
}

refusal no_membership() { return {404, "Failed to get membership"}; }

} // namespace

const membership* world::find_membership(std::string_view room, std::string_view person) const
{
    const auto found = memberships_.find(std::pair(std::string(room), std::string(person)));
    return found == memberships_.end() ? nullptr : &found->second;
}

granted<const membership*> world::membership_of(const person& who, std::string_view id) const
{
    const auto ref = read_reference(id, "MEMBERSHIP");
    if (!ref)
        return ref.error().status == 404 ? no_membership() : ref.error();
    const auto parts =
        ref->cluster ? parse_membership({*ref->cluster, "MEMBERSHIP", ref->native}) : std::nullopt;
    const auto* found = parts ? find_membership(parts->room, parts->person) : nullptr;
    if (!found || !names(*ref, found->cluster) || !find_membership(found->room, who.uuid))
        return no_membership();
    return found;
}

std::vector<const membership*> world::members(std::string_view room) const
{
    std::vector<const membership*> all;
    for (auto at = memberships_.lower_bound({std::string(room), {}});
         at != memberships_.end() && at->first.first == room; ++at)
        all.push_back(&at->second);
    oldest_first(all);
    return all;
}

std::vector<const membership*> world::memberships_of(const person& who) const
{
    std::vector<const membership*> all;
    for (const auto& [key, m] : memberships_)
        if (key.second == who.uuid)
            all.push_back(&m);
    oldest_first(all);
    return all;
}

membership& world::enter(room& r, const person& who, bool moderator, wall_time when)
{
    membership m{r.uuid, who.uuid, r.cluster, moderator, who.monitor, false, when, ++entered_};
    return memberships_.insert_or_assign({r.uuid, who.uuid}, std::move(m)).first->second;
}

activity world::happened(std::string_view event, const person& actor, const room& r,
                         const membership& m) const
{
    auto a = happened("memberships", event, actor, r);
    a.subject = m;
    return a;
}

granted<change<membership>> world::add_member(const person& actor, std::string_view room_id,
                                              const person& who, bool moderator)
{
    const auto ref = read_reference(room_id, "ROOM");
    if (!ref)
        return ref.error().status == 404 ? refused::no_such_room() : ref.error();
    auto* r = mutable_room(ref->native);
    if (!r || !names(*ref, r->cluster))
        return refused::no_such_room();
    if (!find_membership(r->uuid, actor.uuid))
        return refusal{502, "Add participant failed."};
    if (find_membership(r->uuid, who.uuid))
        return refusal{409, "User is already a participant in the room."};
    if (r->type == room_type::direct)
        return refusal{400, "A direct room has two members."};
    if (r->locked && !is_moderator(actor, *r))
        return refused::not_allowed();

    const bool locks = moderator && !r->locked;
    change<membership> done{enter(*r, who, moderator, stamp(*r)), {}};
    done.activities.push_back(happened("created", actor, *r, done.value));
    if (locks)
    {
        r->locked = true;
        done.activities.push_back(happened("rooms", "updated", actor, *r));
        done.activities.back().detail = "lock";
    }
    return done;
}

granted<const membership*> world::settle_in(const room& where, const person& who, bool moderator)
{
    auto& r = *mutable_room(where.uuid);
    if (r.type == room_type::direct)
        return refusal{400, "A direct room has two members."};
    if (find_membership(r.uuid, who.uuid))
        return refusal{409, "User is already a participant in the room."};
    r.locked = r.locked || moderator;
    return &enter(r, who, moderator, r.created);
}

granted<change<membership>> world::update_membership(const person& actor, std::string_view id,
                                                     std::optional<bool> moderator,
                                                     std::optional<bool> hidden)
{
    const auto found = membership_of(actor, id);
    if (!found)
        return found.error();
    auto& m = memberships_.at({(*found)->room, (*found)->person});
    auto& r = *mutable_room(m.room);
    if (r.type == room_type::direct)
        moderator.reset(); // moderation has no use there (protocol/webex-rest.md 3.5)
    else
        hidden.reset();
    if (moderator == m.moderator)
        moderator.reset();
    if (hidden == m.hidden)
        hidden.reset();
    if (moderator && r.locked && !is_moderator(actor, r))
        return refused::not_allowed();
    if (hidden && m.person != actor.uuid)
        return refused::not_allowed();

    change<membership> done{m, {}};
    if (!moderator && !hidden)
        return done;
    m.moderator = moderator.value_or(m.moderator);
    m.hidden = hidden.value_or(m.hidden);
    stamp(r);
    done.value = m;
    done.activities.push_back(happened("updated", actor, r, m));
    done.activities.back().detail = moderator ? "moderator" : "hidden";

    // The first moderator locks the room, with the last one's leave it is open again.
    const auto all = members(r.uuid);
    const bool locked = std::any_of(all.begin(), all.end(), [](const membership* x) { return x->moderator; });
    if (moderator && locked != r.locked)
    {
        r.locked = locked;
        r.announcement_only = r.announcement_only && locked;
        done.activities.push_back(happened("rooms", "updated", actor, r));
        done.activities.back().detail = locked ? "lock" : "unlock";
    }
    return done;
}

granted<std::vector<activity>> world::remove_member(const person& actor, std::string_view id)
{
    const auto found = membership_of(actor, id);
    if (!found)
        return found.error();
    const auto& m = **found;
    auto& r = *mutable_room(m.room);
    if (r.type == room_type::direct)
        return refusal{400, "Failed to leave room."};
    if (m.person != actor.uuid && r.locked && !is_moderator(actor, r))
        return refused::not_allowed();

    stamp(r);
    std::vector<activity> done;
    done.push_back(happened("deleted", actor, r, m)); // whoever is removed is told as well
    memberships_.erase({m.room, m.person});
    if (members(r.uuid).empty())
    {
        forget_messages(r.uuid);
        rooms_.erase(rooms_.find(r.uuid));
    }
    return done;
}

} // namespace postern::emulator
