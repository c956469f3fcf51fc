#include "integration/company.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

// What was decided before a crash counts no more after it.
BOOST_AUTO_TEST_SUITE(guard_restart)

BOOST_AUTO_TEST_CASE(after_a_crash_what_waits_and_what_was_missed_is_judged_anew)
{
    const folder files;
    company them;
    const auto admitted_then = them.room({"alice", "bob", "bot"});
    const auto undecided_then = them.room({"alice", "bob", "bot"});
    const auto refused_now = them.room({"alice", "bob", "bot"});
    const auto refused_then = them.room({"alice", "carol", "bot"});
    const std::vector<std::string> policy{"--allow-org", "own"};
    const child::environment hurry{{"POSTERN_GUARD_AGAIN", "50ms"}};
    server first(them.webex, mode_under_test(), policy, hurry, files.path);
    first.ready();
    for (const auto& room : {admitted_then, undecided_then, refused_now})
    {
        them.ask(room);
        BOOST_TEST(them.answers(room, 1));
    }
    BOOST_TEST(refuses(first, them.ask(refused_then)));

    // Admitted, but not answered; not even decided.
    them.webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"status", 500}});
    const auto taken = them.ask(admitted_then);
    const auto taken_too = them.ask(refused_now);
    for (const auto& asked : {taken, taken_too})
        BOOST_TEST(eventually([&] { return verdict_of(first, asked).starts_with("admitted"); }),
                   first.process->log());
    them.webex.fault({{"method", "GET"},
                      {"path", "/v1/memberships"},
                      {"query", "roomId=" + undecided_then},
                      {"status", 403}});
    them.join(undecided_then, "auditor"); // of ours, but what is known of the room counts no more
    const auto undecided = them.ask(undecided_then);
    journal::selection waiting;
    waiting.room = undecided_then;
    waiting.verdict = verdict::undecided;
    BOOST_TEST(eventually([&] { return !stories(first, waiting).empty(); }), first.process->log());
    BOOST_TEST(
        (story_of(first, undecided).what.from != origin::recovery)); // it came in, behind the membership
    first.process->signal(SIGKILL);
    BOOST_TEST(first.process->exit_code().has_value());

    them.webex.heal();
    them.join(refused_now, "carol");
    them.leave(refused_then, "carol");
    const auto missed = them.ask(admitted_then);
    const auto missed_of_outsider = them.ask(refused_now, "carol");
    const auto missed_of_ours = them.ask(refused_now, "alice");
    const auto missed_then = them.ask(refused_then);

    server second(them.webex, mode_under_test(), policy, hurry, files.path);
    second.ready();
    BOOST_TEST(them.answers(admitted_then, 3));
    BOOST_TEST(them.answers(undecided_then, 2));
    BOOST_TEST(them.answers(refused_then, 1));
    for (const auto& asked : {taken_too, missed_of_outsider, missed_of_ours})
        BOOST_TEST(refuses(second, asked), verdict_of(second, asked));
    BOOST_TEST(nothing_waits(second), second.process->log());
    BOOST_TEST(them.said(refused_now).size() == 1u);
    BOOST_TEST(them.said(admitted_then).size() == 3u); // each once
    BOOST_TEST(them.said(undecided_then).size() == 2u);
    BOOST_TEST((story_of(second, missed).what.from == origin::recovery));
    BOOST_TEST((story_of(second, missed_then).what.from == origin::recovery));
    second.stop();
}

BOOST_AUTO_TEST_SUITE_END()
