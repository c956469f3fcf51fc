#pragma once

#include "postern/base/async.hpp"
#include "postern/bot/context.hpp"

namespace postern::matching {

// What a bot does without being told. Both show a person only what is for him, as far as that is known when
// they begin.

awaitable<void> tell_help(context); // "/help", "/help NAME"

// To what nobody handles: help, or for an unknown "/word" the command that was probably meant.
awaitable<void> answer_unknown(context);

} // namespace postern::matching
