#pragma once

#include "postern/base/json.hpp"
#include "postern/emulator/refusal.hpp"

#include <string_view>

namespace postern::emulator {

// What a client sends as `inputs` when somebody presses an Action.Submit of a card: the action's `data`
// merged with the values of all inputs, keys in alphabetical order (protocol/webex-rest.md 9.2). `action` is
// the title of the action, the first one if empty; `typed` are the inputs that were filled in, the others
// have the card's own values. Refusals: 404 without such an action, 400 for a value that is no text.
granted<json::object> press(const json::array& attachments, std::string_view action,
                            const json::object& typed);

} // namespace postern::emulator
