#pragma once

#include "postern/bot/commands/argument_spec.hpp"
#include "postern/webex/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// What was said to the bot.
struct utterance
{
    std::string text;       // without the bot's name
    std::string whole;      // the same when the name may have been an ordinary word, else as it was said
    bool mentioned = false; // a real mention, not only the name
    std::vector<mention> others{}; // other people who are mentioned
};

// Takes the bot's name off a message (protocol/webex-rest.md 8.2).
//
// A message whose html mentions the bot is read from its html (bot/hear/html.hpp). Any other is its `text`,
// every inner blank and line end as typed; if it begins with the bot's display name or the name's first word,
// whole and in whatever case, with or without "@", "," or ":", then `text` goes without it and `whole` with
// it.
utterance hear(const webex::message& said, const webex::person& me);

// `text` without the leading name; unchanged if there is none.
std::string_view without_name(std::string_view text, std::string_view display_name) noexcept;

} // namespace postern::matching
