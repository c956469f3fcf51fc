#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// How many letters must be added, dropped, changed or exchanged with their neighbour to make one of the
// other; `more_than` + 1 as soon as it is more than that. Case-blind, by code points.
std::size_t distance(std::string_view a, std::string_view b, std::size_t more_than);

// The name that `text` most probably begins with, mistyped: at most two letters away, one for names of up to
// three letters. Of several the nearest, then the first. Empty: none is like it. `text` is compared word for
// word with names of several words; a "/" before either counts for nothing.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& names);

} // namespace postern::matching
