#include "postern/bot/commands/permission_rules.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/error.hpp"
#include "postern/base/ids.hpp"
#include "postern/bot/hear/letters.hpp"

#include <stdexcept>
#include <utility>

namespace postern::matching {
namespace {

[[noreturn]] void refuse(const std::string& why)
{
    throw std::invalid_argument("postern::bot: only_for: " + why);
}

// Sources build ids where REST was not asked, so one person may have two spellings (base/ids.hpp).
std::string identity_of(std::string_view id)
{
    const std::string uuid = uuid_of(id);
    return looks_like_uuid(uuid) ? folded(uuid) : uuid;
}

// Empty unless there is exactly one @ with something on both sides: what a second one means is a matter of
// opinion, and a gate has none.
std::string domain_of(std::string_view address)
{
    const auto at = address.find('@');
    if (at == address.npos || at == 0 || address.find('@', at + 1) != address.npos)
        return {};
    return folded(address.substr(at + 1));
}

// What Webex tells of people without an organisation: it is one name for strangers to each other.
constexpr std::string_view no_organisation = "consumer";

bool has_blank(std::string_view text) { return text != single_spaced(text) || text.find(' ') != text.npos; }

std::string listed(const std::set<std::string>& names)
{
    constexpr std::size_t most = 5;
    std::string out;
    std::size_t n = 0;
    for (const std::string& name : names)
    {
        if (n == most)
            return out + " ...";
        out += (n++ == 0 ? "" : ", ") + printable(name, 80);
    }
    return out;
}

} // namespace

permission_rules::permission_rules(permission from)
    : moderators_(from.moderators), refusal_(std::move(from.refusal))
{
    for (const std::string& name : from.people)
    {
        const auto person = trimmed(name);
        if (person.empty() || has_blank(person))
            refuse("\"" + printable(name, 80) + "\" is neither an id nor an address");
        const bool address = person.find('@') != person.npos;
        people_.insert(address ? folded(person) : identity_of(person));
    }
    for (const std::string& name : from.domains)
    {
        auto domain = trimmed(name);
        if (domain.starts_with('@'))
            domain.remove_prefix(1);
        if (domain.empty() || has_blank(domain) || domain.find('@') != domain.npos)
            refuse("\"" + printable(name, 80) + "\" is no domain");
        domains_.insert(folded(domain));
    }
    for (const std::string& name : from.organisations)
    {
        const auto organisation = trimmed(name);
        if (organisation.empty() || has_blank(organisation))
            refuse("\"" + printable(name, 80) + "\" is no organisation");
        if (folded(organisation) == "own")
            own_ = true;
        else
            organisations_.insert(identity_of(organisation));
    }
}

bool permission_rules::names_anybody() const noexcept
{
    return !people_.empty() || !domains_.empty() || names_organisations();
}

bool permission_rules::names_organisations() const noexcept { return own_ || !organisations_.empty(); }

bool permission_rules::for_everybody() const noexcept { return !moderators_ && !names_anybody(); }

bool permission_rules::has_organisation(const std::string& id, const std::string& own) const
{
    const std::string one = identity_of(id);
    if (one.empty() || one == no_organisation)
        return false;
    return organisations_.contains(one) || (own_ && one == identity_of(own));
}

permit permission_rules::judge(const asker& who) const
{
    using kind = permit::kind;
    if (names_anybody())
    {
        const std::string domain = domain_of(who.email);
        bool fits = (!who.id.empty() && people_.contains(identity_of(who.id))) ||
                    (!who.email.empty() && people_.contains(folded(who.email))) ||
                    (!domain.empty() && domains_.contains(domain));
        if (!fits && names_organisations())
        {
            if (!who.organisation)
                return {kind::ask_organisation, {}};
            fits = has_organisation(*who.organisation, who.own_organisation);
        }
        if (!fits)
            return {kind::refused, not_fitting()};
    }
    if (!moderators_)
        return {kind::granted, {}};
    if (who.direct)
        return {kind::refused, "a room of two has no moderators"};
    if (!who.moderator)
        return {kind::ask_moderator, {}};
    if (!*who.moderator)
        return {kind::refused, "not a moderator of the room"};
    return {kind::granted, {}};
}

std::string permission_rules::not_fitting() const
{
    std::string out;
    const auto add = [&out](const std::string& text) { out += (out.empty() ? "not " : ", not ") + text; };
    if (!people_.empty())
        add("one of the people named");
    if (!domains_.empty())
        add("in domains " + listed(domains_));
    if (!organisations_.empty())
        add("in organisations " + listed(organisations_));
    if (own_)
        add("in the bot's organisation");
    return out;
}

std::string permission_rules::refusal(const std::string& command) const
{
    if (refusal_)
        return *refusal_;
    std::string whom;
    const auto add = [&whom](const std::string& text) { whom += (whom.empty() ? "" : " or ") + text; };
    if (!people_.empty())
        add("certain people");
    if (!domains_.empty())
        add("people of " + listed(domains_));
    if (!organisations_.empty())
        add("people of certain organisations");
    if (own_)
        add("people of the bot's organisation");
    if (moderators_)
        whom += whom.empty() ? "the moderators of a room" : " who moderate the room";
    return "That is not for you here: " + command + " is for " + whom + '.';
}

} // namespace postern::matching
