#include "postern/guard/refusal_action.hpp"

#include "postern/base/within.hpp"

#include <optional>
#include <utility>

namespace postern::guard {
namespace {

constexpr std::size_t removed_at_once = 1'000;

deed leaving(const room_finding& f)
{
    if (f.own_membership.empty())
        return {};
    return {deed::kind::leave, {f.own_membership}};
}

deed removing(const room_finding& f)
{
    deed d{deed::kind::remove, {}};
    for (const auto& o : f.outsiders)
        if (!o.membership.empty() && d.memberships.size() < removed_at_once)
            d.memberships.push_back(o.membership);
    if (d.memberships.empty())
        return {};
    return f.we_moderate ? d : leaving(f);
}

awaitable<result<>> tell(std::string room, std::string words, webex::api& cloud, deadline limit)
{
    webex::new_message m;
    m.to.room_id = std::move(room);
    m.text = std::move(words);
    const auto posted = co_await within(limit, cloud.post_message(std::move(m), limit));
    if (!posted)
        co_return error(posted.error()).during("telling a room that it is refused");
    co_return result<>();
}

awaitable<result<>> remove_all(std::vector<std::string> memberships, webex::api& cloud, deadline limit)
{
    std::optional<error> first;
    std::size_t left = 0;
    for (const auto& id : memberships)
    {
        if (limit.passed() || (first && first->is(errc::stopped)))
        {
            ++left;
            continue;
        }
        const auto removed = co_await within(limit, cloud.remove_member(id, limit));
        if (removed || removed.error().is(errc::not_found))
            continue;
        ++left;
        if (!first)
            first = removed.error();
    }
    if (left == 0)
        co_return result<>();
    if (!first)
        first = error(errc::timed_out);
    auto doing = "deleting memberships of a refused room (" + std::to_string(left) + " of " +
                 std::to_string(memberships.size()) + " are left)";
    co_return std::move(*first).during(doing);
}

} // namespace

deed deed_for(on_refusal wanted, const room_finding& f)
{
    if (f.admitted || f.undecided)
        return {};
    switch (wanted)
    {
    case on_refusal::ignore: break;
    case on_refusal::tell: return {deed::kind::tell, {}};
    case on_refusal::leave: return leaving(f);
    case on_refusal::remove: return removing(f);
    }
    return {};
}

std::string in_words(const deed& d)
{
    const auto n = d.memberships.size();
    switch (d.what)
    {
    case deed::kind::none: break;
    case deed::kind::tell: return "told";
    case deed::kind::leave: return "left";
    case deed::kind::remove: return "removed " + std::to_string(n) + (n == 1 ? " outsider" : " outsiders");
    }
    return {};
}

awaitable<result<>> perform(deed what, std::string room, std::string words, webex::api& cloud, deadline limit)
{
    if (what.what == deed::kind::tell)
        co_return co_await tell(std::move(room), std::move(words), cloud, limit);
    co_return co_await remove_all(std::move(what.memberships), cloud, limit);
}

} // namespace postern::guard
