#pragma once

#include "postern/bot/bot.hpp"
#include "postern/bot/no_code/no_code_commands.hpp"
#include "postern/gateway/options.hpp"
#include "postern/gateway/process.hpp"

#include <memory>

namespace postern {

// Serves one bot until a signal or a rejected token ends it; returns an exit_code. Prints one JSON line to
// standard output when ready, for scripts: {"listen": "127.0.0.1:8080", "mode": "webhook", "webhook":
// "https://…/webhook"}. Everything else goes to the log on standard error.
int serve(gateway_options, std::shared_ptr<const bot>, std::shared_ptr<no_code_commands> = {});

} // namespace postern
