#pragma once

#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"

#include <functional>
#include <string>

namespace postern {

// Small files of our own, for our eyes only (0600, in a directory of 0700). Blocking: for start, not for the
// event path. Errors: file_unreadable, naming the path.

// At most 1 MiB; a longer file is refused.
result<std::string> read_small_file(const std::string& path);

// Its first line, without surrounding white space; an empty one is refused. A file that others can read is
// accepted: containers mount secrets so.
result<secret> read_secret_file(const std::string& path);

// What `name` in `directory` holds; made with `make` and written if it is not there. The file is complete or
// absent at any moment: it is written aside and renamed.
result<std::string> read_or_make(const std::string& directory, const std::string& name,
                                 const std::function<std::string()>& make);

// What was kept under that name; empty if nothing was.
result<std::string> read_kept(const std::string& directory, const std::string& name);
result<> keep(const std::string& directory, const std::string& name, const std::string& line);
result<> forget(const std::string& directory, const std::string& name);

} // namespace postern
