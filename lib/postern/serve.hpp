#pragma once

// For a program that makes its own settings, or runs the server as a part of something larger. To serve a bot
// with the settings of `postern run`, <postern/bot.hpp> is enough.

#include "postern/gateway/gateway.hpp"
#include "postern/gateway/process.hpp"
#include "postern/gateway/serve.hpp"
#include "postern/gateway/settings.hpp"
