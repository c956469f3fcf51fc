#include "postern/source/tunnel/program_version.hpp"

#include <charconv>

namespace postern::source {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Takes a number off the front.
std::optional<int> take_number(std::string_view& rest)
{
    int number = 0;
    const auto [end, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (ec != std::errc() || number < 0)
        return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return number;
}

bool take_dot(std::string_view& rest)
{
    if (rest.size() < 2 || rest[0] != '.' || !digit(rest[1]))
        return false;
    rest.remove_prefix(1);
    return true;
}

} // namespace

std::string program_version::text() const
{
    return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

std::optional<program_version> find_version(std::string_view line)
{
    while (!line.empty())
    {
        if (!digit(line.front()))
        {
            line.remove_prefix(1);
            continue;
        }
        const auto major = take_number(line);
        if (!major)
            return std::nullopt; // a number beyond all versions
        if (!take_dot(line))
            continue;
        program_version v{*major, take_number(line).value_or(0), 0};
        if (take_dot(line))
            v.patch = take_number(line).value_or(0);
        return v;
    }
    return std::nullopt;
}

} // namespace postern::source
