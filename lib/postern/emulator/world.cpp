#include "postern/emulator/world.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <array>

namespace postern::emulator {
namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

constexpr std::array<std::pair<person_type, std::string_view>, 3> person_types{
    {{person_type::person, "person"}, {person_type::bot, "bot"}, {person_type::app_user, "appuser"}}};

} // namespace

std::string_view to_string(person_type type) noexcept
{
    for (const auto& [known, name] : person_types)
        if (known == type)
            return name;
    return "person";
}

std::optional<person_type> parse_person_type(std::string_view text) noexcept
{
    for (const auto& [known, name] : person_types)
        if (name == text)
            return known;
    return std::nullopt;
}

world::world(clock reads) : reads_(std::move(reads)) {}

bool world::names(const reference& ref, std::string_view cluster) const
{
    return ref.cluster ? *ref.cluster == cluster : bare_everywhere_ || cluster == "us";
}

const organisation& world::add(organisation o)
{
    if (o.uuid.empty())
        o.uuid = random_uuid();
    auto key = o.uuid;
    return organisations_.insert_or_assign(std::move(key), std::move(o)).first->second;
}

granted<const person*> world::add(person p)
{
    p.email = lower(p.email);
    if (by_email_.contains(p.email) || (!p.name.empty() && person_named(p.name)))
        return refusal{409, "A person of that e-mail address or name is there already."};
    if (p.uuid.empty())
        p.uuid = random_uuid();
    if (p.created == wall_time{})
        p.created = now();
    by_email_.emplace(p.email, p.uuid);
    if (!p.name.empty())
        by_name_.emplace(p.name, p.uuid);
    auto key = p.uuid;
    return &people_.insert_or_assign(std::move(key), std::move(p)).first->second;
}

const organisation* world::find_organisation(std::string_view uuid) const
{
    const auto found = organisations_.find(uuid);
    return found == organisations_.end() ? nullptr : &found->second;
}

const organisation* world::organisation_named(std::string_view name) const
{
    for (const auto& [uuid, o] : organisations_)
        if (o.name == name)
            return &o;
    return nullptr;
}

const person* world::find_person(std::string_view uuid) const
{
    const auto found = people_.find(uuid);
    return found == people_.end() ? nullptr : &found->second;
}

const person* world::person_by_email(std::string_view email) const
{
    const auto found = by_email_.find(lower(email));
    return found == by_email_.end() ? nullptr : find_person(found->second);
}

const person* world::person_named(std::string_view name) const
{
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : find_person(found->second);
}

granted<const person*> world::person_of(std::string_view id) const
{
    const auto ref = read_reference(id, "PEOPLE");
    const auto* found = ref && names(*ref, "us") ? find_person(ref->native) : nullptr;
    if (!found)
        return refused::no_such_person();
    return found;
}

std::string world::issue_token(const person& p, std::vector<std::string> scopes)
{
    auto token = base64url(random_hex(36)) + "_PF84_" + p.org;
    accept_token(token, {p.uuid, std::move(scopes), false});
    return token;
}

void world::accept_token(std::string token, token_grant grant)
{
    tokens_.insert_or_assign(std::move(token), std::move(grant));
}

const token_grant* world::find_token(std::string_view token) const
{
    const auto found = tokens_.find(token);
    return found == tokens_.end() ? nullptr : &found->second;
}

void world::expire_tokens_of(const person& p)
{
    for (auto& [token, grant] : tokens_)
        if (grant.person == p.uuid)
            grant.expired = true;
}

} // namespace postern::emulator
