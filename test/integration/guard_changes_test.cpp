#include "integration/company.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

using namespace postern;
using namespace postern::test;

namespace {

bool webhook_mode() { return mode_under_test() == "webhook"; }

std::vector<journal::story> stories_of(const server& gateway, const std::string& kind,
                                       const std::string& room = {})
{
    journal::selection which;
    which.kind = kind;
    which.room = room;
    which.most = 1000;
    return stories(gateway, which);
}

std::map<std::string, journal::story> by_id(std::vector<journal::story> all)
{
    std::map<std::string, journal::story> found;
    for (auto& one : all)
    {
        auto id = one.what.data_id;
        found.emplace(std::move(id), std::move(one));
    }
    return found;
}

// A webhook's delivery may be overtaken by another webhook's; a websocket is one line.
void wait_until_told(const server& gateway, const std::string& kind, const std::string& room)
{
    if (webhook_mode())
        BOOST_TEST(eventually([&] { return !stories_of(gateway, kind, room).empty(); }),
                   gateway.process->log());
}

// An outsider comes into each of the rooms, asks in every second one in the same instant, and at once one of
// ours asks as well.
class invasion
{
public:
    company them;
    const std::vector<std::string> rooms;
    server gateway;

    explicit invasion(std::size_t count)
        : rooms(them.rooms(count, {"alice", "bob", "bot"})),
          gateway(them.webex, mode_under_test(), {"--allow-org", "own"}, {{"POSTERN_GUARD_AGAIN", "50ms"}})
    {
        gateway.ready();
        for (const auto& room : rooms)
            them.ask(room);
        for (const auto& room : rooms) // looked at, and remembered as ours
            BOOST_TEST(them.answers(room, 1));
    }

    // The webhook of memberships has more to tell than that of messages, and falls behind.
    void hold_up_memberships()
    {
        const auto noisy = them.room({"alice", "bob", "bot"});
        for (int n = 0; n < 20; ++n)
        {
            them.join(noisy, "auditor");
            them.leave(noisy, "auditor");
        }
    }

    void strike()
    {
        for (std::size_t i = 0; i < rooms.size(); ++i)
        {
            if (i % 2 == 0)
                by_outsider.emplace(i, them.join_and_ask(rooms[i], "carol"));
            else
                them.join(rooms[i], "carol");
            by_ours.push_back(them.ask(rooms[i], "alice"));
        }
        const auto all_came = [&] {
            const auto told = by_id(stories_of(gateway, "messages:created"));
            const auto came = [&](const std::string& id) { return told.contains(id); };
            return std::all_of(by_outsider.begin(), by_outsider.end(),
                               [&](const auto& one) { return came(one.second); }) &&
                   std::all_of(by_ours.begin(), by_ours.end(), came) && joined().size() == rooms.size();
        };
        BOOST_TEST(eventually(all_came), gateway.process->log());
        BOOST_TEST(nothing_waits(gateway));
    }

    // What the bot promises: what the outsider says is never answered, whatever is told first, and neither is
    // anything that came in after his membership. How many of ours came in before it, and were answered?
    std::size_t check()
    {
        const auto memberships = joined();
        const auto messages = by_id(stories_of(gateway, "messages:created"));

        std::size_t answered_before = 0;
        for (std::size_t i = 0; i < rooms.size(); ++i)
        {
            const auto& ours = messages.at(by_ours[i]);
            if (const auto hers = by_outsider.find(i); hers != by_outsider.end())
                BOOST_TEST((last_verdict(messages.at(hers->second)) == verdict::refused),
                           journal::tell(messages.at(hers->second)));
            const bool answered = last_verdict(ours) == verdict::admitted;
            if (answered)
                BOOST_TEST(ours.record < memberships.at(rooms[i]), journal::tell(ours));
            answered_before += answered ? 1 : 0;
            BOOST_TEST(them.said(rooms[i]).size() == 1u + (answered ? 1 : 0));
        }
        return answered_before;
    }

private:
    std::map<std::string, record_id> joined()
    {
        std::map<std::string, record_id> all;
        for (const auto& one : stories_of(gateway, "memberships:created"))
            if (std::find(rooms.begin(), rooms.end(), one.what.room) != rooms.end())
                all[one.what.room] = one.record;
        return all;
    }

    static verdict last_verdict(const journal::story& one)
    {
        BOOST_TEST_REQUIRE(one.deliveries.size() == 1u);
        const auto* said = journal::last_judgement(one.deliveries.front());
        BOOST_TEST_REQUIRE(said, journal::tell(one));
        return said->what;
    }

    std::map<std::size_t, std::string> by_outsider; // by room
    std::vector<std::string> by_ours;
};

} // namespace

// Who comes and goes while the bot is in the room.
BOOST_AUTO_TEST_SUITE(guard_changes)

BOOST_AUTO_TEST_CASE(an_outsider_silences_the_bot_until_he_leaves)
{
    company them;
    const auto room = them.room({"alice", "bob", "bot"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own"});
    gateway.ready();
    them.ask(room);
    BOOST_TEST(them.answers(room, 1), gateway.process->log());

    them.join(room, "carol");
    wait_until_told(gateway, "memberships:created", room);
    for (const auto* who : {"alice", "carol", "bob"})
    {
        const auto asked = them.ask(room, who);
        BOOST_TEST(refuses(gateway, asked), verdict_of(gateway, asked));
    }
    BOOST_TEST(them.said(room).size() == 1u);

    them.leave(room, "carol");
    wait_until_told(gateway, "memberships:deleted", room);
    them.ask(room);
    BOOST_TEST(them.answers(room, 2));
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(an_outsider_who_comes_in_the_same_instant_is_never_answered)
{
    invasion one(50);
    one.strike();
    const auto early = one.check();
    BOOST_TEST_MESSAGE("told before the membership, and answered: " << early << " of 50");
    if (!webhook_mode())
        BOOST_TEST(early == 0u); // a websocket keeps the order
    one.gateway.stop();
}

BOOST_AUTO_TEST_CASE(nor_is_he_when_the_news_come_in_another_order)
{
    invasion one(15);
    if (webhook_mode())
    {
        one.them.webex.set("deliveries", {{"reorder", true}, {"delayMs", 20}});
        one.hold_up_memberships();
    }
    else
        one.them.webex.set("mercury", {{"reorder", true}});
    one.strike();
    const auto early = one.check();
    BOOST_TEST_MESSAGE("told before the membership, and answered: " << early << " of 15");
    one.gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
