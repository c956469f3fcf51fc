#pragma once

#include "postern/bot/command.hpp"
#include "postern/bot/commands/registry.hpp"
#include "postern/bot/context.hpp"

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
// be typed if the name was registered with it. What begins with no command goes to the first expression of
// hear() that is found in it, then to on_file() if it brings files, then to otherwise(). /help is built in,
// and can be replaced or removed like any other.
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
    // The same with all that bot/command.hpp can say of a command: arguments, aliases, who may. Throws
    // std::invalid_argument also for a line of arguments that means nothing, and for a name or alias that
    // another command has.
    bot& command(command_description, handler run);
    bool remove_command(std::string_view name); // false: there was none

    // What happens when a regular expression (RE2's syntax) is found anywhere in what was said, the bot's
    // name put aside; case-blind unless it says (?-i). Of several the first that was registered. The handler
    // gets the groups by ctx.capture(). `help` is markdown, one line, listed in /help; empty: it is not.
    // Throws std::invalid_argument for what is no expression; the same one again takes the first one's place.
    //
    //     bot.hear("(?P<team>[a-z]+)-(?P<number>[0-9]+)", "tickets, such as NET-12", show_ticket);
    bot& hear(std::string expression, std::string help, handler run);
    bot& hear(std::string expression, handler run);
    bool stop_hearing(std::string_view expression); // false: it was not listened for

    // What happens to a message that is none of that; empty restores the built-in answer: help, or for an
    // unknown "/word" the command that was probably meant.
    bot& otherwise(handler run);

    // What happens when somebody submits one of the bot's cards; without it submissions are ignored. Anyone
    // in the room may submit, more than once and long after: check sender_id(), and bear repetition. Empty
    // takes it back.
    bot& on_card(handler run);

    // What else may happen, in rooms the bot is in. Acts of the bot itself are left out, but for a room that
    // it made. Empty takes a handler back. ctx.event() is the event, ctx.member() who joined or left,
    // ctx.sender_id() who caused it.
    //
    // on_added      the bot was added to a room; after the greeting, if there is one
    // on_removed    the bot was taken out of a room, and can't speak there any more
    // on_member_…   somebody else came or went; nobody goes from a room of two
    // on_room       a room was made by the bot, or its title or settings changed
    // on_file       a message that is no command brings files: ctx.message().files
    // on_edit       a message was changed; ctx.arguments() is what it says now. Not known in webhook mode:
    //               Webex has no webhook for it (protocol/webex-rest.md 5.3)
    // on_delete     a message was deleted: ctx.message() has only its ids
    bot& on_added(handler run);
    bot& on_removed(handler run);
    bot& on_member_joined(handler run);
    bot& on_member_left(handler run);
    bot& on_room(handler run);
    bot& on_file(handler run);
    bot& on_edit(handler run);
    bot& on_delete(handler run);

    // Any event, by its name, "memberships:updated" say, in whatever case, for which there is no handler
    // above. Throws std::invalid_argument for a name that Webex does not have, and for messages:created,
    // which goes to commands, hear() and otherwise().
    bot& on_event(std::string_view kind, handler run);

    // The state of this moment.
    std::shared_ptr<const matching::registry> known() const;

private:
    bot& set(matching::shared_handler matching::registry::*which, handler run);
    bot& change(const std::function<void(matching::registry&)>& edit);

    mutable std::mutex mutex_;
    std::shared_ptr<const matching::registry> known_;
};

// /echo: repeats what follows it.
void add_default_commands(bot&);

} // namespace postern
