#pragma once

#include <optional>
#include <string_view>

namespace postern::matching {

// If `text` begins with the words of `phrase`: what follows them, as it is. Case-blind; one run of white
// space counts as any other. The phrase must end where a word ends: at the end of the text, at white space,
// or before one of `stops`. "/echo" is not in "/echoes", and a phrase without words is in nothing. White
// space before the phrase is skipped. No regular expression anywhere: names are compared, never interpreted.
std::optional<std::string_view> after_phrase(std::string_view text, std::string_view phrase,
                                             std::string_view stops = {}) noexcept;

} // namespace postern::matching
