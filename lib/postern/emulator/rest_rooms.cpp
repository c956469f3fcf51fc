#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

granted<room_wish> read_wish(const call& c, bool creating)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    room_wish wish;
    const auto title = text_in(*body, "title");
    const auto locked = flag_in(*body, "isLocked");
    const auto announcement = flag_in(*body, "isAnnouncementOnly");
    const auto is_public = flag_in(*body, "isPublic");
    const auto description = text_in(*body, "description");
    if (!title || !locked || !announcement || !is_public || !description)
        return refused::malformed();
    if (creating && !(*body).contains("title"))
        return refusal{400, "Title cannot be empty."};
    wish.title = *title; // required on update as well; the world refuses an empty one
    wish.locked = *locked;
    wish.announcement_only = *announcement;
    wish.is_public = *is_public;
    if (!description->empty())
        wish.description = *description;
    return wish;
}

} // namespace

granted<transport::response> list_rooms(call& c)
{
    const auto p = page_of(c, 100, 1000);
    if (!p)
        return p.error();
    const auto type = c.parameter("type");
    const auto sort = c.parameter("sortBy");
    if ((type && *type != "direct" && *type != "group") ||
        (sort && *sort != "id" && *sort != "lastactivity" && *sort != "created"))
        return refused::malformed();

    auto rooms = c.state.rooms_of(c.who);
    if (type)
        std::erase_if(rooms,
                      [&](const room* r) { return (r->type == room_type::direct) != (*type == "direct"); });
    if (c.parameter("teamId"))
        rooms.clear(); // no room is in a team
    if (sort)
        std::stable_sort(rooms.begin(), rooms.end(), [&](const room* a, const room* b) {
            if (*sort == "id")
                return id_of(*a) < id_of(*b);
            return *sort == "created" ? a->created > b->created : a->last_activity > b->last_activity;
        });
    return list_response(c, *p, rooms, [&](const room* r) { return show(*r, c.who, c.state); });
}

granted<transport::response> create_room(call& c)
{
    const auto wish = read_wish(c, true);
    if (!wish)
        return wish.error();
    auto done = c.state.create_room(c.who, *wish);
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    auto shown = show(done->value, c.who, c.state);
    shown.erase("isReadOnly"); // the last member; the live answer to a creation lacks it
    return json_response(shown);
}

granted<transport::response> get_room(call& c)
{
    const auto found = c.state.room_of(c.who, c.captured[0]);
    if (!found)
        return found.error();
    return json_response(show(**found, c.who, c.state));
}

granted<transport::response> update_room(call& c)
{
    const auto wish = read_wish(c, false);
    if (!wish)
        return wish.error();
    auto done = c.state.update_room(c.who, c.captured[0], *wish);
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    return json_response(show(done->value, c.who, c.state));
}

granted<transport::response> delete_room(call& c)
{
    auto done = c.state.delete_room(c.who, c.captured[0]);
    if (!done)
        return done.error();
    c.activities = std::move(*done);
    return no_content();
}

} // namespace postern::emulator
