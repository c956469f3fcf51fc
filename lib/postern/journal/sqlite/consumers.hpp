#pragma once

#include "postern/base/time.hpp"
#include "postern/journal/sqlite/store.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace postern::journal::sqlite {

// Their numbers in the file; a new one gets one. Between begin() and commit(). Throws SQLite::Exception.
std::map<std::string, consumer_id> register_consumers(store&, const std::vector<std::string>& names);

// What consumers that are gone have left is over: parked as dead, with the reason. Tells how many deliveries
// that are. Between begin() and commit(). Throws SQLite::Exception.
std::size_t park_what_is_left(store&, const std::map<std::string, consumer_id>& served, wall_time now);

} // namespace postern::journal::sqlite
