#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace postern::journal::sqlite {

// Removes old events with all that became of them; never one that is not over for some consumer, and never
// the newest, so that no number is given twice. In steps, oldest first: each looks at a bounded number of
// events and the next goes on where it ended. Between begin() and commit() of the store. Throws
// SQLite::Exception.
class retention
{
public:
    explicit retention(SQLite::Database&);

    struct step
    {
        std::size_t removed{};
        bool more{}; // it ended at its bound
    };
    // Events received before `limit`; empty: all.
    step remove(std::optional<wall_time> limit, std::size_t at_most);
    void begin_again() { after_ = 0; } // what was passed over may be over by now

    std::uint64_t used_bytes(); // of the file; what was removed does not count

private:
    SQLite::Statement candidates_, event_, attempts_, effects_, pages_, free_, page_size_;
    record_id after_ = 0;
};

} // namespace postern::journal::sqlite
