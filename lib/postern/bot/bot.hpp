#pragma once

#include "postern/bot/context.hpp"
#include "postern/bot/registry.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace postern {

// What a bot says and does: a registry, without network and without token. bot_consumer runs it.
//
//     postern::bot bot;
//     bot.greeting("Hello, I watch the links. Say /help.");
//     bot.command("/echo", "repeat what you say", [](postern::context ctx) -> postern::awaitable<void> {
//         co_await ctx.reply(ctx.arguments());
//     });
//
// A command is found by its whole name at the start of a message, case-blind, the bot's own name put aside:
// "/echo" is not in "/echoes". Of several the longest name wins; a name may have several words. The "/" must
// be typed if the name was registered with it. /help is built in, and can be replaced or removed like any
// other.
//
// Thread-safe: everything may be called at any time, also from a handler, also for the handler that is
// running. An event sees the registry as it was when the event was taken up. A lambda that captures may be a
// coroutine: its captures live as long as it runs.
class bot
{
public:
    using handler = postern::handler;

    bot();
    bot(const bot&) = delete;
    bot& operator=(const bot&) = delete;

    // Said, as markdown, when the bot is added to a room and when somebody first writes to it. Empty:
    // nothing.
    bot& greeting(std::string markdown);

    // Takes the place of a command of the same name. Throws std::invalid_argument for a name without a word
    // and for an empty handler. `help` is markdown, one line.
    bot& command(std::string name, std::string help, handler run);
    bool remove_command(std::string_view name); // false: there was none

    // What happens to a message that begins with no command; empty restores the built-in answer, which is
    // help.
    bot& otherwise(handler run);

    // What happens when somebody submits one of the bot's cards; without it submissions are ignored. Anyone
    // in the room may submit, more than once and long after: check sender_id(), and bear repetition. Empty
    // takes it back.
    bot& on_card(handler run);

    // The state of this moment.
    std::shared_ptr<const matching::registry> known() const;

private:
    bot& change(const std::function<void(matching::registry&)>& edit);

    mutable std::mutex mutex_;
    std::shared_ptr<const matching::registry> known_;
};

// /echo: repeats what follows it.
void add_default_commands(bot&);

} // namespace postern
