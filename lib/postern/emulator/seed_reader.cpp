#include "postern/emulator/seed.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <set>

namespace postern::emulator {
namespace {

// Reads a seed and remembers the first thing that is wrong with it, by its JSON path.
class reader
{
public:
    std::string complaint; // empty: all is well so far

    void wrong(const std::string& path, const std::string& why)
    {
        if (complaint.empty())
            complaint = path + ": " + why;
    }

    std::string text(const json::object& from, const std::string& path, std::string_view key,
                     bool required = false)
    {
        const auto* member = from.if_contains(key);
        if (!member)
        {
            if (required)
                wrong(path, "'" + std::string(key) + "' is missing");
            return {};
        }
        auto value = get_text(from, key);
        if (!value || (required && value->empty()))
            wrong(path + '.' + std::string(key), value ? "must not be empty" : "must be a text");
        return value.value_or("");
    }

    bool flag(const json::object& from, const std::string& path, std::string_view key)
    {
        if (from.contains(key) && !get_bool(from, key))
            wrong(path + '.' + std::string(key), "must be true or false");
        return get_bool(from, key).value_or(false);
    }

    std::string uuid(const json::object& from, const std::string& path)
    {
        auto value = text(from, path, "uuid");
        if (!value.empty() && !looks_like_uuid(value))
            wrong(path + ".uuid", "must be a UUID");
        return value;
    }

    // Every element of from[key], which must be an array of objects; unknown members are named.
    template <class Visit>
    void each(const json::object& from, std::string_view key, std::initializer_list<std::string_view> known,
              Visit visit)
    {
        const auto path = "$." + std::string(key);
        const auto* member = from.if_contains(key);
        const auto* all = member ? member->if_array() : nullptr;
        if (member && !all)
            return wrong(path, "must be an array");
        for (std::size_t i = 0; all && i < all->size(); ++i)
        {
            const auto here = path + '[' + std::to_string(i) + ']';
            const auto* element = (*all)[i].if_object();
            if (!element)
                return wrong(here, "must be an object");
            members_known(*element, here, known);
            visit(*element, here);
        }
    }

    void members_known(const json::object& o, const std::string& path,
                       std::initializer_list<std::string_view> known)
    {
        for (const auto& [key, value] : o)
            if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end())
                wrong(path + '.' + printable(key, 60), "is not known here");
    }

    std::vector<std::string> names(const json::object& from, const std::string& path, std::string_view key,
                                   const std::set<std::string>& people)
    {
        std::vector<std::string> all;
        const auto here = path + '.' + std::string(key);
        const auto* member = from.if_contains(key);
        const auto* array = member ? member->if_array() : nullptr;
        if (member && !array)
            wrong(here, "must be an array of names");
        for (std::size_t i = 0; array && i < array->size(); ++i)
        {
            const auto* name = (*array)[i].if_string();
            const auto place = here + '[' + std::to_string(i) + ']';
            if (!name)
                wrong(place, "must be a name");
            else if (!people.contains(std::string(*name)))
                wrong(place, "nobody is called '" + printable(*name, 60) + "'");
            else if (std::find(all.begin(), all.end(), std::string_view(*name)) != all.end())
                wrong(place, "is named twice");
            else
                all.emplace_back(*name);
        }
        return all;
    }
};

void read_organisations(reader& in, const json::object& root, world_seed& seed)
{
    in.each(root, "organisations", {"name", "cluster", "uuid"},
            [&](const json::object& o, const std::string& path) {
                organisation org{in.uuid(o, path), in.text(o, path, "name", true), "us"};
                if (o.contains("cluster"))
                    org.cluster = in.text(o, path, "cluster", true);
                if (org.cluster.find('/') != std::string::npos)
                    in.wrong(path + ".cluster", "must be \"us\" or a URN such as \"urn:TEAM:us-west-2_r\"");
                if (org.name == no_organisation)
                    in.wrong(path + ".name", "stands for people without an organisation");
                for (const auto& other : seed.organisations)
                    if (other.name == org.name)
                        in.wrong(path + ".name", "is there already");
                seed.organisations.push_back(std::move(org));
            });
}

void read_people(reader& in, const json::object& root, world_seed& seed)
{
    std::set<std::string> emails, names, uuids, tokens;
    in.each(root, "people",
            {"name", "type", "displayName", "nickName", "email", "organisation", "admin", "monitor", "token",
             "uuid"},
            [&](const json::object& o, const std::string& path) {
                seed_person p;
                p.who.uuid = in.uuid(o, path);
                p.who.name = in.text(o, path, "name", true);
                p.who.email = in.text(o, path, "email", true);
                p.who.display_name = in.text(o, path, "displayName");
                p.who.nick_name = in.text(o, path, "nickName");
                p.who.admin = in.flag(o, path, "admin");
                p.who.monitor = in.flag(o, path, "monitor");
                p.organisation = in.text(o, path, "organisation", true);
                p.token = in.text(o, path, "token");
                const auto type = in.text(o, path, "type");
                const auto known = parse_person_type(type.empty() ? "person" : type);
                if (!known)
                    in.wrong(path + ".type", "must be \"person\", \"bot\" or \"appuser\"");
                p.who.type = known.value_or(person_type::person);
                if (p.who.display_name.empty())
                    p.who.display_name = p.who.name;
                if (p.who.nick_name.empty())
                    p.who.nick_name = p.who.display_name.substr(0, p.who.display_name.find(' '));

                const auto& orgs = seed.organisations;
                if (p.organisation != no_organisation &&
                    std::none_of(orgs.begin(), orgs.end(),
                                 [&](const auto& x) { return x.name == p.organisation; }))
                    in.wrong(path + ".organisation",
                             "no organisation is called '" + printable(p.organisation, 60) + "'");
                if (p.who.email.find('@') == std::string::npos)
                    in.wrong(path + ".email", "must be an e-mail address");
                std::transform(p.who.email.begin(), p.who.email.end(), p.who.email.begin(), [](char c) {
                    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
                });
                if (!emails.insert(p.who.email).second)
                    in.wrong(path + ".email", "is there already");
                if (!names.insert(p.who.name).second)
                    in.wrong(path + ".name", "is there already");
                if (!p.who.uuid.empty() && !uuids.insert(p.who.uuid).second)
                    in.wrong(path + ".uuid", "is there already");
                if (!p.token.empty() && !tokens.insert(p.token).second)
                    in.wrong(path + ".token", "is there already");
                seed.people.push_back(std::move(p));
            });
    if (seed.people.empty())
        in.wrong("$.people", "there must be somebody");
}

void read_rooms(reader& in, const json::object& root, world_seed& seed)
{
    std::set<std::string> people, bots, uuids, pairs;
    for (const auto& p : seed.people)
        (p.who.type == person_type::bot ? bots : people).insert(p.who.name);
    auto everybody = people;
    everybody.insert(bots.begin(), bots.end());

    in.each(root, "rooms", {"title", "type", "members", "moderators", "locked", "uuid"},
            [&](const json::object& o, const std::string& path) {
                seed_room r;
                const auto type = in.text(o, path, "type");
                if (!type.empty() && type != "group" && type != "direct")
                    in.wrong(path + ".type", "must be \"group\" or \"direct\"");
                r.type = type == "direct" ? room_type::direct : room_type::group;
                r.title = in.text(o, path, "title", r.type == room_type::group);
                r.uuid = in.uuid(o, path);
                r.locked = in.flag(o, path, "locked");
                r.members = in.names(o, path, "members", everybody);
                r.moderators = in.names(o, path, "moderators", everybody);
                if (r.members.empty())
                    in.wrong(path + ".members", "must name at least one person, who creates the room");
                if (!r.uuid.empty() && !uuids.insert(r.uuid).second)
                    in.wrong(path + ".uuid", "is there already");
                if (r.type == room_type::direct)
                {
                    auto pair = r.members;
                    std::sort(pair.begin(), pair.end());
                    if (pair.size() != 2 || (bots.contains(pair[0]) && bots.contains(pair[1])))
                        in.wrong(path + ".members", "a direct room has two members, not two bots");
                    else if (!pairs.insert(pair[0] + '\n' + pair[1]).second)
                        in.wrong(path + ".members", "have a direct room already");
                }
                seed.rooms.push_back(std::move(r));
            });
}

} // namespace

result<world_seed> parse_seed(std::string_view text, std::string_view name)
{
    const auto doing = "reading the seed " + std::string(name);
    const auto parsed = parse_json(text, name);
    if (!parsed)
        return error(errc::bad_configuration, doing)
            .because(std::string(name) + ": $: " + parsed.error().ours);
    reader in;
    world_seed seed;
    if (const auto* root = parsed->if_object())
    {
        in.members_known(*root, "$", {"organisations", "people", "rooms"});
        read_organisations(in, *root, seed);
        read_people(in, *root, seed);
        read_rooms(in, *root, seed);
    }
    else
        in.wrong("$", "must be an object");
    if (!in.complaint.empty())
        return error(errc::bad_configuration, doing).because(std::string(name) + ": " + in.complaint);
    return seed;
}

} // namespace postern::emulator
