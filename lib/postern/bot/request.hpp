#pragma once

#include "postern/base/event.hpp"
#include "postern/bot/arguments.hpp"
#include "postern/bot/commands/argument_spec.hpp"
#include "postern/bot/commands/pattern.hpp"
#include "postern/bot/commands/permission_rules.hpp"
#include "postern/webex/types.hpp"

#include <string>
#include <vector>

namespace postern::matching {

struct command;

// What an event asks of the bot, and who asks: the incoming side of a conversation.
struct request
{
    event what;
    webex::membership member; // of an event about one
    asker who;
    std::vector<mention> mentions; // of other people
    parsed_arguments parsed;
    captures groups;
    std::string usage; // of the command that was found
    bool help_as_card = false;
};

// Whether the asker may be shown a command, by what is known of him. Closed: what would have to be asked
// first is not shown.
bool may_see(const request&, const command&);

} // namespace postern::matching
