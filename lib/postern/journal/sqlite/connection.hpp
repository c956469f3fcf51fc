#pragma once

#include "postern/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace SQLite {
class Database;
}

namespace postern::journal::sqlite {

struct connection_options
{
    std::string file;
    std::string vfs; // empty: SQLite's own
    std::uint64_t size_limit{};
    std::chrono::milliseconds busy_timeout{};
};

// Opens the file to be written by the one thread that the connection is then given to; makes and migrates it
// if need be. Looks at its head only: damage farther in is met later. Errors: file_unreadable, with what to
// do.
result<std::unique_ptr<SQLite::Database>> connect(const connection_options&);

// Makes the folder of `file` (0700) and an empty file (0600) if they are not there.
result<> prepare_place(const std::string& file);

} // namespace postern::journal::sqlite
