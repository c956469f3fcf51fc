#pragma once

#include <string>
#include <string_view>

namespace postern::emulator {

// Printable ASCII as it is, every other byte as '?': what a stranger wrote into a head may stand in JSON, in
// a header, in a log.
std::string ascii_only(std::string_view text);

} // namespace postern::emulator
