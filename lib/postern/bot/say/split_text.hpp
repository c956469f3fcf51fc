#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// Webex takes 7439 bytes of UTF-8 in a message; whether it counts before or after its own expansion is
// unknown, so longer texts are cut into smaller pieces (protocol/webex-rest.md 4.5).
inline constexpr std::size_t longest_message = 7439;
inline constexpr std::size_t longest_piece = 7000;

// Cuts a text into pieces of at most `most` bytes (at least 4): between paragraphs if it can, else between
// lines, else between words, else between code points; in the second half of a piece if it can, so that
// pieces are few. The line ends or blanks of a cut are left out, nothing else is. No piece is empty, except
// that an empty text is one empty piece.
std::vector<std::string> split_text(std::string_view text, std::size_t most = longest_piece);

// The same for markdown. A fenced code block stays whole if it fits into one piece; one that is cut is closed
// at the end of the piece, between two lines if it can, and opened again with its language at the start of
// the next, and of code no white space is left out. A row of a table that fits into a piece is not cut.
// `most` must be at least 200.
std::vector<std::string> split_markdown(std::string_view text, std::size_t most = longest_piece);

} // namespace postern
