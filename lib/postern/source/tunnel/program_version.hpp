#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

struct program_version
{
    int major = 0;
    int minor = 0;
    int patch = 0;

    friend auto operator<=>(const program_version&, const program_version&) = default;
    std::string text() const;
};

// The first number with a dot in what a program prints for "version": "ngrok version 3.39.9",
// "cloudflared version 2026.2.0 (built ...)".
std::optional<program_version> find_version(std::string_view line);

} // namespace postern::source
