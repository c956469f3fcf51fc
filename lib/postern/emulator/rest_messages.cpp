#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

constexpr std::size_t standard_max = 50;

// What a list of messages asks for.
struct wanted
{
    const room* where = nullptr;
    std::string parent; // UUID
    bool mentions_only = false;
    std::optional<wall_time> before;
    std::optional<std::string> before_message; // UUID
};

granted<std::string> uuid_of_message(const call& c, std::string_view id)
{
    const auto found = c.state.message_of(c.who, id);
    if (!found)
        return found.error(); // also for a message that was deleted meanwhile: 404, as on the live service
    return (*found)->uuid;
}

std::optional<refusal> read_filters(const call& c, wanted& w)
{
    if (const auto who = c.parameter("mentionedPeople"))
    {
        if (*who != "me" && *who != person_id(c.who.uuid))
            return refusal{400, "mentionedPeople can only be 'me' or your own person ID."};
        w.mentions_only = true;
    }
    if (const auto parent = c.parameter("parentId"))
    {
        const auto ref = read_reference(*parent, "MESSAGE");
        if (!ref)
            return ref.error();
        w.parent = ref->native;
    }
    if (const auto before = c.parameter("before"))
    {
        w.before = parse_time(*before);
        if (!w.before)
            return refused::malformed();
    }
    // A next link's own cursor beats what the client repeats of its first request
    // (protocol/webex-rest.md 2.3).
    auto mark = c.parameter("cursor");
    if (!mark)
        mark = c.parameter("beforeMessage");
    if (mark)
    {
        auto uuid = uuid_of_message(c, *mark);
        if (!uuid)
            return uuid.error();
        w.before_message = std::move(*uuid);
    }
    return std::nullopt;
}

bool fits(const call& c, const wanted& w, const message& m)
{
    if (!c.state.can_see(c.who, m) || (!w.parent.empty() && m.parent != w.parent) ||
        (w.before && m.created >= *w.before))
        return false;
    return !w.mentions_only ||
           std::find(m.mentioned.begin(), m.mentioned.end(), c.who.uuid) != m.mentioned.end();
}

transport::response newest_first(const call& c, const wanted& w, std::size_t max)
{
    const auto& line = c.state.timeline(w.where->uuid);
    auto at = line.size();
    if (w.before_message)
        at = static_cast<std::size_t>(std::find(line.begin(), line.end(), *w.before_message) - line.begin());
    json::array items;
    const message* last = nullptr;
    transport::query_params next;
    while (at-- > 0)
    {
        const auto* m = c.state.find_message(line[at]);
        if (!m || !fits(c, w, *m))
            continue;
        if (items.size() == max) // there is at least one more
        {
            next.emplace_back("beforeMessage", id_of(*last));
            if (c.parameter("beforeMessage"))
                next.emplace_back("cursor", id_of(*last));
            break;
        }
        items.push_back(show(*m, c.state, c.api()));
        last = m;
    }
    return list_with_link(c, std::move(items), next);
}

} // namespace

granted<transport::response> list_messages(call& c)
{
    const auto room = c.parameter("roomId");
    if (!room)
        return refusal{400, "Required String parameter 'roomId' is not present"};
    const auto where = c.state.room_of(c.who, *room);
    if (!where)
        return where.error();
    wanted w;
    w.where = *where;
    if (auto no = read_filters(c, w))
        return *no;
    if (c.who.type == person_type::bot && w.where->type == room_type::group && !w.mentions_only)
        return refusal{403, "Failed to get activity."};

    const auto max = max_of(c, standard_max, w.mentions_only ? 100 : 1000);
    if (!max)
        return max.error();
    return newest_first(c, w, *max);
}

granted<transport::response> list_direct_messages(call& c)
{
    const auto id = c.parameter("personId");
    const auto email = c.parameter("personEmail");
    if (id.has_value() == email.has_value())
        return refusal{400, "Must specify either personId or personEmail."};
    const person* other = nullptr;
    if (email)
        other = c.state.person_by_email(*email);
    else if (const auto found = c.state.person_of(*id))
        other = *found;
    if (!other)
        return refused::no_such_person();
    wanted w;
    w.where = c.state.direct_room(c.who, *other);
    if (!w.where)
        return refused::no_such_room();
    if (auto no = read_filters(c, w))
        return *no;
    return newest_first(c, w, standard_max);
}

granted<transport::response> get_message(call& c)
{
    const auto found = c.state.message_of(c.who, c.captured[0]);
    if (!found)
        return found.error();
    return json_response(show(**found, c.state, c.api()));
}

granted<transport::response> update_message(call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    auto room = text_in(*body, "roomId");
    auto text = text_in(*body, "text");
    auto markdown = text_in(*body, "markdown");
    const auto html = text_in(*body, "html");
    if (!room || !text || !markdown || !html)
        return refused::malformed();
    if (!html->empty())
        return refusal{400, "html cannot be edited."};
    if (room->empty())
        return refusal{400, "roomId cannot be null"};
    auto done = c.state.edit(c.who, c.captured[0], *room, std::move(*text), std::move(*markdown));
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    return json_response(show(done->value, c.state, c.api()));
}

granted<transport::response> delete_message(call& c)
{
    auto done = c.state.delete_message(c.who, c.captured[0]);
    if (!done)
        return done.error();
    c.activities = std::move(*done);
    return no_content();
}

} // namespace postern::emulator
