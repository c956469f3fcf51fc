#pragma once

#include "postern/base/time.hpp"
#include "postern/journal/archive.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postern::journal {

// One line for each delivery, under a heading, none longer than `width` characters (at least 90). The reason
// is cut where it must be; tell() has all of it.
std::string to_table(std::span<const story>, std::size_t width = 100);

// "30m", "2h", "3d" (parse_duration): so long before `now`; or a day or a moment in ISO 8601, UTC unless it
// says otherwise. Empty for anything else.
std::optional<wall_time> parse_since(std::string_view text, wall_time now);

} // namespace postern::journal
