#pragma once

#include "postern/base/event.hpp"
#include "postern/base/result.hpp"

#include <string>

namespace postern::verify {

// Bytes to event: takes what postern needs from the public webhook envelope (protocol/webex-rest.md 5.1) and
// ignores the rest. `body` may be anything a stranger sends. Fills key, resource, name, room, actor,
// data_id, happened and body; origin, bot and time of receipt are the caller's to know. Errors: not_an_event,
// saying what is missing and never quoting the body. Thread-safe.
result<event> parse_event(std::string body);

} // namespace postern::verify
