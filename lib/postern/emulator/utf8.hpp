#pragma once

#include <string_view>

namespace postern::emulator {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF. What a form brings
// must be, before it may stand in JSON.
bool is_utf8(std::string_view text) noexcept;

} // namespace postern::emulator
