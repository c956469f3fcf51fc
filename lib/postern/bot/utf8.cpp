#include "postern/bot/utf8.hpp"

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

char32_t take_code_point(std::string_view& rest) noexcept
{
    const auto byte = [&rest](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;

    char32_t code = length < 2 ? lead : lead & (0x7Fu >> length);
    bool good = length != 0 && length <= rest.size();
    for (std::size_t i = 1; good && i < length; ++i)
    {
        good = (byte(i) & 0xC0) == 0x80;
        code = (code << 6) | (byte(i) & 0x3Fu);
    }
    if (good && length > 2) // overlong forms, surrogates and what lies beyond Unicode
        good =
            code >= (length == 3 ? 0x800u : 0x10000u) && code <= 0x10FFFF && !between(code, 0xD800, 0xDFFF);

    rest.remove_prefix(good ? length : 1);
    return good ? code : 0xDC00u + lead;
}

void append_utf8(std::string& to, char32_t code)
{
    if (code > 0x10FFFF || between(code, 0xD800, 0xDFFF))
        code = 0xFFFD;
    const auto tail = [code](unsigned shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80)
        to += static_cast<char>(code);
    else if (code < 0x800)
        (to += static_cast<char>(0xC0 | (code >> 6))) += tail(0);
    else if (code < 0x10000)
        ((to += static_cast<char>(0xE0 | (code >> 12))) += tail(6)) += tail(0);
    else
        (((to += static_cast<char>(0xF0 | (code >> 18))) += tail(12)) += tail(6)) += tail(0);
}

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
