#include "postern/emulator/ascii.hpp"

#include <algorithm>

namespace postern::emulator {

std::string ascii_only(std::string_view text)
{
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return out;
}

} // namespace postern::emulator
