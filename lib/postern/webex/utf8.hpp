#pragma once

#include <string>
#include <string_view>

namespace postern::webex {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view bytes) noexcept;

std::string utf8_of_latin1(std::string_view bytes);

} // namespace postern::webex
