#pragma once

#include "postern/emulator/refusal.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::emulator {

using conditions =
    std::vector<std::pair<std::string, std::string>>; // a filter's key=value pairs; all must hold

// Is that a pair of the service's table (protocol/webex-rest.md 5.3)? Refusals: 400.
granted<> check_subscription(std::string_view resource, std::string_view event);

// Takes "key=value&key=value" apart. Refusals: 400 for a key the resource has no filter of, for a value that
// can't be one, for a key without value.
granted<conditions> read_filter(std::string_view resource, std::string_view filter);

// Does a webhook for `resource` and `event` hear of that happening? "all" covers messages, memberships and
// rooms, never attachmentActions.
bool covers(std::string_view resource, std::string_view event, std::string_view happened_to,
            std::string_view happened);

} // namespace postern::emulator
