#pragma once

#include "postern/bot/commands/registry.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// Whether somebody may be shown a command: those whom it is not for do not hear of it.
using shows = std::function<bool(const command&)>;

// The command's group as a heading, or none, and its commands in order; groups in order of their names, those
// without one first. Hidden commands are left out.
struct help_group
{
    std::string name;
    std::vector<const command*> commands; // owned by the registry
};
std::vector<help_group> help_groups(const registry&, const shows&);

// Markdown: one line for each command, the groups as headings, and what is listened for.
std::string help_text(const registry&, const shows&);

// Markdown, for "/help NAME": usage, help, aliases, details.
std::string command_help(const command&);

// The name or alias of a command that `words`, as they were typed, probably begin with. Empty: there is none.
std::string nearest_command(const registry&, std::string_view words, const shows&);

// The same as help_text() as an adaptive card, version 1.3: JSON text. Empty if it can't be one, or would be
// larger than a card should be.
constexpr std::size_t largest_help_card = 20'000; // bytes (protocol/webex-rest.md 9.1)
std::string help_card(const registry&, std::string_view bot_name, const shows&);

} // namespace postern::matching
