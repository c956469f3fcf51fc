#include "postern/guard/member_walk.hpp"

#include "postern/base/within.hpp"
#include "postern/guard/identity.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace postern::guard {
namespace {

// Webex has been seen to drop the parameters of a list from its next links (protocol/webex-rest.md 2.3). Of
// the memberships without their room what is left are our own in all rooms, and we are always allowed.
bool is_of(const std::string& room, const std::vector<webex::membership>& members)
{
    const auto asked = identity_of(room);
    return std::all_of(members.begin(), members.end(), [&](const webex::membership& m) {
        return m.room_id.empty() || m.room_id == room || identity_of(m.room_id) == asked;
    });
}

std::vector<std::uint64_t> marks_of(const std::vector<webex::membership>& members)
{
    std::vector<std::uint64_t> marks;
    marks.reserve(members.size());
    for (const auto& m : members)
        marks.push_back(mark_of(m.person_id));
    std::sort(marks.begin(), marks.end());
    return marks;
}

awaitable<result<std::set<std::string>>> bots_among(std::vector<std::string> people, webex::api& cloud,
                                                    deadline limit)
{
    std::set<std::string> bots;
    for (const auto& id : people)
    {
        const auto person = co_await within(limit, cloud.get_person(id, limit));
        if (!person)
            co_return error(person.error()).during("asking whether a member is a bot");
        if (person->is_bot() && identity_of(person->id) == identity_of(id))
            bots.insert(id);
    }
    co_return bots;
}

} // namespace

awaitable<result<walked_room>> walk_members(const membership_rules& rules, webex::api& cloud,
                                            std::string room, deadline limit)
{
    const auto members = co_await within(limit, cloud.list_memberships(room, limit));
    if (!members)
        co_return error(members.error()).during("looking at the members of the room");
    if (!is_of(room, *members))
        co_return error(errc::bad_response, "looking at the members of the room")
            .because("Webex named members of another room");

    walked_room seen;
    seen.finding = rules.judge(*members);
    if (seen.finding.undecided && !seen.finding.maybe_bots.empty())
    {
        const auto bots = co_await bots_among(seen.finding.maybe_bots, cloud, limit);
        if (!bots)
            co_return bots.error();
        seen.finding = rules.judge(*members, *bots);
    }
    seen.members = marks_of(*members);
    co_return seen;
}

} // namespace postern::guard
