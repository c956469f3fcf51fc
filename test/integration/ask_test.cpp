#include "integration/bot_run.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

// Conversations, and what is remembered between them.
BOOST_AUTO_TEST_SUITE(ask)

BOOST_AUTO_TEST_CASE(a_question_waits_for_its_person_while_others_talk)
{
    bot_run run;
    const auto room = run.room(), other = run.room();
    run.start();
    BOOST_TEST(run.first(room, "/trip") == "Where to?");
    BOOST_TEST(run.first(room, "/say meanwhile", "bob") == "meanwhile");
    BOOST_TEST(run.first(room, "/trip", "bob") == "Where to?");
    BOOST_TEST(run.first(other, "/say elsewhere") == "elsewhere");
    BOOST_TEST(run.first(room, "Rome") == "When?");
    BOOST_TEST(run.first(room, "Oslo", "bob") == "When?");
    BOOST_TEST(run.first(room, "in May", "bob") == "bob@example.com goes to Oslo in May");
    BOOST_TEST(run.first(room, "in June") == "alice@example.com goes to Rome in June");
    run.stop();
}

BOOST_AUTO_TEST_CASE(a_command_instead_of_the_answer_and_silence_end_a_question)
{
    bot_run run;
    const auto room = run.room();
    run.start();
    BOOST_TEST(run.first(room, "/trip") == "Where to?");
    const auto instead = run.replies(room, run.say(room, "/say never mind"), 2);
    std::vector<std::string> texts{instead[0].text, instead[1].text};
    std::sort(texts.begin(), texts.end());
    BOOST_TEST(texts[0] == "never mind");
    BOOST_TEST(texts[1].starts_with("no trip: "), texts[1]);

    const auto asked = run.say(room, "/quick");
    const auto said = run.replies(room, asked, 2);
    BOOST_TEST(said[0].text == "Now?");
    BOOST_TEST(said[1].text == "too late");
    BOOST_TEST(run.first(room, "/trip") == "Where to?");
    run.stop(); // with a question open
}

BOOST_AUTO_TEST_CASE(what_a_bot_remembers_of_a_room_outlives_its_being_killed)
{
    bot_run run;
    const auto room = run.room(), other = run.room();
    run.start();
    BOOST_TEST(run.first(room, "/count") == "count 1");
    BOOST_TEST(run.first(room, "/count", "bob") == "count 2");
    BOOST_TEST(run.first(other, "/count") == "count 1");
    BOOST_TEST(run.first(room, "/trip") == "Where to?");
    run.rest(); // else it might be asked once more
    run.kill();
    run.start();
    BOOST_TEST(run.first(room, "/count") == "count 3");
    BOOST_TEST(run.first(other, "/count") == "count 2");
    const auto forgotten = run.first(room, "Rome"); // the question died with the process
    BOOST_TEST(forgotten.starts_with("I did not understand that."), forgotten);
    run.stop();
}

BOOST_AUTO_TEST_SUITE_END()
