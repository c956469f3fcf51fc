#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

using wall_time = std::chrono::system_clock::time_point;

// "2026-02-11T09:14:27.318Z": always three fractional digits and Z, as the live service writes it
// (protocol/webex-rest.md 1.8).
std::string format_time(wall_time);

// ISO 8601 with or without fraction, with Z or a numeric offset.
std::optional<wall_time> parse_time(std::string_view);

// The date form of HTTP headers (RFC 9110 5.6.7, the preferred format only).
std::optional<wall_time> parse_http_date(std::string_view);

// "200ms", "90s", "30m", "24h", "7d"; seconds where no unit is said. Empty for anything else, and beyond 100
// years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view);

} // namespace postern
