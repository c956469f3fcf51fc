#pragma once

#include "postern/base/event.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"

#include <cstdint>
#include <optional>

namespace SQLite {
class Database;
}

// The tables of a journal's file, and how values are written in their columns. The statements that make them
// are in schema.cpp.
namespace postern::journal::sqlite {

inline constexpr std::int64_t application_id = 0x706F7374; // "post"
inline constexpr int schema_version = 2;                   // PRAGMA user_version of the files we write

// Brings a file of version `from` (0: an empty one) to `schema_version`. The caller is in a transaction.
// Throws SQLite::Exception.
void migrate(SQLite::Database&, int from);

// Times are milliseconds since the epoch; the epoch itself stands for "not known".
std::int64_t to_column(wall_time) noexcept;
wall_time time_of(std::int64_t column) noexcept;

// origin: 0 webhook, 1 websocket, 2 recovery, 3 replay.
std::int64_t to_column(origin) noexcept;
std::optional<origin> origin_of(std::int64_t column) noexcept; // empty: a value nobody of us wrote

// attempts.what: 0 done, 1 ignored, 2 retry, 3 dead.
std::int64_t to_column(outcome::kind) noexcept;
std::optional<outcome::kind> kind_of(std::int64_t column) noexcept;

// attempts.verdict: 0 admitted, 1 refused, 2 undecided; NULL: the guard was not asked.
std::int64_t to_column(verdict) noexcept;
std::optional<verdict> verdict_of(std::int64_t column) noexcept;

} // namespace postern::journal::sqlite
