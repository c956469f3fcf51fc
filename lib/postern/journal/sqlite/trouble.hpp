#pragma once

#include "postern/base/error.hpp"

#include <string>

struct sqlite3;
namespace SQLite {
class Exception;
}

namespace postern::journal::sqlite {

// What a failure of SQLite means for the journal.
enum class trouble
{
    full,    // no space: on the disk, or under the file's limit
    locked,  // by another program
    broken,  // the disk or its rights: the connection must be made anew
    damaged, // the file is not what it was
    call     // none of these: what was asked for is at fault
};

trouble trouble_of(int code) noexcept; // of SQLite, extended or not

// In words: what SQLite said, what the system said if it did, and what the person can do. `connection` is
// the one it came from, or null.
error explain(const SQLite::Exception&, std::string doing, const std::string& file,
              sqlite3* connection = nullptr);

} // namespace postern::journal::sqlite
