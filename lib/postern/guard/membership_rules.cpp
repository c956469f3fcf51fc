#include "postern/guard/membership_rules.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/error.hpp"
#include "postern/guard/identity.hpp"

#include <algorithm>
#include <array>

namespace postern::guard {
namespace {

constexpr std::size_t named_at_most = 3;

// Stands for the organisation of those who have none (protocol/webex-rest.md 3.2).
constexpr std::string_view no_organisation = "consumer";

std::string lower(std::string_view text)
{
    std::string s(text);
    for (auto& c : s)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return s;
}

// Empty unless there is exactly one @ with something on both sides: what a second one means is a matter of
// opinion, and a gate has none.
std::string_view domain_of(std::string_view address)
{
    const auto at = address.find('@');
    if (at == address.npos || at == 0 || address.find('@', at + 1) != address.npos)
        return {};
    return address.substr(at + 1);
}

// Says only that asking is worth a call: the domains of bots are not theirs alone for ever
// (protocol/webex-rest.md 4.1).
bool has_address_of_a_bot(const std::string& email)
{
    constexpr std::array<std::string_view, 3> known{"webex.bot", "sparkbot.io", "teamsbot.io"};
    return std::find(known.begin(), known.end(), domain_of(lower(email))) != known.end();
}

std::string shortened(const std::string& id)
{
    const auto identity = identity_of(id);
    return looks_like_uuid(identity) ? identity.substr(0, 8) : printable(identity, 20);
}

std::string name_of_member(const webex::membership& m)
{
    return name_of(m.person_email, m.person_id, m.person_org_id);
}

// Some of the members, of whom the first few are named.
class group
{
public:
    void add(const webex::membership& m)
    {
        if (++size_ <= named_at_most)
            names_ += (names_.empty() ? "" : ", ") + name_of_member(m);
    }
    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    std::string names() const
    {
        if (size_ <= named_at_most)
            return names_;
        return names_ + " and " + std::to_string(size_ - named_at_most) + " more";
    }

private:
    std::size_t size_ = 0;
    std::string names_;
};

struct tally
{
    std::size_t all = 0;
    std::size_t by_organisation = 0; // ourselves with them
    group outsiders, unknown, maybe_bots;

    std::string part_of_all(const group& some) const
    {
        return std::to_string(some.size()) + " of " + std::to_string(all) + " members";
    }

    std::string why_refused() const
    {
        return part_of_all(outsiders) + (outsiders.size() == 1 ? " does" : " do") +
               " not belong here: " + outsiders.names();
    }

    std::string why_admitted() const
    {
        if (by_organisation == all)
            return "all " + std::to_string(all) + " members belong to allowed organisations";
        return "all " + std::to_string(all) + " members are allowed: " + std::to_string(by_organisation) +
               " by organisation, " + std::to_string(all - by_organisation) + " by another rule";
    }
};

} // namespace

bool is_allowed(standing s) noexcept
{
    switch (s)
    {
    case standing::self:
    case standing::organisation:
    case standing::domain:
    case standing::person:
    case standing::bot:
    case standing::monitor: return true;
    case standing::outsider:
    case standing::guest:
    case standing::maybe_a_bot:
    case standing::unknown: break;
    }
    return false;
}

std::string name_of(const std::string& email, const std::string& person_id, const std::string& organisation)
{
    auto name = email.empty() ? "person " + shortened(person_id) : printable(email, 80);
    const auto own = identity_of(organisation);
    if (own.empty())
        return name + " (organisation unknown)";
    if (own == no_organisation)
        return name + " (without an organisation)";
    return name + " (organisation " + shortened(organisation) + ')';
}

membership_rules::membership_rules(const guard_options& o, const webex::person& me)
    : me_(identity_of(me.id)), largest_room_(o.largest_room), bots_(o.bots), monitors_(o.monitors)
{
    for (const auto& named : o.organisations)
    {
        const bool own = lower(named) == "own";
        const auto uuid = identity_of(own ? me.org_id : named);
        if (own && uuid.empty())
            own_is_missing_ = true;
        if (!uuid.empty() && uuid != no_organisation)
            organisations_.insert(uuid);
    }
    for (const auto& d : o.domains)
        if (const auto name = lower(d.substr(std::min(d.find_first_not_of('@'), d.size()))); !name.empty())
            domains_.insert(name);
    for (const auto& p : o.people)
        if (!p.empty())
            people_.insert(p.find('@') == p.npos ? identity_of(p) : lower(p));
    for (const auto& r : o.rooms)
        if (!r.empty())
            rooms_.insert(identity_of(r));
}

standing membership_rules::of(const webex::membership& m) const
{
    // Without an id nobody can say who it is, nor recognise him when he speaks.
    if (m.person_id.empty())
        return standing::unknown;
    const auto id = identity_of(m.person_id);
    if (id == me_)
        return standing::self;
    if (allowed_organisation(m.person_org_id))
        return standing::organisation;

    // These rules hold without an organisation, too: they name the person or the address, and ask nothing of
    // where somebody belongs, so a missing organisation takes nothing away from them. Both come from Webex,
    // in the same answer that would have told the organisation.
    if (people_.contains(id) || people_.contains(lower(m.person_email)))
        return standing::person;
    if (allowed_address(m.person_email))
        return standing::domain;

    if (monitors_ && m.is_monitor.value_or(false))
        return standing::monitor;
    if (bots_ && has_address_of_a_bot(m.person_email))
        return standing::maybe_a_bot;
    return of_stranger(m.person_org_id);
}

standing membership_rules::of(const webex::person& p) const
{
    if (p.id.empty())
        return standing::unknown;
    const auto id = identity_of(p.id);
    if (id == me_)
        return standing::self;
    if (allowed_organisation(p.org_id))
        return standing::organisation;
    const auto named = [this](const std::string& email) { return people_.contains(lower(email)); };
    if (people_.contains(id) || std::any_of(p.emails.begin(), p.emails.end(), named))
        return standing::person;
    const auto fits = [this](const std::string& email) { return allowed_address(email); };
    if (std::any_of(p.emails.begin(), p.emails.end(), fits))
        return standing::domain;
    if (bots_ && p.is_bot())
        return standing::bot;
    return of_stranger(p.org_id);
}

standing membership_rules::of_stranger(const std::string& organisation) const
{
    const auto uuid = identity_of(organisation);
    if (uuid.empty())
        return standing::unknown;
    if (uuid == no_organisation)
        return standing::guest;
    return own_is_missing_ ? standing::unknown : standing::outsider;
}

room_finding membership_rules::judge(const std::vector<webex::membership>& members,
                                     const std::optional<std::set<std::string>>& bots) const
{
    room_finding f;
    tally seen;
    seen.all = members.size();
    for (const auto& m : members)
    {
        auto as = of(m);
        if (as == standing::maybe_a_bot && bots)
            as = bots->contains(m.person_id) ? standing::bot : of_stranger(m.person_org_id);
        switch (as)
        {
        case standing::self:
            f.own_membership = m.id;
            f.we_moderate = m.is_moderator.value_or(false);
            ++seen.by_organisation;
            break;
        case standing::organisation: ++seen.by_organisation; break;
        case standing::outsider:
        case standing::guest:
            f.outsiders.push_back({m.person_id, m.person_email, m.id, as});
            seen.outsiders.add(m);
            break;
        case standing::maybe_a_bot:
            f.maybe_bots.push_back(m.person_id);
            seen.maybe_bots.add(m);
            break;
        case standing::unknown: seen.unknown.add(m); break;
        default: break;
        }
    }

    const auto undecided = [&f](std::string why) {
        f.undecided = true;
        f.reason = std::move(why);
    };
    if (members.empty())
        undecided("Webex named no member at all");
    else if (f.own_membership.empty()) // whatever list this is, it is not that of a room that we are in
        undecided("Webex named " + std::to_string(seen.all) + " members, and this bot is none of them");
    else if (!seen.outsiders.empty())
        f.reason = seen.why_refused();
    else if (seen.all > largest_room_)
        f.reason = "it has " + std::to_string(seen.all) + " members, more than the " +
                   std::to_string(largest_room_) + " up to which a room is trusted";
    else if (!seen.unknown.empty())
        undecided("not enough is known of " + seen.part_of_all(seen.unknown) + ": " + seen.unknown.names());
    else if (!seen.maybe_bots.empty())
        undecided("it is not known whether they are bots: " + seen.maybe_bots.names());
    else
    {
        f.admitted = true;
        f.reason = seen.why_admitted();
    }
    return f;
}

bool membership_rules::admits_room(const std::string& room) const
{
    return !rooms_.empty() && !room.empty() && rooms_.contains(identity_of(room));
}

bool membership_rules::is_me(std::string_view person_id) const
{
    return !me_.empty() && identity_of(person_id) == me_;
}

bool membership_rules::allowed_organisation(const std::string& id) const
{
    return !id.empty() && organisations_.contains(identity_of(id));
}

bool membership_rules::allowed_address(const std::string& email) const
{
    const auto domain = domain_of(email);
    return !domain.empty() && domains_.contains(lower(domain));
}

} // namespace postern::guard
