#pragma once

#include "postern/bot/bot.hpp"

namespace postern {

// A whole program in one call: reads the configuration (the file named by POSTERN_CONFIG if set, then
// variables), serves the bot until SIGINT or SIGTERM, and returns the exit code of gateway/process.hpp. The
// token comes from WEBEX_ACCESS_TOKEN or any of its older names.
int run(const bot& who);

} // namespace postern
