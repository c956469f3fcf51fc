#include "integration/company.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

// Rooms that the bot may answer in, each with trouble of its own when its members are asked for, for ever.
class troubles
{
public:
    explicit troubles(company& there) : them(there) {}

    struct troubled_room
    {
        std::string id;
        std::string words; // of the reason
        std::string asked{};
    };
    std::vector<troubled_room> rooms;

    void put(json::object fault, std::string words)
    {
        put(them.room({"alice", "bob", "bot"}), std::move(fault), std::move(words));
    }
    void put_most()
    {
        put({{"status", 500}}, "500");
        put({{"status", 403}}, "403");
        put({{"drop", true}}, "connection");
        put({{"delayMs", 60'000}}, "time");
        put({{"truncateAfter", 300}}, "looking at the members");
        put({{"status", 200}, {"contentType", "application/json"}, {"body", R"({"items": [{"id")"}}, "JSON");
        put({{"status", 200}, {"contentType", "application/json"}, {"body", R"({"items": []})"}},
            "no member at all");
        put({{"status", 200}, {"contentType", "text/html"}, {"body", "<html>busy</html>"}},
            "looking at the members");
        // All pages but the first.
        them.webex.fault(
            {{"method", "GET"}, {"path", "/v1/memberships"}, {"query", "cursor="}, {"status", 500}});
        rooms.push_back({them.crowd(150), "500"});
        // A member whose organisation is not told.
        them.webex.set("quirks", {{"membershipsWithoutOrganisation", "peter"}});
        rooms.push_back({them.room({"alice", "peter", "bot"}), "peter@partner.example"});
    }

    void ask()
    {
        for (auto& room : rooms)
            room.asked = them.ask(room.id);
    }
    // Tried more than once, and in vain.
    void are_tried(const server& gateway)
    {
        for (const auto& room : rooms)
            BOOST_TEST(eventually([&] { return delivery_of(gateway, room.asked).attempts.size() >= 2; }, 20s),
                       room.words << '\n'
                                  << verdict_of(gateway, room.asked));
    }
    void say_why(const server& gateway, const std::string& state)
    {
        for (const auto& room : rooms)
            BOOST_TEST_CONTEXT(room.words)
            {
                const auto why = run_to_end({"events", "why", room.asked, "--data-dir", gateway.data_dir});
                BOOST_TEST(why.code == 0, why.log);
                BOOST_TEST(why.out.find("bot: " + state) != std::string::npos, why.out);
                BOOST_TEST(why.out.find("the guard: undecided: ") != std::string::npos, why.out);
                const auto verdict = verdict_of(gateway, room.asked);
                BOOST_TEST(verdict.starts_with("undecided: "), verdict);
                BOOST_TEST(verdict.find(room.words) != std::string::npos, verdict);
                BOOST_TEST(them.said(room.id).empty());
            }
        const auto listed = run_to_end({"events", "list", "--state", state, "--verdict", "undecided",
                                        "--json", "--data-dir", gateway.data_dir});
        BOOST_TEST_REQUIRE(listed.code == 0, listed.log);
        BOOST_TEST(json::parse(listed.out).as_array().size() == rooms.size());
    }
    void end()
    {
        them.webex.heal();
        them.webex.set("rate", {});
        them.webex.set("quirks", {});
    }
    void are_answered_once(const server& gateway)
    {
        for (const auto& room : rooms)
            BOOST_TEST(them.answers(room.id, 1), room.words << '\n' << verdict_of(gateway, room.asked));
        BOOST_TEST(nothing_waits(gateway));
        for (const auto& room : rooms)
            BOOST_TEST_CONTEXT(room.words)
            {
                BOOST_TEST(them.said(room.id).size() == 1u);
                BOOST_TEST(verdict_of(gateway, room.asked).starts_with("admitted: "));
            }
    }

private:
    void put(std::string id, json::object fault, std::string words)
    {
        fault["method"] = "GET";
        fault["path"] = "/v1/memberships";
        fault["query"] = "roomId=" + id;
        them.webex.fault(std::move(fault));
        rooms.push_back({std::move(id), std::move(words)});
    }

    company& them;
};

child::environment in_a_hurry(const std::string& give_up_after = "1h")
{
    return {{"POSTERN_GUARD_AGAIN", "50ms"},
            {"POSTERN_GUARD_TIMEOUT", "400ms"},
            {"POSTERN_BOT_GIVE_UP_AFTER", give_up_after}};
}

std::vector<std::string> both_companies(company& them)
{
    return {"--allow-org", them.organisation("alice") + "," + them.organisation("paula")};
}

} // namespace

// Whatever is wrong with the list of members: nothing is answered, nothing is lost, and it is told why.
BOOST_AUTO_TEST_SUITE(guard_faults)

BOOST_AUTO_TEST_CASE(what_cannot_be_decided_waits_and_is_handled_once_when_it_can)
{
    company them;
    troubles all(them);
    all.put_most();
    server gateway(them.webex, mode_under_test(), both_companies(them), in_a_hurry());
    gateway.ready();
    all.ask();
    all.are_tried(gateway);
    all.say_why(gateway, "waiting");
    all.end();
    all.are_answered_once(gateway);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_rate_limit_that_does_not_end_holds_everything_back_and_opens_nothing)
{
    company them;
    troubles all(them);
    all.put({{"status", 429}, {"headers", {{"Retry-After", "1"}}}}, "429");
    server gateway(them.webex, mode_under_test(), both_companies(them), in_a_hurry());
    gateway.ready();
    all.ask();
    all.are_tried(gateway);
    all.say_why(gateway, "waiting");
    all.end();
    all.are_answered_once(gateway);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(what_was_given_up_undecided_is_handled_when_it_is_retried)
{
    company them;
    troubles all(them);
    all.put_most();
    server gateway(them.webex, mode_under_test(), both_companies(them), in_a_hurry("1s"));
    gateway.ready();
    all.ask();
    for (const auto& room : all.rooms)
        BOOST_TEST(becomes(gateway, room.asked, journal::progress::dead, 20s), room.words);
    all.say_why(gateway, "dead");
    all.end();
    const auto retried = run_to_end({"events", "retry", "--all", "--data-dir", gateway.data_dir});
    BOOST_TEST(retried.code == 0, retried.log);
    all.are_answered_once(gateway);
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
