#include "postern/webex/rest_api.hpp"

namespace postern::webex {

awaitable<result<room>> rest_api::get_room(std::string id, deadline limit)
{
    return get<room>("rooms", std::move(id), "reading a room", limit);
}

awaitable<result<std::vector<room>>> rest_api::list_rooms(std::string type, std::size_t most, deadline limit)
{
    transport::query_params query;
    if (!type.empty())
        query.emplace_back("type", std::move(type));
    return list<room>("rooms", std::move(query), most, "listing rooms", limit);
}

awaitable<result<listed<room>>> rest_api::list_active_rooms(wall_time since, std::size_t most, deadline limit)
{
    transport::query_params query;
    query.emplace_back("sortBy", "lastactivity");
    front<room> wanted;
    wanted.most = most;
    wanted.fits = [since](room& r) {
        const auto active = parse_time(r.last_activity);
        return !active || *active >= since;
    };
    // One page of rooms that are out of place is forgiven; an empty page says nothing.
    wanted.last = [](std::size_t fitting, std::size_t others) { return fitting == 0 && others > 0; };
    co_return co_await list_front<room>("rooms", std::move(query), std::move(wanted), "listing active rooms",
                                        limit);
}

awaitable<result<room>> rest_api::create_room(std::string title, deadline limit)
{
    unspeakable hidden{secret(title)};
    return post<room>("rooms", room_json(title), std::move(hidden), "making a room", limit);
}

awaitable<result<room>> rest_api::rename_room(std::string id, std::string title, deadline limit)
{
    unspeakable hidden{secret(title)};
    return put<room>("rooms", std::move(id), room_json(title), std::move(hidden), "renaming a room", limit);
}

awaitable<result<>> rest_api::delete_room(std::string id, deadline limit)
{
    return remove("rooms", std::move(id), "deleting a room", limit);
}

awaitable<result<std::vector<membership>>> rest_api::list_memberships(std::string room_id, deadline limit)
{
    transport::query_params query;
    if (!room_id.empty())
        query.emplace_back("roomId", std::move(room_id));
    return list<membership>("memberships", std::move(query), all, "listing memberships", limit);
}

awaitable<result<membership>> rest_api::get_membership(std::string id, deadline limit)
{
    return get<membership>("memberships", std::move(id), "reading a membership", limit);
}

awaitable<result<membership>> rest_api::add_member(std::string room_id, std::string person_email,
                                                   bool moderator, deadline limit)
{
    return post<membership>("memberships", new_membership_json(room_id, person_email, moderator), {},
                            "adding a member", limit);
}

awaitable<result<membership>> rest_api::set_moderator(std::string membership_id, bool moderator,
                                                      deadline limit)
{
    return put<membership>("memberships", std::move(membership_id), moderator_json(moderator), {},
                           "changing a membership", limit);
}

awaitable<result<>> rest_api::remove_member(std::string membership_id, deadline limit)
{
    return remove("memberships", std::move(membership_id), "removing a member", limit);
}

} // namespace postern::webex
