#pragma once

#include "postern/bot/commands/argument_spec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// The text of a message's html, and whether the bot was mentioned in it.
struct plain_html
{
    std::string text;
    bool mentioned = false;
    std::vector<mention> others; // other people whom it mentions, as their mentions show them; at most 100
};

// Walks html as Webex sends it (protocol/webex-rest.md 8.2): a <spark-mention> of a person whose
// data-object-id is `own_id` is dropped with its content, of everything else the text is kept with its
// entities decoded. <br> and the borders of blocks (paragraphs, list items, headings ...) are line ends.
// Other white space stays as the sender's client wrote it; only where a mention was dropped the white space
// around it becomes one blank, or one line end. A comma or colon that follows a leading mention goes with it.
//
// Any bytes are taken, in linear time: tags that are never closed end with the text, "<" without a name is
// text, unknown entities are text. Empty when one of the bot's mentions is never closed: what belongs to the
// mention and what to the message can't be told then, and the caller should look at the message's `text`.
std::optional<plain_html> read_html(std::string_view html, std::string_view own_id);

// What stands between two tags, with its entities decoded.
std::string html_text(std::string_view between_tags);

} // namespace postern::matching
