#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::matching {

// Words as people type them, quotes included: '…', "…", and what phones make of both (“…”, ‘…’, „…“, «…»).
//
// A quote opens where a word begins and closes where it ends, so "don't" and 'the dog's' are what they look
// like; inside quotes a backslash makes the next quote or backslash an ordinary letter. A single quote that
// is never closed is an apostrophe ('tis); a double one is an error.
struct typed_word
{
    std::string text;
    bool quoted = false;
};

// Takes the next word off `rest`, which must begin with one. Empty: a quote that is not closed.
std::optional<typed_word> take_word(std::string_view& rest);

// If `rest` begins with "--", or with the dash that phones make of it, before a letter: the name that
// follows. Takes it off, and what follows it stays: "=", white space or nothing.
std::optional<std::string> take_option_name(std::string_view& rest);

// If `rest` begins with "--" (or its dash) standing alone, takes it off.
bool take_end_of_options(std::string_view& rest) noexcept;

void skip_spaces(std::string_view& rest) noexcept;

} // namespace postern::matching
