#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

namespace postern::emulator {

granted<transport::response> list_memberships(call& c)
{
    const auto p = page_of(c, 100, 1000);
    if (!p)
        return p.error();
    const auto room = c.parameter("roomId");
    const auto person_wanted = c.parameter("personId");
    const auto email = c.parameter("personEmail");
    if (!room && (person_wanted || email))
        return refusal{400, "roomId must be specified with personId or personEmail."};

    auto all = c.state.memberships_of(c.who);
    if (room)
    {
        const auto where = c.state.room_of(c.who, *room);
        if (!where)
            return where.error();
        all = c.state.members((*where)->uuid);
    }
    if (person_wanted || email)
    {
        const person* wanted = nullptr;
        if (person_wanted)
        {
            const auto found = c.state.person_of(*person_wanted);
            wanted = found ? *found : nullptr;
        }
        else
            wanted = c.state.person_by_email(*email);
        std::erase_if(all, [&](const membership* m) { return !wanted || m->person != wanted->uuid; });
    }
    return list_response(c, *p, all, [&](const membership* m) { return show(*m, c.state); });
}

granted<transport::response> create_membership(call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    const auto room = text_in(*body, "roomId");
    const auto id = text_in(*body, "personId");
    const auto email = text_in(*body, "personEmail");
    const auto moderator = flag_in(*body, "isModerator");
    if (!room || !id || !email || !moderator)
        return refused::malformed();
    if (room->empty())
        return refusal{400, "roomId cannot be null"};
    if (id->empty() == email->empty())
        return refusal{400, "Must specify either personId or personEmail."};

    const person* who = nullptr;
    if (id->empty())
        who = c.state.person_by_email(*email);
    else if (const auto found = c.state.person_of(*id))
        who = *found;
    if (!who)
        return refused::no_such_person();
    auto done = c.state.add_member(c.who, *room, *who, moderator->value_or(false));
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    return json_response(show(done->value, c.state));
}

granted<transport::response> get_membership(call& c)
{
    const auto found = c.state.membership_of(c.who, c.captured[0]);
    if (!found)
        return found.error();
    return json_response(show(**found, c.state));
}

// Clients put the whole object back: everything but the two flags is ignored.
granted<transport::response> update_membership(call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    const auto moderator = flag_in(*body, "isModerator");
    const auto hidden = flag_in(*body, "isRoomHidden");
    if (!moderator || !hidden)
        return refused::malformed();
    auto done = c.state.update_membership(c.who, c.captured[0], *moderator, *hidden);
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    return json_response(show(done->value, c.state));
}

granted<transport::response> delete_membership(call& c)
{
    auto done = c.state.remove_member(c.who, c.captured[0]);
    if (!done)
        return done.error();
    c.activities = std::move(*done);
    return no_content();
}

} // namespace postern::emulator
