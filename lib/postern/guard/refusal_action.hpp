#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/guard/membership_rules.hpp"
#include "postern/webex/api.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace postern::guard {

// What is to be done about a refused room.
struct deed
{
    enum class kind
    {
        none,
        tell,
        leave, // `memberships` is our own
        remove // `memberships` are the outsiders'
    };
    kind what = kind::none;
    std::vector<std::string> memberships; // public ids

    bool needed() const noexcept { return what != kind::none; }
};

// Decides only. A room that is admitted or undecided needs nothing, and neither does `remove` in a room that
// is refused for another reason than its members. At most 1,000 outsiders are removed at once.
deed deed_for(on_refusal, const room_finding&);

// "left", "removed 2 outsiders", "told"; empty for none.
std::string in_words(const deed&);

// Does it. Removing goes on after a membership that can't be removed; the error then names the first, and how
// many are left. A membership that is gone already is no failure. Must run on a strand; the api outlives it.
awaitable<result<>> perform(deed, std::string room, std::string words, webex::api&, deadline);

} // namespace postern::guard
