#include "postern/webex/utf8.hpp"

#include <cstddef>

namespace postern::webex {

bool is_utf8(std::string_view bytes) noexcept
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    for (std::size_t i = 0; i < bytes.size();)
    {
        const unsigned lead = at(i);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xc2 ? 0
                                   : lead < 0xe0 ? 2
                                   : lead < 0xf0 ? 3
                                   : lead < 0xf5 ? 4
                                                 : 0;
        if (length == 0 || bytes.size() - i < length)
            return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((at(i + k) & 0xc0) != 0x80)
                return false;
        const unsigned second = length > 1 ? at(i + 1) : 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
            (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
            return false;
        i += length;
    }
    return true;
}

std::string utf8_of_latin1(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else
            (out += static_cast<char>(0xc0 | (byte >> 6))) += static_cast<char>(0x80 | (byte & 0x3f));
    }
    return out;
}

} // namespace postern::webex
