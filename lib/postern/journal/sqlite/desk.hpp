#pragma once

#include "postern/journal/sqlite/front.hpp"
#include "postern/journal/sqlite/late_notes.hpp"
#include "postern/journal/sqlite/store.hpp"
#include "postern/journal/sqlite/value_store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace postern::journal::sqlite {

struct limits
{
    std::size_t unfinished{};
    std::uint64_t unfinished_bytes{};
};

// What a call works with on the journal's thread.
struct desk
{
    store& file;
    notes_store& notes_file;
    late_notes& notes;
    value_store& values;
    front& shared;
    const limits most;
    const value_limits values_most;

    // Of the group at hand: not yet on the board.
    std::size_t added = 0;
    std::uint64_t added_bytes = 0;
    bool woke = false; // somebody may have something to do now

    bool file_is_full = false; // only what makes room, or needs little, is written
    std::string refused{};     // why the last event was that found no room
};

} // namespace postern::journal::sqlite
