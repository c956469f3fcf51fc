#include "integration/cloud.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace postern;
using namespace postern::test;

// One event all the way, in every mode: somebody writes, the bot answers. The mode comes from the command
// line, so that each mode is its own line of ctest.
BOOST_AUTO_TEST_SUITE(echo)

BOOST_AUTO_TEST_CASE(a_direct_message_is_answered_once)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room = webex.direct_room("alice");
    const auto before = webex.messages_of_bot("alice", room);
    const auto asked = webex.post("alice", room, "/echo hi there");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "hi there");
    const auto again = webex.post("alice", room, "/ECHO second");
    BOOST_TEST(webex.reply_after("alice", room, again) == "second");
    BOOST_TEST(webex.messages_of_bot("alice", room) ==
               before + 2); // its own messages made it say nothing more
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_mention_in_a_group_is_answered_and_its_name_put_aside)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room = webex.group_room("bob", "Night shift");
    const auto unheard = webex.post("bob", room, "/echo nobody asked the bot");
    const auto asked = webex.post("bob", room, "<@personEmail:postern@webex.bot|Postern> /echo over here");
    BOOST_TEST(webex.reply_after("bob", room, asked) == "over here");
    BOOST_TEST(webex.messages_of_bot("bob", room) == 1u);
    BOOST_TEST(!unheard.empty());
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(what_is_no_command_gets_help)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room = webex.direct_room("alice");
    const auto mistyped = webex.post("alice", room, "/echoes of nothing");
    const auto hint = webex.reply_after("alice", room, mistyped);
    BOOST_TEST(hint.find("Did you mean /echo?") != hint.npos, hint);
    const auto asked = webex.post("alice", room, "what is this");
    const auto help = webex.reply_after("alice", room, asked);
    BOOST_TEST(help.find("/echo") != help.npos, help);
    BOOST_TEST(help.find("/help") != help.npos, help);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_new_room_is_greeted)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room =
        webex.http.json_call("POST", webex.api("/rooms"), webex.token("alice"), {{"title", "New"}});
    const auto id = text_or(room.as_object(), "id");
    const auto first = webex.post("alice", id, "who is here?");
    webex.http.json_call("POST", webex.api("/memberships"), webex.token("alice"),
                         {{"roomId", id}, {"personEmail", "postern@webex.bot"}});
    const auto said = webex.reply_after("alice", id, first);
    BOOST_TEST(said.find("Hello") != said.npos, said);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(every_message_not_acted_on_has_its_reason_in_the_log)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room = webex.group_room("alice", "Night shift");
    webex.http.json_call("POST", webex.api("/memberships"), webex.token("alice"),
                         {{"roomId", room}, {"personEmail", "carol@elsewhere.example"}});
    BOOST_TEST(gateway.process->log_line("somebody else joined the room").has_value(),
               gateway.process->log());
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(no_secret_and_no_text_is_in_the_log)
{
    cloud webex;
    server gateway(webex, mode_under_test(), {"--log-level", "debug"});
    gateway.ready();
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo xyzzy-plugh");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "xyzzy-plugh");
    gateway.stop();
    const auto log = gateway.process->log();
    BOOST_TEST(log.find("xyzzy") == log.npos);
    BOOST_TEST(log.find(webex.token("bot")) == log.npos);
}

BOOST_AUTO_TEST_CASE(the_same_notification_twice_is_one_reaction)
{
    cloud webex;
    server gateway(webex, mode_under_test(), {"--log-level", "debug"});
    gateway.ready();
    webex.set(mode_under_test() == "webhook" ? "deliveries" : "mercury", {{"duplicate", true}});
    const auto room = webex.direct_room("alice");
    const auto before = webex.messages_of_bot("alice", room);
    const auto asked = webex.post("alice", room, "/echo once");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "once");
    BOOST_TEST(gateway.process->log_line("repeated").has_value(), gateway.process->log()); // it came twice
    const auto next = webex.post("alice", room, "/echo and on");
    BOOST_TEST(webex.reply_after("alice", room, next) == "and on");
    BOOST_TEST(webex.messages_of_bot("alice", room) == before + 2);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(an_outage_of_the_api_delays_an_answer_and_does_not_lose_it)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room = webex.direct_room("alice");
    webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"status", 503}, {"remaining", 2}});
    const auto asked = webex.post("alice", room, "/echo late");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "late");
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_reply_whose_answer_was_lost_is_not_sent_twice)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto room = webex.direct_room("alice");
    const auto before = webex.messages_of_bot("alice", room);
    // Posted, but the connection dies before the answer: a repetition would be seen by everybody in the room.
    webex.fault({{"method", "POST"},
                 {"path", "/v1/messages"},
                 {"drop", true},
                 {"afterEffect", true},
                 {"skip", 1},
                 {"remaining", 1}});
    const auto asked = webex.post("alice", room, "/echo once");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "once");
    const auto faults = webex.http.json_call("GET", webex.control("/faults"));
    BOOST_TEST(faults.as_object().at("items").as_array().empty()); // it did happen
    const auto next = webex.post("alice", room, "/echo still here");
    BOOST_TEST(webex.reply_after("alice", room, next) == "still here");
    BOOST_TEST(webex.messages_of_bot("alice", room) == before + 2);
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
