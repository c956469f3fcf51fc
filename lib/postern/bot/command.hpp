#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace postern {

// Who may give a command. Of people, domains and organisations it is enough to fit one, if any of them is
// set; with `moderators` one must be a moderator of the room as well. Nothing set: everybody.
//
// It comes on top of the guard, and is closed by default: while the organisation or the moderators can't be
// asked for, nothing is run and the message is tried again later.
struct permission
{
    std::vector<std::string> people{};        // public ids or addresses
    std::vector<std::string> domains{};       // of addresses, whole: "example.com" is not "eu.example.com"
    std::vector<std::string> organisations{}; // public ids or UUIDs; "own": the bot's
    bool moderators = false;                  // a room of two has none
    std::optional<std::string> refusal{};     // said, as plain text, to who may not; empty: nothing is said
};

// A command and how it behaves; everything but the name may be left out.
//
//     bot.command({.name = "/number",
//                  .help = "a fact about a number",
//                  .arguments = "<int> [--kind trivia|math]",
//                  .aliases = {"/num"},
//                  .cooldown = 5s},
//                 number);
//
// Arguments, in the order in which they are typed (options come anywhere):
//     <city>           one word, or several in quotes, that must be there     ctx.argument("city")
//     [city]           the same, may be left out                              ctx.argument("city", "Ulm")
//     <count:int>      of a type; <int> alone is an int of that name          ctx.argument<int>("count")
//     <on|off>         one of these words, whatever their case                ctx.argument("on|off")
//     <state:on|off>   the same under a name
//     [--kind a|b]     an option with a value; without [] it must be there    ctx.option("kind")
//     [--max N:int]    N is only shown                                        ctx.option<int>("max")
//     [--loud]         a flag                                                 ctx.flag("loud")
// Types: int, number, word, text (the rest as it was typed, so it must be the last one), person (a mention,
// or an address). "--" ends the options. What does not fit is answered with one line of usage, and the
// handler does not run. Without a description everything goes: ctx.arguments().
struct command_description
{
    std::string name;        // one word or several; without the "/" both "x" and "/x" are understood
    std::string help{};      // markdown, one line
    std::string arguments{}; // as above; "-": the command takes none
    std::vector<std::string> aliases{};
    std::string group{};                  // heading in /help
    bool hidden = false;                  // not in /help
    std::chrono::milliseconds cooldown{}; // between two runs for one person in one room
    permission only_for{};
    std::string details{}; // markdown of any length, for "/help NAME"
};

} // namespace postern
