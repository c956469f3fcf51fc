#include "postern/bot/commands/admission.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace postern::matching {
namespace {

constexpr std::size_t most_remembered = 4096;

} // namespace

admission::admission(std::shared_ptr<webex::api> api, std::chrono::milliseconds keep, steady_clock_fn now)
    : api_(std::move(api)), now_(std::move(now)),
      organisations_(std::make_shared<timed_memory<std::string>>(keep, most_remembered)),
      moderators_(std::make_shared<timed_memory<bool>>(keep, most_remembered))
{
}

awaitable<result<admission::answer>> admission::ask(std::shared_ptr<const permission_rules> rules, asker who,
                                                    std::string room, deadline limit) const
{
    answer out;
    out.who = std::move(who);
    for (;;)
    {
        out.given = rules->judge(out.who);
        if (out.given.what == permit::kind::ask_organisation)
        {
            auto told = co_await organisation_of(out.who.id, limit);
            if (!told)
                co_return std::move(told).error();
            out.who.organisation = std::move(*told);
        }
        else if (out.given.what == permit::kind::ask_moderator)
        {
            const auto told = co_await moderates(out.who.id, room, limit);
            if (!told)
                co_return told.error();
            out.who.moderator = *told;
        }
        else
            co_return out;
    }
}

awaitable<result<std::string>> admission::organisation_of(std::string person, deadline limit) const
{
    constexpr auto doing = "asking for a person's organisation";
    if (auto known = organisations_->find(person, now_()))
        co_return std::move(*known);
    if (person.empty())
        co_return error(errc::bad_input, doing).because("nobody tells who it is");
    auto told = co_await api_->get_person(person, limit);
    if (!told)
        co_return error(told.error()).during(doing);
    if (told->org_id.empty())
        co_return error(errc::bad_response, doing).because("the person has none");
    organisations_->learn(person, told->org_id, now_());
    co_return std::move(told->org_id);
}

awaitable<result<bool>> admission::moderates(std::string person, std::string room, deadline limit) const
{
    constexpr auto doing = "asking for the room's moderators";
    const std::string name = room + '|' + person;
    if (const auto known = moderators_->find(name, now_()))
        co_return *known;
    if (person.empty() || room.empty()) // the members of no room would be all rooms of the bot
        co_return error(errc::bad_input, doing).because("nobody tells who it is, or where");
    const auto members = co_await api_->list_memberships(room, limit);
    if (!members)
        co_return error(members.error()).during(doing);
    bool found = false;
    for (const webex::membership& m : *members)
    {
        if (m.person_id != person || (!m.room_id.empty() && m.room_id != room))
            continue;
        if (!m.is_moderator)
            co_return error(errc::bad_response, doing).because("the membership does not tell");
        found = *m.is_moderator;
    }
    moderators_->learn(name, found, now_());
    co_return found;
}

} // namespace postern::matching
