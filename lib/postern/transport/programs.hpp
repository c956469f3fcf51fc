#pragma once

// Finding programs as execvp would, but without a shell and without surprises.

#include "postern/base/result.hpp"

#include <string>
#include <string_view>

namespace postern::transport {

// The absolute path of what is to be run: `program` itself if it has a slash (from our working directory),
// otherwise the first executable of that name in the folders of `path` (as in PATH; empty entries, which
// would mean the working directory, don't count). Errors: bad_configuration, naming the program.
result<std::string> find_program(const std::string& program, std::string_view path);

// Why the system would not run a program that was found. bad_configuration where a person has to change
// something; the system's own code when it has run out of processes, memory or descriptors.
error launch_failure(const std::string& program, const boost::system::error_code& why);

} // namespace postern::transport
