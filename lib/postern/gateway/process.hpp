#pragma once

#include "postern/base/async.hpp"
#include "postern/base/error.hpp"
#include "postern/base/log.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>

namespace postern {

// How a process of ours ends; documented in --help.
enum exit_code : int
{
    exit_ok = 0,             // asked to stop, and stopped
    exit_failed = 1,         // a defect, or a subcommand that could not do its work
    exit_usage = 2,          // wrong flags, variables or files
    exit_cannot_listen = 3,  // the address is in use or not ours
    exit_token_rejected = 4, // Webex does not accept the access token
    exit_forced = 5,         // a second signal came while stopping
    exit_incomplete = 6      // an audit did not look at all rooms, or could not mend one
};

exit_code exit_code_for(const error&);

// Runs `main` on a pool of `threads` until it returns, and returns its exit code. `main` is handed the pool's
// executor and is itself on a strand. `on_stop` is called at the first SIGINT or SIGTERM, on that strand; a
// second one ends the process at once. SIGPIPE is ignored.
int run_process(std::size_t threads, std::function<awaitable<int>(net::any_io_executor)> main,
                std::function<void()> on_stop, log out);

} // namespace postern
