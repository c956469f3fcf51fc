#include "integration/company.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern;
using namespace postern::test;

namespace {

std::vector<std::string> sorted(std::vector<std::string> all)
{
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

// What is done about a refused room, besides not answering there.
BOOST_AUTO_TEST_SUITE(guard_actions)

BOOST_AUTO_TEST_CASE(a_refused_room_is_told_once_an_hour)
{
    company them;
    const auto bad = them.rooms(2, {"alice", "carol", "bot"});
    const auto good = them.room({"alice", "bob", "bot"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own", "--guard-action", "tell"},
                   {{"POSTERN_GUARD_WORDS", "Not with strangers here."}});
    gateway.ready();
    for (int round = 0; round < 5; ++round)
        for (const auto& room : bad)
            them.ask(room, round % 2 ? "carol" : "alice");
    them.ask(good);
    BOOST_TEST(them.answers(good, 1));
    for (const auto& room : bad)
        BOOST_TEST(eventually([&] { return !them.said(room).empty(); }), gateway.process->log());
    BOOST_TEST(nothing_waits(gateway));
    gateway.stop(); // what it was still to say has been said or never will be
    const std::vector<std::string> once{"Not with strangers here."};
    for (const auto& room : bad)
        BOOST_TEST(them.said(room) == once, boost::test_tools::per_element());
    BOOST_TEST(them.said(good).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_bot_leaves_exactly_the_refused_room)
{
    company them;
    const auto bad = them.room({"alice", "carol", "bot"});
    const auto other_bad = them.room({"alice", "gina", "bot"}); // where nobody says anything
    const auto good = them.room({"alice", "bob", "bot"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own", "--guard-action", "leave"});
    gateway.ready();
    them.ask(good);
    for (int n = 0; n < 10; ++n) // some of them wait behind the first when the bot leaves
        them.ask(bad, n % 2 ? "carol" : "alice");
    BOOST_TEST(them.answers(good, 1));
    BOOST_TEST(eventually([&] { return !them.is_in(bad, "bot"); }), gateway.process->log());
    BOOST_TEST(gateway.process->log_line("action=left").has_value(), gateway.process->log());
    them.ask(good);
    BOOST_TEST(them.answers(good, 2));
    BOOST_TEST(nothing_waits(gateway)); // that it has left is no question any more
    BOOST_TEST(sorted(them.members(bad)) == sorted({"alice", "carol"}), boost::test_tools::per_element());
    BOOST_TEST(them.members(good).size() == 3u);
    BOOST_TEST(them.members(other_bad).size() == 3u);
    BOOST_TEST(them.said(bad).empty());
    journal::selection of_bad;
    of_bad.room = bad;
    for (const auto& one : stories(gateway, of_bad))
        BOOST_TEST(refuses(gateway, std::to_string(one.record)), journal::tell(one));

    them.join(bad, "bot"); // somebody brings it back
    BOOST_TEST(eventually([&] { return count_of("action=left", gateway.process->log()) == 2; }),
               gateway.process->log());
    BOOST_TEST(!them.is_in(bad, "bot"));
    BOOST_TEST(nothing_waits(gateway));
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(outsiders_are_removed_where_the_bot_is_moderator)
{
    company them;
    const auto moderated = them.room({"alice", "bob", "carol", "gina", "bot"}, {"bot"});
    const auto of_others = them.room({"alice", "carol", "bot"}, {"alice"});
    const auto good = them.room({"alice", "bob", "bot"}, {"bot"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own", "--guard-action", "remove"});
    gateway.ready();
    them.ask(moderated);
    them.ask(of_others);
    BOOST_TEST(eventually([&] { return them.members(moderated).size() == 3u; }), gateway.process->log());
    BOOST_TEST(eventually([&] { return !them.is_in(of_others, "bot"); }), gateway.process->log());
    BOOST_TEST(sorted(them.members(moderated)) == sorted({"alice", "bob", "bot"}),
               boost::test_tools::per_element());
    BOOST_TEST(sorted(them.members(of_others)) == sorted({"alice", "carol"}),
               boost::test_tools::per_element());
    BOOST_TEST(gateway.process->log_line("removed 2 outsiders").has_value(), gateway.process->log());
    them.ask(good);
    them.ask(moderated); // nobody is in it any more who does not belong there
    BOOST_TEST(them.answers(good, 1));
    BOOST_TEST(them.answers(moderated, 1));
    BOOST_TEST(them.members(good).size() == 3u);

    them.join(moderated, "carol"); // and is removed again, at once
    BOOST_TEST(gateway.process->log_line("removed 1 outsider").has_value(), gateway.process->log());
    BOOST_TEST(!them.is_in(moderated, "carol"));
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
