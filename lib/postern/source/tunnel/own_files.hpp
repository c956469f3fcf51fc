#pragma once

#include "postern/base/result.hpp"

#include <string>

namespace postern::source {

// What we write for a child and for the next start: for our eyes only (0600, in a directory of 0700 if we
// have to make it). Blocking; a few bytes. Errors: file_unreadable, naming the path.

// Whatever lay there before, a link included, is replaced as a whole.
result<> write_own_file(const std::string& path, const std::string& content);
// At most 4 KiB; empty if there is none.
std::string read_own_file(const std::string& path);
void remove_own_file(const std::string& path) noexcept;

} // namespace postern::source
