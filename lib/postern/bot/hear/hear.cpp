#include "postern/bot/hear/hear.hpp"

#include "postern/base/utf8.hpp"
#include "postern/bot/hear/html.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/hear/phrase.hpp"

#include <algorithm>

namespace postern::matching {
namespace {

// Clients often write only the first word of a name of several.
std::string_view first_word(std::string_view name) noexcept
{
    name = trimmed(name);
    std::string_view rest = name;
    while (!rest.empty())
    {
        const std::size_t at = name.size() - rest.size();
        if (is_space(take_code_point(rest)))
            return name.substr(0, at);
    }
    return name;
}

} // namespace

std::string_view without_name(std::string_view text, std::string_view display_name) noexcept
{
    constexpr std::string_view stops = ",:";
    text = trimmed(text);
    std::string_view spoken = text;
    if (spoken.starts_with('@'))
        spoken.remove_prefix(1);

    auto rest = after_phrase(spoken, display_name, stops);
    if (!rest)
        rest = after_phrase(spoken, first_word(display_name), stops);
    if (!rest)
        return text;
    if (!rest->empty() && stops.find(rest->front()) != stops.npos)
        rest->remove_prefix(1);
    return trimmed(*rest);
}

utterance hear(const webex::message& said, const webex::person& me)
{
    const auto read = said.html.empty() ? std::nullopt : read_html(said.html, me.id);
    if (read && read->mentioned)
        return {read->text, read->text, true, read->others};

    const auto& named = said.mentioned_people;
    const bool mentioned = std::find(named.begin(), named.end(), me.id) != named.end();
    const std::string_view whole = said.text.empty() && read ? read->text : said.text;
    return {std::string(without_name(whole, me.display_name)), std::string(trimmed(whole)), mentioned,
            read ? read->others : std::vector<mention>()};
}

} // namespace postern::matching
