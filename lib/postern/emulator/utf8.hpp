#pragma once

#include <string>
#include <string_view>

namespace postern::emulator {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF. What a form brings
// must be, before it may stand in JSON.
bool is_utf8(std::string_view text) noexcept;

// Printable ASCII as it is, every other byte as '?': what a stranger wrote into a head may stand in JSON, in
// a header, in a log.
std::string ascii_only(std::string_view text);

} // namespace postern::emulator
