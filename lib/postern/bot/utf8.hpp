#pragma once

#include <string>
#include <string_view>

namespace postern::matching {

// Text as people type it, code point by code point. Independent of the process's locale, linear, never throws
// for bad UTF-8.

// Takes the first code point off `rest`, which must not be empty. A byte that is no UTF-8 is taken alone and
// given a value that equals no character (0xDC00 + byte, as PEP 383 has it), so it still compares with
// itself.
char32_t take_code_point(std::string_view& rest) noexcept;

// Appends U+FFFD for what is no Unicode scalar value.
void append_utf8(std::string& to, char32_t code);

// What separates words: the blanks of ASCII and Unicode, and the invisible characters that clients put around
// mentions (U+200B, U+FEFF).
bool is_space(char32_t code) noexcept;

// The small letter of a Latin, Greek or Cyrillic capital; any other code point as it is. One to one: "ß" is
// not "SS".
char32_t fold(char32_t code) noexcept;
std::string folded(std::string_view text);

// Without the white space at its ends.
std::string_view trimmed(std::string_view text) noexcept;

// Trimmed, and every run of white space is one blank.
std::string single_spaced(std::string_view text);

} // namespace postern::matching
