#pragma once

#include <cstddef>
#include <string_view>

namespace postern::matching {

// Where a text is cut: what is between the two is left out.
struct text_cut
{
    std::size_t end = 0;  // of the piece
    std::size_t next = 0; // where the following piece begins
};

// The best border in a text that is longer than `most`: paragraph, line, word, in the second half if there is
// one, else a code point.
text_cut find_cut(std::string_view text, std::size_t most);
// Between code points, with nothing left out. What follows does not begin with a fence by accident.
text_cut cut_anywhere(std::string_view text, std::size_t most);

} // namespace postern::matching
