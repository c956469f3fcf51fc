#include "postern/base/utf8.hpp"
#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

constexpr std::size_t most_ids = 85; // protocol/webex-rest.md 4.1

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

// JS clients wait for ever for an id that is neither among the items nor in notFoundIds.
granted<transport::response> people_by_id(call& c, std::string_view ids)
{
    if (!is_utf8(ids)) // what was not found is repeated
        return refused::malformed();
    json::array items, missing;
    for (std::size_t count = 0; !ids.empty(); ++count)
    {
        if (count == most_ids)
            return refusal{400, "At most 85 ids can be asked for at once."};
        const auto id = ids.substr(0, ids.find(','));
        ids.remove_prefix(std::min(ids.size(), id.size() + 1));
        if (const auto found = c.state.person_of(id))
            items.push_back(show(**found));
        else
            missing.emplace_back(id);
    }
    json::object body;
    body["items"] = std::move(items);
    if (!missing.empty())
        body["notFoundIds"] = std::move(missing);
    return json_response(body);
}

} // namespace

granted<transport::response> get_me(call& c) { return json_response(show(c.who)); }

granted<transport::response> get_person(call& c)
{
    const auto found = c.state.person_of(c.captured[0]);
    if (!found)
        return found.error();
    return json_response(show(**found));
}

granted<transport::response> list_people(call& c)
{
    const auto p = page_of(c, 100, 1000);
    if (!p)
        return p.error();
    if (const auto ids = c.parameter("id"))
        return people_by_id(c, *ids);

    const auto email = c.parameter("email");
    const auto name = c.parameter("displayName");
    if (!email && !name && !c.who.admin)
        return refusal{400, "Email, displayName, or id list should be specified."};
    std::vector<const person*> found;
    for (const auto& [uuid, who] : c.state.people())
        if (who.org == c.who.org && (!email || who.email == lower(*email)) &&
            (!name || lower(who.display_name).starts_with(lower(*name))))
            found.push_back(&who);
    return list_response(c, *p, found, [](const person* who) { return show(*who); });
}

} // namespace postern::emulator
