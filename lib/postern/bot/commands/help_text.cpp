#include "postern/bot/commands/help_text.hpp"

#include "postern/bot/commands/did_you_mean.hpp"
#include "postern/bot/hear/letters.hpp"

#include <algorithm>
#include <utility>

namespace postern::matching {
namespace {

std::string as_code(const std::string& text) { return '`' + text + '`'; }

bool is_visible(const command& c, const shows& may_see) { return !c.hidden && may_see(c); }

} // namespace

std::vector<help_group> help_groups(const registry& known, const shows& may_see)
{
    std::vector<help_group> groups;
    for (const command& c : known.commands)
    {
        if (!is_visible(c, may_see))
            continue;
        const auto key = folded(c.group);
        const auto place =
            std::lower_bound(groups.begin(), groups.end(), key,
                             [](const help_group& g, const std::string& k) { return folded(g.name) < k; });
        if (place != groups.end() && folded(place->name) == key)
            place->commands.push_back(&c);
        else
            groups.insert(place, help_group{c.group, {&c}});
    }
    return groups;
}

std::string help_text(const registry& known, const shows& may_see)
{
    std::string out;
    for (const help_group& group : help_groups(known, may_see))
    {
        if (!group.name.empty())
            out += "\n\n**" + group.name + "**\n";
        for (const command* c : group.commands)
        {
            out += "\n- " + as_code(c->usage());
            if (!c->help.empty())
                out += ": " + c->help;
        }
    }
    out = out.empty() ? "I know no commands." : "I know these commands:\n" + out;
    bool first = true;
    for (const listener& l : known.listeners)
    {
        if (l.help.empty())
            continue;
        out += (std::exchange(first, false) ? "\n\nI also listen for:\n\n- " : "\n- ") + l.help;
    }
    return out;
}

std::string command_help(const command& c)
{
    std::string out = as_code(c.usage());
    if (!c.help.empty())
        out += ": " + c.help;
    for (std::size_t i = 0; i < c.aliases.size(); ++i)
        out += (i == 0 ? "\n\nAlso: " : ", ") + as_code(c.aliases[i]);
    if (!c.details.empty())
        out += "\n\n" + c.details;
    return out;
}

std::string nearest_command(const registry& known, std::string_view words, const shows& may_see)
{
    std::vector<std::string> names;
    for (const command& c : known.commands)
        if (is_visible(c, may_see))
        {
            names.push_back(c.name);
            names.insert(names.end(), c.aliases.begin(), c.aliases.end());
        }
    return did_you_mean(words, names);
}

} // namespace postern::matching
