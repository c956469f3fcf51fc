#include "postern/bot/hear/phrase.hpp"

#include "postern/base/utf8.hpp"
#include "postern/bot/hear/letters.hpp"

namespace postern::matching {
namespace {

bool skip_space(std::string_view& rest) noexcept
{
    bool any = false;
    for (std::string_view next = rest; !next.empty() && is_space(take_code_point(next)); rest = next)
        any = true;
    return any;
}

bool at_border(std::string_view rest, std::string_view stops) noexcept
{
    return rest.empty() || stops.find(rest.front()) != stops.npos || is_space(take_code_point(rest));
}

} // namespace

std::optional<std::string_view> after_phrase(std::string_view text, std::string_view phrase,
                                             std::string_view stops) noexcept
{
    skip_space(text);
    phrase = trimmed(phrase);
    if (phrase.empty())
        return std::nullopt;

    while (!phrase.empty())
    {
        if (skip_space(phrase))
        {
            if (!skip_space(text))
                return std::nullopt;
            continue;
        }
        if (text.empty() || fold(take_code_point(text)) != fold(take_code_point(phrase)))
            return std::nullopt;
    }
    if (!at_border(text, stops))
        return std::nullopt;
    return text;
}

} // namespace postern::matching
