#include "postern/bot/commands/typed_words.hpp"

#include "postern/base/utf8.hpp"
#include "postern/bot/hear/letters.hpp"

namespace postern::matching {
namespace {

enum class quote
{
    none,
    single_mark,
    double_mark
};

quote quote_of(char32_t code) noexcept
{
    switch (code)
    {
    case '\'':
    case 0x2018: // ‘
    case 0x2019: // ’
    case 0x201A: // ‚
    case 0x2039: // ‹
    case 0x203A: // ›
        return quote::single_mark;
    case '"':
    case 0x201C: // “
    case 0x201D: // ”
    case 0x201E: // „
    case 0x201F: // ‟
    case 0xAB:   // «
    case 0xBB:   // »
        return quote::double_mark;
    default: return quote::none;
    }
}

bool at_border(std::string_view rest) noexcept { return rest.empty() || is_space(take_code_point(rest)); }

std::string plain_word(std::string_view& rest)
{
    const std::string_view before = rest;
    while (!at_border(rest))
        take_code_point(rest);
    return std::string(before.substr(0, before.size() - rest.size()));
}

std::optional<std::string> quoted_word(std::string_view& rest, quote kind)
{
    std::string out;
    std::string_view next = rest;
    while (!next.empty())
    {
        std::string_view letter = next;
        char32_t code = take_code_point(next);
        if (code == '\\' && !next.empty())
        {
            std::string_view after = next;
            const char32_t escaped = take_code_point(after);
            if (escaped == '\\' || quote_of(escaped) != quote::none)
            {
                letter = next;
                next = after;
                code = 0; // closes nothing
            }
        }
        if (quote_of(code) == kind && at_border(next))
        {
            rest = next;
            return out;
        }
        out += letter.substr(0, letter.size() - next.size());
    }
    return std::nullopt;
}

// "--", or the one dash that stands for it.
bool take_dashes(std::string_view& rest) noexcept
{
    if (rest.starts_with("--"))
    {
        rest.remove_prefix(2);
        return true;
    }
    std::string_view after = rest;
    const char32_t code = rest.empty() ? 0 : take_code_point(after);
    if (code != 0x2014 && code != 0x2013)
        return false;
    rest = after;
    return true;
}

bool is_letter(char32_t code) noexcept
{
    return fold(code) != code || (code >= 'a' && code <= 'z') || (code >= 0xC0 && code < 0x2000);
}

} // namespace

void skip_spaces(std::string_view& rest) noexcept
{
    for (std::string_view next = rest; !next.empty() && is_space(take_code_point(next)); rest = next)
        ;
}

std::optional<typed_word> take_word(std::string_view& rest)
{
    std::string_view after = rest;
    const quote opened = rest.empty() ? quote::none : quote_of(take_code_point(after));
    if (opened == quote::none)
        return typed_word{plain_word(rest), false};
    if (auto inside = quoted_word(after, opened))
    {
        rest = after;
        return typed_word{std::move(*inside), true};
    }
    if (opened == quote::double_mark)
        return std::nullopt;
    return typed_word{plain_word(rest), false};
}

std::optional<std::string> take_option_name(std::string_view& rest)
{
    std::string_view name = rest;
    if (!take_dashes(name) || name.empty())
        return std::nullopt;
    std::string_view first = name;
    if (!is_letter(take_code_point(first)))
        return std::nullopt;
    std::string_view end = name;
    while (!at_border(end) && !end.starts_with('='))
        take_code_point(end);
    rest = end;
    return std::string(name.substr(0, name.size() - end.size()));
}

bool take_end_of_options(std::string_view& rest) noexcept
{
    std::string_view after = rest;
    if (!take_dashes(after) || !at_border(after))
        return false;
    rest = after;
    return true;
}

} // namespace postern::matching
