#include "standin/version.hpp"

#include <charconv>

namespace postern::standin {

std::string agent_version::text() const
{
    return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

int agent_version::start_sequence() const
{
    if (major < 3)
        return 1;
    if (*this < agent_version{3, 3, 0})
        return 2;
    return *this < agent_version{3, 30, 0} ? 3 : 4;
}

std::optional<agent_version> parse_version(std::string_view text)
{
    agent_version version{0, 0, 0};
    int* const parts[] = {&version.major, &version.minor, &version.patch};
    for (int* part : parts)
    {
        const auto word = text.substr(0, text.find('.'));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (part != parts[0] && (word == "x" || word.empty()))
            continue;
        const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), *part);
        if (failed != std::errc() || end != word.data() + word.size())
            return std::nullopt;
    }
    if (!text.empty() || (version.major != 2 && version.major != 3))
        return std::nullopt;
    return version;
}

} // namespace postern::standin
