#include "postern/bot/registry.hpp"

#include "postern/bot/letters.hpp"
#include "postern/bot/phrase.hpp"

#include <algorithm>
#include <stdexcept>

namespace postern::matching {
namespace {

std::optional<std::string_view> after_name(std::string_view text, std::string_view name)
{
    auto rest = after_phrase(text, name);
    if (!rest && text.starts_with('/') && !name.starts_with('/'))
        rest = after_phrase(text.substr(1), name);
    return rest;
}

bool less(const command& c, std::string_view folded_name) { return folded(c.name) < folded_name; }

} // namespace

void registry::put(command c)
{
    c.name = single_spaced(c.name);
    if (c.name.empty())
        throw std::invalid_argument("postern::bot: a command needs a name");
    if (!c.run || !*c.run)
        throw std::invalid_argument("postern::bot: the command " + c.name + " needs a handler");

    remove(c.name);
    const auto place = std::lower_bound(commands.begin(), commands.end(), folded(c.name), less);
    commands.insert(place, std::move(c));
}

bool registry::remove(std::string_view name)
{
    const std::string wanted = folded(single_spaced(name));
    const auto found = std::lower_bound(commands.begin(), commands.end(), wanted, less);
    if (found == commands.end() || folded(found->name) != wanted)
        return false;
    commands.erase(found);
    return true;
}

std::optional<match> registry::find(std::string_view text) const
{
    text = trimmed(text);
    std::optional<match> best;
    for (const command& candidate : commands)
    {
        if (best && candidate.name.size() <= best->found->name.size())
            continue;
        if (const auto rest = after_name(text, candidate.name))
            best = match{&candidate, trimmed(*rest)};
    }
    return best;
}

std::string registry::help() const
{
    if (commands.empty())
        return "I know no commands.";
    std::string out = "I know these commands:\n";
    for (const command& c : commands)
    {
        out += "\n- `" + c.name + '`';
        if (!c.help.empty())
            out += ": " + c.help;
    }
    return out;
}

} // namespace postern::matching
