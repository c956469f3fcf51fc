#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

struct mentioned
{
    std::string id; // public person id
    std::string display_name;
};

// Looks a person up by what a mention names: an e-mail address or a public person id.
using find_person = std::function<std::optional<mentioned>(std::string_view email_or_id)>;

struct rendered
{
    std::string html;
    std::string text;                          // what the service generates when the sender gave no text
    std::vector<std::string> mentioned_people; // public person ids, each once, in order of appearance
    bool mentions_all = false;
};

// What the service makes of a message's markdown (protocol/webex-rest.md 4.4, 4.5, 8.2): the html that a
// client shows, the generated text, and whom it mentions. Raw HTML of the sender never passes: it is shown as
// text. A mention of somebody whom `find` does not know stays text. Thread-safe if `find` is.
rendered render_markdown(std::string_view markdown, const find_person& find);

} // namespace postern::emulator
