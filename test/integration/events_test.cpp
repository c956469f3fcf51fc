#include "integration/cloud.hpp"
#include "integration/processes.hpp"
#include "integration/talk.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern;
using namespace postern::test;

namespace {

ending events(const server& gateway, std::vector<std::string> what)
{
    what.insert(what.begin(), "events");
    what.insert(what.end(), {"--data-dir", gateway.data_dir});
    return run_to_end(std::move(what));
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

// The story of the one event that has this name.
json::object story_of(const server& gateway, const std::string& name)
{
    const auto shown = events(gateway, {"show", name});
    BOOST_TEST_REQUIRE(shown.code == 0, shown.log);
    return json::parse(shown.out).as_object();
}

json::object delivery_in(const json::object& story)
{
    const auto& deliveries = story.at("deliveries").as_array();
    BOOST_TEST_REQUIRE(deliveries.size() == 1u);
    return deliveries[0].as_object();
}

std::string state_of(const server& gateway, const std::string& name)
{
    return text_or(delivery_in(story_of(gateway, name)), "state");
}

bool becomes(const server& gateway, const std::string& name, const std::string& state)
{
    return eventually([&] { return state_of(gateway, name) == state; }, std::chrono::seconds(10));
}

std::ptrdiff_t times_said(talk& people, std::size_t room, const std::string& text)
{
    const auto all = people.said_in(room);
    return std::count(all.begin(), all.end(), text);
}

} // namespace

// What came in and what became of it, asked of a journal from outside.
BOOST_AUTO_TEST_SUITE(events_command)

BOOST_AUTO_TEST_CASE(a_running_postern_s_events_are_listed_shown_and_explained)
{
    cloud webex;
    talk people(webex, 1, 1);
    server gateway(webex, mode_under_test());
    gateway.ready();
    const auto asked = people.ask_in(0);
    people.ask_in(1);
    people.check_answers();
    BOOST_TEST(becomes(gateway, asked, "done"));

    const auto table = events(gateway, {"list"});
    BOOST_TEST(table.code == 0, table.log);
    BOOST_TEST(has(table.out, "messages:created"), table.out);
    BOOST_TEST(has(table.out, mode_under_test()), table.out);
    BOOST_TEST(has(table.out, "/echo"), table.out);
    const auto listed = json::parse(events(gateway, {"list", "--kind", "messages:created", "--json"}).out);
    BOOST_TEST(listed.as_array().size() == 2u);
    const auto of_room =
        json::parse(events(gateway, {"list", "--room", people.id_of(1), "--json"}).out).as_array();
    BOOST_TEST(!of_room.empty());
    for (const auto& one : of_room)
        BOOST_TEST(text_or(one.as_object(), "room") == people.id_of(1));
    BOOST_TEST(events(gateway, {"list", "--state", "dead"}).code == 1);
    const auto let_through = events(gateway, {"list", "--verdict", "admitted", "--json"});
    BOOST_TEST(json::parse(let_through.out).as_array().size() >= 2u, let_through.out);
    BOOST_TEST(events(gateway, {"list", "--verdict", "refused"}).code == 1);
    BOOST_TEST(events(gateway, {"list", "--verdict", "perhaps"}).code == 2);

    const auto story = story_of(gateway, asked);
    BOOST_TEST(text_or(story, "data_id") == asked);
    BOOST_TEST(text_or(story, "origin") == mode_under_test());
    BOOST_TEST(has(text_or(story, "body"), "\"data\""));
    const auto delivery = delivery_in(story);
    const auto& attempts = delivery.at("attempts").as_array();
    BOOST_TEST_REQUIRE(attempts.size() == 1u);
    BOOST_TEST(text_or(attempts[0].at("guard").as_object(), "verdict") == "admitted");
    const auto& replies = delivery.at("replies").as_array();
    BOOST_TEST_REQUIRE(replies.size() == 1u);

    const auto why = events(gateway, {"why", asked});
    BOOST_TEST(why.code == 0, why.log);
    BOOST_TEST(has(why.out, "came by " + mode_under_test()), why.out);
    BOOST_TEST(has(why.out, "done by /echo"), why.out);
    BOOST_TEST(has(why.out, "the guard: admitted: "), why.out);
    // The same by its number, and by what was answered.
    const auto number = std::to_string(story.at("record").to_number<int>());
    const auto reply = text_or(replies[0].as_object(), "id");
    BOOST_TEST(!reply.empty());
    BOOST_TEST(events(gateway, {"why", number}).out == why.out);
    BOOST_TEST(events(gateway, {"why", reply}).out == why.out);
    const auto in_json = json::parse(events(gateway, {"why", number, "--json"}).out);
    BOOST_TEST(text_or(in_json.as_object(), "data_id") == asked);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_said_to_be)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    for (const auto* verb : {"show", "why", "replay", "retry"})
        BOOST_TEST_CONTEXT(verb)
        {
            const auto none = events(gateway, {verb, "4711"});
            BOOST_TEST(none.code == 1, none.log);
            BOOST_TEST(has(none.log, "4711"), none.log);
            BOOST_TEST(none.out.empty());
        }
    BOOST_TEST(events(gateway, {"dead"}).code == 1);
    gateway.stop();
    const auto nowhere = run_to_end({"events", "list", "--data-dir", gateway.data_dir + "/nowhere"});
    BOOST_TEST(nowhere.code != 0);
    BOOST_TEST(has(nowhere.log, "journal"), nowhere.log);
}

BOOST_AUTO_TEST_CASE(what_was_given_up_goes_on_when_it_is_retried)
{
    cloud webex;
    talk people(webex, 1, 0);
    server gateway(webex, mode_under_test());
    gateway.ready();
    webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"status", 400}});
    const auto asked = people.ask_in(0);
    BOOST_TEST(eventually([&] { return events(gateway, {"dead"}).code == 0; }), gateway.process->log());
    const auto dead = json::parse(events(gateway, {"dead", "--json"}).out).as_array();
    BOOST_TEST_REQUIRE(dead.size() == 1u);
    BOOST_TEST(text_or(dead[0].as_object(), "data_id") == asked);
    BOOST_TEST(has(events(gateway, {"why", asked}).out, "postern events retry"));

    webex.heal();
    const auto retried = events(gateway, {"retry", asked, "--json"});
    BOOST_TEST(retried.code == 0, retried.log);
    const auto said = json::parse(retried.out).as_object();
    BOOST_TEST(said.at("asked").to_number<int>() == 1);
    BOOST_TEST(said.at("running").as_bool());
    people.check_answers();
    BOOST_TEST(becomes(gateway, asked, "done"));
    BOOST_TEST(delivery_in(story_of(gateway, asked)).at("attempts").as_array().size() == 2u);
    BOOST_TEST(events(gateway, {"retry", asked}).code == 1); // it is not dead any more
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_replay_makes_the_bot_answer_again)
{
    cloud webex;
    talk people(webex, 1, 0);
    server first(webex, mode_under_test());
    first.ready();
    const auto asked = people.ask_in(0);
    people.check_answers();
    BOOST_TEST(becomes(first, asked, "done"));
    const auto replayed = events(first, {"replay", asked});
    BOOST_TEST(replayed.code == 0, replayed.log);
    BOOST_TEST(replayed.out == "replay of 1 delivery asked for\n");
    BOOST_TEST(eventually([&] { return times_said(people, 0, "number 1") == 2; }), first.process->log());
    BOOST_TEST(eventually([&] { return has(first.process->log(), "replay"); }), first.process->log());
    first.stop();

    // With nobody to do it, it waits for the next start.
    const auto later = events(first, {"replay", asked});
    BOOST_TEST(has(later.out, "next start"), later.out);
    const auto why = events(first, {"why", asked});
    BOOST_TEST(has(why.out, "was asked for"), why.out);
    server second(webex, mode_under_test(), {}, {}, first.data_dir);
    second.ready();
    BOOST_TEST(eventually([&] { return times_said(people, 0, "number 1") == 3; }), second.process->log());
    people.ask(1);
    BOOST_TEST(eventually([&] { return times_said(people, 0, "number 2") == 1; }), second.process->log());
    BOOST_TEST(times_said(people, 0, "number 1") == 3); // and that is all
    second.stop();
}

BOOST_AUTO_TEST_CASE(a_message_of_an_outage_says_that_it_came_by_recovery_and_what_it_did)
{
    cloud webex;
    talk people(webex, 1, 0);
    server gateway(webex, "websocket");
    gateway.ready();
    webex.set("outage", {{"on", true}});
    BOOST_TEST(gateway.process->log_line("channel lost").has_value(), gateway.process->log());
    const auto asked = people.ask_in(0);
    webex.set("outage", {{"on", false}});
    people.check_answers();
    BOOST_TEST(becomes(gateway, asked, "done"));
    const auto why = events(gateway, {"why", asked});
    BOOST_TEST_MESSAGE(why.out);
    BOOST_TEST(has(why.out, "came by recovery"), why.out);
    BOOST_TEST(has(why.out, "done by /echo"), why.out);
    BOOST_TEST(has(why.out, "reply 1 at"), why.out);
    gateway.stop();
    BOOST_TEST(events(gateway, {"why", asked}).out == why.out); // stopped, it tells the same
}

BOOST_AUTO_TEST_SUITE_END()
