#include "postern/bot/commands/registry.hpp"

#include "postern/bot/commands/help_text.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/hear/phrase.hpp"

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

bool has_name(const command& c, const std::string& folded_name)
{
    return folded(c.name) == folded_name ||
           std::any_of(c.aliases.begin(), c.aliases.end(),
                       [&](const std::string& alias) { return folded(alias) == folded_name; });
}

// Names are shown as code, which they could end.
void check_name(const std::string& name)
{
    if (name.empty())
        throw std::invalid_argument("postern::bot: a command needs a name");
    if (name.find('`') != name.npos)
        throw std::invalid_argument("postern::bot: a command's name has no \"`\"");
}

void check(command& c)
{
    c.name = single_spaced(c.name);
    check_name(c.name);
    if (!c.run || !*c.run)
        throw std::invalid_argument("postern::bot: the command " + c.name + " needs a handler");
    if (c.cooldown < std::chrono::milliseconds::zero())
        throw std::invalid_argument("postern::bot: the cooldown of " + c.name + " is negative");
    for (std::string& alias : c.aliases)
    {
        alias = single_spaced(alias);
        check_name(alias);
    }
}

} // namespace

std::string command::usage() const
{
    const std::string rest = takes ? takes->usage() : std::string();
    return rest.empty() ? name : name + ' ' + rest;
}

void registry::put(command c)
{
    check(c);
    const std::string key = folded(c.name);
    for (const command& other : commands)
    {
        if (folded(other.name) == key)
            continue; // it goes
        bool clash = has_name(other, key);
        for (const std::string& alias : c.aliases)
            clash = clash || has_name(other, folded(alias));
        if (clash)
            throw std::invalid_argument("postern::bot: " + c.name + " and " + other.name +
                                        " have a name or alias in common");
    }
    remove(c.name);
    const auto place = std::lower_bound(commands.begin(), commands.end(), key, less);
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

void registry::put(listener l)
{
    if (!l.run || !*l.run)
        throw std::invalid_argument("postern::bot: what is listened for needs a handler");
    for (listener& known : listeners)
        if (known.what.text() == l.what.text())
        {
            known = std::move(l);
            return;
        }
    listeners.push_back(std::move(l));
}

bool registry::stop_hearing(std::string_view expression)
{
    return std::erase_if(listeners, [&](const listener& l) { return l.what.text() == expression; }) != 0;
}

std::optional<match> registry::find(std::string_view text) const
{
    text = trimmed(text);
    std::optional<match> best;
    std::size_t longest = 0;
    const auto look = [&](const command& candidate, std::string_view name) {
        if (best && name.size() <= longest)
            return;
        if (const auto rest = after_name(text, name))
        {
            best = match{&candidate, trimmed(*rest)};
            longest = name.size();
        }
    };
    for (const command& candidate : commands)
    {
        look(candidate, candidate.name);
        for (const std::string& alias : candidate.aliases)
            look(candidate, alias);
    }
    return best;
}

const command* registry::named(std::string_view name) const
{
    const std::string wanted = folded(single_spaced(name));
    for (const std::string& spelt : {wanted, '/' + wanted, wanted.substr(wanted.starts_with('/') ? 1 : 0)})
        for (const command& c : commands)
            if (has_name(c, spelt))
                return &c;
    return nullptr;
}

std::optional<heard> registry::hear(std::string_view text) const
{
    for (const listener& l : listeners)
        if (auto groups = l.what.find_in(text))
            return heard{&l, std::move(*groups)};
    return std::nullopt;
}

const shared_handler* registry::event_handler(const std::string& kind) const
{
    const auto found = on_event.find(kind_name(kind));
    return found == on_event.end() ? nullptr : &found->second;
}

std::string registry::help() const
{
    return help_text(*this, [](const command&) { return true; });
}

} // namespace postern::matching
