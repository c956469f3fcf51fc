#pragma once

#include "postern/base/result.hpp"
#include "postern/emulator/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

// Who and what is there at the start. Names are what tests and the control API call people: "alice".
struct seed_person
{
    person who;
    std::string organisation; // by name; "consumer" is that of people without one
    std::string token;        // made anew at every start if empty
};

struct seed_room
{
    std::string title;
    room_type type = room_type::group;
    std::vector<std::string> members; // names; the first one creates the room
    std::vector<std::string> moderators;
    bool locked = false;
    std::string uuid; // made at the start if empty
};

struct world_seed
{
    std::vector<organisation> organisations;
    std::vector<seed_person> people;
    std::vector<seed_room> rooms;

    bool empty() const noexcept { return people.empty(); }
};

// The world that is there when nobody asks for another one, as a text that parse_seed() reads: a bot, two
// people of its organisation and an administrator, an outsider, and rooms between them. Without tokens and
// ids: each start makes its own.
std::string default_seed();

// Errors: bad_configuration, naming `name` and the JSON path of what is wrong: "seed.json: $.people[2].email:
// ...".
result<world_seed> parse_seed(std::string_view text, std::string_view name);

// Gives everything a UUID and everybody a token, so that a world can be planted twice with the same ids.
world_seed complete(world_seed, wall_time now);

// Builds the world of a complete seed. `into` must be empty.
void plant(const world_seed&, world& into);

} // namespace postern::emulator
