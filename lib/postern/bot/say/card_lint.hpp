#pragma once

#include "postern/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// What Webex may not show of an adaptive card as it is meant: a version above 1.3, elements and actions that
// no client library of Webex knows, more than five actions, more than 20 kB, inputs that share an id or have
// none (protocol/webex-rest.md 9.1). At most twenty findings, each in one line; the card's texts are in none.
// Errors: bad_input for what is no JSON object.
result<std::vector<std::string>> lint_card(std::string_view card);

} // namespace postern::matching
