#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"

#include <string>

namespace postern::app {

// The absolute path of the first `ngrok` on PATH, if that says it is the stand-in of test/standin; empty if
// there is none, or if it is the real one, which knows no such flag and touches nothing of its account.
// To be awaited on a strand.
awaitable<std::string> stand_in_on_path(log);

} // namespace postern::app
