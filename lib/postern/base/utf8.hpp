#pragma once

#include <string>
#include <string_view>

namespace postern {

// UTF-8 (RFC 3629), code point by code point. Linear, locale-free, never throws for bytes that are none.

// Takes the first code point off `rest`, which must not be empty. A byte that is no UTF-8 is taken alone and
// given a value that equals no character (0xDC00 + byte, as PEP 383 has it), so it still compares with
// itself.
char32_t take_code_point(std::string_view& rest) noexcept;

// Appends U+FFFD for what is no Unicode scalar value.
void append_utf8(std::string& to, char32_t code);

// Well-formed: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view bytes) noexcept;

std::string utf8_of_latin1(std::string_view bytes);

} // namespace postern
