#pragma once

#include "postern/source/webhook/path_finding.hpp"

#include <optional>
#include <string_view>

namespace postern::source {

// What ngrok's edge says in the header ngrok-error-code, which what is behind it can never set
// (protocol/ngrok.md 5.3, last paragraph). Empty when there is no such header.
std::optional<path_finding> edge_words(std::string_view ngrok_error_code);

} // namespace postern::source
