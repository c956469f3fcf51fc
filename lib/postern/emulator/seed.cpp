#include "postern/emulator/seed.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <stdexcept>

namespace postern::emulator {

std::string default_seed()
{
    return R"({
  "organisations": [
    {"name": "Example", "cluster": "us"},
    {"name": "Elsewhere", "cluster": "urn:TEAM:us-west-2_r"}
  ],
  "people": [
    {"name": "bot", "type": "bot", "displayName": "Postern", "email": "postern@webex.bot", "organisation": "Example"},
    {"name": "alice", "displayName": "Alice Adams", "email": "alice@example.com", "organisation": "Example"},
    {"name": "bob", "displayName": "Bob Brown", "email": "bob@example.com", "organisation": "Example"},
    {"name": "admin", "displayName": "Ada Min", "email": "admin@example.com", "organisation": "Example", "admin": true},
    {"name": "carol", "displayName": "Carol Clark", "email": "carol@elsewhere.example", "organisation": "Elsewhere"}
  ],
  "rooms": [
    {"type": "direct", "members": ["alice", "bot"]},
    {"title": "Night shift", "members": ["alice", "bob", "bot"]},
    {"title": "Vendors", "members": ["carol", "alice", "bot"]}
  ]
}
)";
}

world_seed complete(world_seed seed, wall_time now)
{
    time_uuids uuids;
    for (auto& o : seed.organisations)
        if (o.uuid.empty())
            o.uuid = random_uuid();
    for (auto& p : seed.people)
    {
        if (p.who.uuid.empty())
            p.who.uuid = random_uuid();
        if (p.organisation == no_organisation)
            p.who.org = no_organisation;
        for (const auto& o : seed.organisations)
            if (o.name == p.organisation)
                p.who.org = o.uuid;
        if (p.token.empty())
            p.token = base64url(random_hex(36)) + "_PF84_" + p.who.org;
    }
    for (auto& r : seed.rooms)
        if (r.uuid.empty())
            r.uuid = uuids.next(now);
    return seed;
}

void plant(const world_seed& seed, world& into)
{
    for (const auto& o : seed.organisations)
        into.add(o);
    for (const auto& p : seed.people)
    {
        const auto added = into.add(p.who);
        if (!added)
            throw std::invalid_argument("seed: " + added.error().message); // parse_seed() lets none through
        into.accept_token(p.token, {(*added)->uuid, {}, false});
    }
    for (const auto& r : seed.rooms)
    {
        const auto& creator = *into.person_named(r.members.at(0));
        if (r.type == room_type::direct)
        {
            into.open_direct_room(creator, *into.person_named(r.members.at(1)), r.uuid).value();
            continue;
        }
        room_wish wish;
        wish.title = r.title;
        wish.locked = r.locked || !r.moderators.empty();
        wish.uuid = r.uuid;
        const auto made = into.create_room(creator, wish).value().value;
        for (std::size_t i = 1; i < r.members.size(); ++i)
        {
            const bool moderates =
                std::find(r.moderators.begin(), r.moderators.end(), r.members[i]) != r.moderators.end();
            into.add_member(creator, id_of(made), *into.person_named(r.members[i]), moderates).value();
        }
    }
}

} // namespace postern::emulator
