#pragma once

#include "postern/base/time.hpp"
#include "postern/source/recovery/recovery.hpp"

#include <cstddef>
#include <string>

namespace postern::source {

// What came of one recovery, over all its tries.
struct recovery_tally
{
    std::size_t messages = 0; // that were not known, as all that follow
    std::size_t rooms = 0;    // with such messages
    std::size_t joined = 0;   // rooms we are in now
    std::size_t left = 0;     // and rooms we are not in any more
    std::size_t calls = 0;    // for what was said; the other lists are short
};

// The line at the end, which also says what can't be asked for.
std::string words_for(const recovery_tally&, const missed_time&);

} // namespace postern::source
