#include "postern/bot/hear/letters.hpp"

#include "postern/base/utf8.hpp"

#include <algorithm>

namespace postern::matching {
namespace {

bool between(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

// In Latin Extended-A capitals and small letters alternate; which of the two is even changes from block to
// block.
char32_t fold_latin_extended(char32_t code)
{
    if (code == 0x130 || code == 0x131 || code == 0x138 || code == 0x149)
        return code; // dotted and dotless i have no partner in every language; the others have none at all
    if (code == 0x178)
        return 0xFF;
    const bool capital_is_odd = between(code, 0x139, 0x148) || between(code, 0x179, 0x17E);
    if (code == 0x17F)
        return code;
    return (code % 2 == 1) == capital_is_odd ? code + 1 : code;
}

} // namespace

bool is_space(char32_t code) noexcept
{
    return code == ' ' || between(code, '\t', '\r') || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           between(code, 0x2000, 0x200B) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x205F || code == 0x3000 || code == 0xFEFF;
}

char32_t fold(char32_t code) noexcept
{
    if (between(code, 'A', 'Z') || (between(code, 0xC0, 0xDE) && code != 0xD7))
        return code + 0x20;
    if (between(code, 0x100, 0x17F))
        return fold_latin_extended(code);
    if ((between(code, 0x391, 0x3A9) && code != 0x3A2) || between(code, 0x410, 0x42F))
        return code + 0x20;
    if (code == 0x3C2) // the sigma at the end of a word
        return 0x3C3;
    if (between(code, 0x400, 0x40F))
        return code + 0x50;
    return code;
}

std::string folded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty())
    {
        const std::string_view before = text;
        const char32_t code = take_code_point(text);
        const char32_t small = fold(code);
        if (small == code)
            out +=
                before.substr(0, before.size() - text.size()); // bytes that are no UTF-8 stay what they are
        else
            append_utf8(out, small);
    }
    return out;
}

std::string_view trimmed(std::string_view text) noexcept
{
    std::size_t first = text.size();
    std::size_t last = text.size();
    for (std::string_view rest = text; !rest.empty();)
    {
        const std::size_t at = text.size() - rest.size();
        if (is_space(take_code_point(rest)))
            continue;
        first = std::min(first, at);
        last = text.size() - rest.size();
    }
    return text.substr(first, last - first);
}

std::string single_spaced(std::string_view text)
{
    std::string out;
    bool gap = false;
    while (!text.empty())
    {
        const std::string_view before = text;
        if (is_space(take_code_point(text)))
        {
            gap = !out.empty();
            continue;
        }
        if (gap)
            out += ' ';
        gap = false;
        out += before.substr(0, before.size() - text.size());
    }
    return out;
}

} // namespace postern::matching
