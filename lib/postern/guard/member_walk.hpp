#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/guard/membership_rules.hpp"
#include "postern/webex/api.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace postern::guard {

struct walked_room
{
    room_finding finding;
    std::vector<std::uint64_t> members; // their marks, sorted
};

// Reads all members of a room, asks about those who may be bots, and has the rules judge. What the rules find
// undecided is a value; an error is a call that failed, or an answer that can't be of this room. Must run on
// a strand, as within() does; rules and api outlive it.
awaitable<result<walked_room>> walk_members(const membership_rules&, webex::api&, std::string room, deadline);

} // namespace postern::guard
