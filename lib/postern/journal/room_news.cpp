#include "postern/journal/room_news.hpp"

#include "postern/base/ids.hpp"

#include <algorithm>

namespace postern::journal {
namespace {

// A membership's id is made of person and room (protocol/webex-rest.md 3).
bool is_of(const std::string& bot, const std::string& membership)
{
    const auto id = parse_id(membership);
    const auto parts = id ? parse_membership(*id) : std::nullopt;
    return parts && parts->person == uuid_of(bot);
}

} // namespace

std::optional<room_news> news_of(const event& what)
{
    if (what.room.empty())
        return std::nullopt;
    room_news news;
    if (what.resource == "messages" && what.name == "created")
    {
        news.said = what.happened;
        return news;
    }
    const bool joined = what.name == "created";
    if (what.resource != "memberships" || (!joined && what.name != "deleted") ||
        !is_of(what.bot, what.data_id))
        return std::nullopt;
    news.member = joined;
    news.membership = what.data_id;
    return news;
}

void take_in(room_position& room, const room_news& news)
{
    if (news.said)
        room.newest = std::max(room.newest, *news.said);
    if (news.member)
    {
        room.member = *news.member;
        room.membership = news.membership;
    }
}

} // namespace postern::journal
