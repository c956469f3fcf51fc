#include "postern/base/utf8.hpp"

#include <cstddef>

namespace postern {
namespace {

bool between(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

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

bool is_utf8(std::string_view bytes) noexcept
{
    while (!bytes.empty())
        if (between(take_code_point(bytes), 0xDC80, 0xDCFF))
            return false;
    return true;
}

std::string utf8_of_latin1(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes)
        append_utf8(out, static_cast<unsigned char>(c));
    return out;
}

} // namespace postern
