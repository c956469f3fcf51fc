#pragma once

#include <string>
#include <string_view>

namespace postern::matching {

// Text as people type it: what counts as blank, and as the same letter. Independent of the process's locale,
// linear, never throws for bad UTF-8.

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
