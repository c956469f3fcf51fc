#include "integration/company.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace postern;
using namespace postern::test;

namespace {

// Rooms by what is special about them, for a question in each.
class questions
{
public:
    explicit questions(company& there) : them_(there) {}

    void in(const std::string& what, const std::string& room, const std::string& who = "alice")
    {
        asked[what] = {room, who, false, {}};
    }
    void directly(const std::string& what, const std::string& who)
    {
        asked[what] = {them_.ask_directly(who).room, who, true, {}}; // before anybody listens: opens the room
    }

    void ask()
    {
        for (auto& [what, one] : asked)
            one.message = one.direct ? them_.ask_directly(one.who).message : them_.ask(one.room, one.who);
    }

    void are_answered_by(const server& gateway) const
    {
        for (const auto& [what, one] : asked)
        {
            const bool once = them_.answers(one.room, 1, one.who);
            BOOST_TEST(once, what << '\n' << gateway.process->log());
        }
    }
    void are_refused_by(const server& gateway) const
    {
        for (const auto& [what, one] : asked)
            BOOST_TEST_CONTEXT(what)
            {
                BOOST_TEST(refuses(gateway, one.message));
                BOOST_TEST(them_.said(one.room, one.who).empty());
            }
    }

    struct question
    {
        std::string room, who;
        bool direct;
        std::string message;
    };
    std::map<std::string, question> asked;

private:
    company& them_;
};

} // namespace

// Whose rooms the bot answers in.
BOOST_AUTO_TEST_SUITE(guard_who)

BOOST_AUTO_TEST_CASE(every_member_must_belong_to_some_allowed_organisation)
{
    company them;
    questions ours(them), theirs(them);
    ours.in("the first organisation only", them.room({"alice", "bob", "bot"}));
    ours.in("the second organisation only", them.room({"paula", "peter", "bot"}), "paula");
    ours.in("both", them.room({"alice", "paula", "bot"}));
    ours.in("our own compliance account", them.room({"alice", "auditor", "bot"}));
    ours.in("250 of ours", them.crowd(250));
    ours.directly("one of ours, directly", "peter");
    theirs.in("an outsider", them.room({"alice", "carol", "bot"}));
    theirs.in("an outsider who asks himself", them.room({"alice", "carol", "bot"}), "carol");
    theirs.in("an outsider between both", them.room({"alice", "paula", "carol", "bot"}));
    theirs.in("an outsider on the third page", them.crowd(250, "carol", 240));
    theirs.in("a guest", them.room({"alice", "gina", "bot"}));
    theirs.in("somebody else's bot", them.room({"alice", "robot", "bot"}));
    theirs.in("somebody else's compliance account", them.room({"alice", "watcher", "bot"}));
    theirs.directly("an outsider, directly", "carol");

    server gateway(them.webex, mode_under_test(),
                   {"--allow-org", them.organisation("alice") + "," + them.organisation("paula")});
    gateway.ready();
    ours.ask();
    theirs.ask();
    theirs.are_refused_by(gateway);
    ours.are_answered_by(gateway);

    const auto& on_page_three = theirs.asked.at("an outsider on the third page").message;
    BOOST_TEST(verdict_of(gateway, on_page_three)
                   .starts_with("refused: 1 of 250 members does not belong here: carol@elsewhere.example"),
               verdict_of(gateway, on_page_three));
    BOOST_TEST(verdict_of(gateway, ours.asked.at("both").message) ==
               "admitted: all 3 members belong to allowed organisations");
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(guests_bots_and_compliance_accounts_pass_once_they_are_allowed)
{
    company them;
    const auto always = them.room({"alice", "carol", "bot"});
    questions ours(them), theirs(them);
    ours.in("our own organisation", them.room({"alice", "bob", "bot"}));
    ours.in("an allowed guest", them.room({"alice", "gina", "bot"}));
    ours.in("somebody else's bot", them.room({"alice", "robot", "bot"}));
    ours.in("somebody else's compliance account", them.room({"alice", "watcher", "bot"}));
    ours.in("people of an allowed domain", them.room({"alice", "paula", "bot"}));
    ours.in("a room that is always allowed", always, "carol");
    theirs.in("an outsider all the same", them.room({"alice", "robot", "gina", "carol", "bot"}));

    server gateway(them.webex, mode_under_test(),
                   {"--allow-org", "own", "--allow-domain", "partner.example", "--allow-person",
                    "gina@mail.example", "--allow-bots", "--allow-monitors", "--allow-room", always});
    gateway.ready();
    ours.ask();
    theirs.ask();
    theirs.are_refused_by(gateway);
    ours.are_answered_by(gateway);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_room_with_an_outsider_is_not_even_greeted)
{
    company them;
    const auto theirs = them.room({"alice", "carol"});
    const auto ours = them.room({"alice", "bob"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own"});
    gateway.ready();
    them.join(theirs, "bot");
    them.join(ours, "bot");
    BOOST_TEST(eventually([&] { return them.said(ours).size() == 1; }), gateway.process->log());
    const auto asked = them.ask(theirs); // behind it in the lane
    BOOST_TEST(refuses(gateway, asked), verdict_of(gateway, asked));
    BOOST_TEST(them.said(theirs).empty());
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(of_senders_only_who_asks_is_looked_at)
{
    company them;
    const auto room = them.room({"alice", "carol", "gina", "bot"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own"},
                   {{"POSTERN_GUARD_CHECK", "sender"}});
    gateway.ready();
    for (const auto* stranger : {"carol", "gina"})
    {
        const auto asked = them.ask(room, stranger);
        BOOST_TEST(refuses(gateway, asked), verdict_of(gateway, asked));
    }
    them.ask(room, "alice");
    BOOST_TEST(them.answers(room, 1));
    BOOST_TEST(them.walks() == 0u);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(without_a_policy_every_room_is_answered_and_the_log_warns_once)
{
    company them;
    questions all(them);
    all.in("outsiders", them.room({"alice", "carol", "gina", "bot"}), "carol");
    all.directly("a guest, directly", "gina");

    server gateway(them.webex, mode_under_test());
    gateway.ready();
    all.ask();
    all.are_answered_by(gateway);
    gateway.stop();
    BOOST_TEST(count_of("no membership policy", gateway.process->log()) == 1u, gateway.process->log());
    BOOST_TEST(them.walks() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
