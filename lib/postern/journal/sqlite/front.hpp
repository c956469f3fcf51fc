#pragma once

#include "postern/journal/sqlite/alarms.hpp"
#include "postern/journal/sqlite/board.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace postern::journal::sqlite {

// Where claims and the journal's thread meet: the board and who waits for something to appear on it. All
// members under the mutex, which nobody holds while he waits or touches the file.
struct front
{
    explicit front(board b) : known(std::move(b)) {}

    mutable std::mutex mutex;
    board known;
    std::map<consumer_id, alarms> waiting;
    bool closed = false;

    // Changes something for whoever waits.
    template <class Change>
    void change(Change how)
    {
        alarms::waiting woken;
        {
            const std::lock_guard lock(mutex);
            how(*this);
            for (auto& [consumer, those] : waiting)
                those.take(woken);
        }
        alarms::ring(std::move(woken));
    }
};

} // namespace postern::journal::sqlite
