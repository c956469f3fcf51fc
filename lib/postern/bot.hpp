#pragma once

// All that a bot needs:
//
//     int main(int argc, char** argv)
//     {
//         postern::bot bot;
//         bot.command("/hello", "says hello", [](postern::context ctx) -> postern::task {
//             co_await ctx.reply("Hello!");
//         });
//         return postern::serve(bot, argc, argv);
//     }
//
// For programs only: the rooms of the library include what they need by its own name.

#include "postern/bot/bot.hpp"
#include "postern/gateway/program.hpp"

namespace postern {

// What a handler returns.
using task = awaitable<void>;

} // namespace postern
