#include "postern/bot/commands/help_text.hpp"

#include "postern/base/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace postern::matching {
namespace {

namespace json = boost::json;

json::object text_block(std::string_view text)
{
    return {{"type", "TextBlock"}, {"text", text}, {"wrap", true}};
}

json::object heading(std::string_view text, std::string_view size)
{
    json::object block = text_block(text);
    block["weight"] = "bolder";
    block["size"] = size;
    return block;
}

// A fact's title is not wrapped, and a usage may be long: the command stands above its help.
json::object entry(const command& c)
{
    json::array lines;
    json::object name = text_block(c.usage());
    name["fontType"] = "monospace";
    lines.push_back(std::move(name));
    if (!c.help.empty())
    {
        json::object help = text_block(c.help);
        help["spacing"] = "none";
        help["isSubtle"] = true;
        lines.push_back(std::move(help));
    }
    return {{"type", "Container"}, {"items", std::move(lines)}};
}

} // namespace

std::string help_card(const registry& known, std::string_view bot_name, const shows& may_see)
{
    json::array body;
    body.push_back(heading(bot_name.empty() ? "Commands" : bot_name, "medium"));
    for (const help_group& group : help_groups(known, may_see))
    {
        if (!group.name.empty())
            body.push_back(heading(group.name, "default"));
        for (const command* c : group.commands)
            body.push_back(entry(*c));
    }
    for (const listener& l : known.listeners)
        if (!l.help.empty())
            body.push_back(text_block(l.help));
    const json::object card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                            {"type", "AdaptiveCard"},
                            {"version", "1.3"},
                            {"body", std::move(body)}};
    std::string text = json::serialize(card);
    return text.size() > largest_help_card || !is_utf8(text) ? std::string() : text;
}

} // namespace postern::matching
