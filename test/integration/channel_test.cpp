#include "integration/cloud.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <thread>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

bool echoes(cloud& webex, const std::string& words)
{
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo " + words);
    return webex.reply_after("alice", room, asked) == words;
}

// Lets the server alone for that long, and sees that it lives.
void lives_through(server& gateway, std::chrono::milliseconds span)
{
    for (const auto limit = deadline::after(span); !limit.passed();)
    {
        BOOST_TEST_REQUIRE(!gateway.process->exit_code(0s).has_value(), gateway.process->log());
        std::this_thread::sleep_for(50ms); // the outage's own length: nothing happens that could be awaited
    }
}

} // namespace

// The Mercury channel through the real binary: whatever the cloud does, it comes back, and says what it does.
BOOST_AUTO_TEST_SUITE(channel)

BOOST_AUTO_TEST_CASE(an_outage_of_six_seconds_is_survived_and_the_gap_is_told)
{
    cloud webex;
    server gateway(webex, "websocket");
    gateway.ready();
    BOOST_TEST(echoes(webex, "before"));

    webex.set("outage", {{"on", true}});
    BOOST_TEST(gateway.process->log_line("channel lost").has_value(), gateway.process->log());
    lives_through(gateway, 6s);
    BOOST_TEST(webex.sockets_of_bot() == 0u);
    webex.set("outage", {{"on", false}});
    BOOST_TEST(webex.connected(3s), gateway.process->log());
    const auto back = gateway.process->log_line("channel ready again");
    BOOST_TEST_REQUIRE(back.has_value(), gateway.process->log());
    BOOST_TEST(back->find("missed") != back->npos, *back);
    BOOST_TEST(echoes(webex, "after"));
    BOOST_TEST(webex.devices().size() == 1u); // the same device, not another
    gateway.stop();
    BOOST_TEST(webex.devices().size() == 0u);
}

BOOST_AUTO_TEST_CASE(each_way_to_lose_the_socket_is_told_and_mended)
{
    struct row
    {
        const char* what;
        std::string control;
        json::object body;
        std::vector<std::string> words; // in the log
    };
    const row rows[] = {
        {"closed as routine", "sockets/close", {{"code", 1000}, {"reason", "idle"}}, {"1000", "idle"}},
        {"going away", "sockets/close", {{"code", 1001}, {"reason", "restart"}}, {"1001"}},
        {"server error", "sockets/close", {{"code", 1011}, {"reason", ""}}, {"1011"}},
        {"registration unknown", "sockets/close", {{"code", 4404}, {"reason", "gone"}}, {"4404"}},
        {"cut without a word", "sockets/cut", {}, {"connection lost"}},
        {"registrations expired", "devices/expire", {}, {"4404"}},
        {"announced shutdown", "shutdown-notice", {}, {"announce"}},
    };
    cloud webex;
    server gateway(webex, "websocket");
    gateway.ready();
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.what)
        {
            webex.set(r.control, r.body);
            const auto said = gateway.process->log_line("channel ready again");
            BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
            for (const auto& words : r.words)
                BOOST_TEST(gateway.process->log().find(words) != std::string::npos,
                           "expected \"" << words << "\" in:\n"
                                         << gateway.process->log());
            BOOST_TEST(echoes(webex, std::string("alive after: ") + r.what));
            BOOST_TEST(webex.devices().size() == 1u);
        }
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(each_refusal_of_the_handshake_is_told_and_outlived)
{
    struct row
    {
        json::object fault;
        std::string words;
    };
    const row rows[] = {
        {{{"drop", true}}, "connection lost"},
        {{{"status", 503}}, "503"},
        {{{"status", 404}}, "404"},
        {{{"status", 429}, {"headers", json::object{{"Retry-After", "1"}}}}, "429"},
        {{{"status", 401}}, "401"}, // but the token is good: the cloud was in trouble
    };
    cloud webex;
    server gateway(webex, "websocket");
    gateway.ready();
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.words)
        {
            auto fault = r.fault;
            fault["path"] = "/v1/apps/wx2/registrations";
            fault["remaining"] = 1;
            webex.fault(fault);
            webex.set("sockets/cut", {});
            const auto said = gateway.process->log_line("channel ready again");
            BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
            BOOST_TEST(gateway.process->log().find(r.words) != std::string::npos, gateway.process->log());
            BOOST_TEST(echoes(webex, "alive after " + r.words));
        }
    gateway.stop();
    BOOST_TEST(webex.devices().size() == 0u);
}

BOOST_AUTO_TEST_CASE(hostile_frames_end_nothing)
{
    const json::object frames[] = {
        {{"text", "no json"}},
        {{"text", "{}"}},
        {{"text", "[1,2,3]"}},
        {{"text", "null"}},
        {{"text", "{\"id\":7,\"data\":{\"eventType\":[]}}"}},
        {{"text", "{\"data\":{\"eventType\":\"conversation.activity\"}}"}},
        {{"text", "{\"id\":\"x\",\"data\":{\"eventType\":\"conversation.activity\",\"activity\":{\"verb\":"
                  "\"post\",\"actor\":null,\"object\":5,\"target\":[]}}}"}},
        {{"text", "{\"id\":\"x\",\"type\":\"pong\"}"}},
        {{"text", std::string(20000, '[')}},
        {{"text", "{\"id\":\"y\",\"data\":{\"eventType\":\"locus.self_changed\",\"x\":1.5e300}}"}},
        {{"base64", "gICAgA"}, {"binary", true}},
    };
    cloud webex;
    server gateway(webex, "websocket");
    gateway.ready();
    for (const auto& frame : frames)
        webex.set("frames", frame);
    BOOST_TEST(echoes(webex, "nothing happened"));
    webex.set("frames", {{"size", 9 * 1024 * 1024}}); // beyond what we are willing to hold
    BOOST_TEST(gateway.process->log_line("channel ready again").has_value(), gateway.process->log());
    BOOST_TEST(echoes(webex, "and on"));
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(binary_frames_reordered_late_and_without_ids_are_all_understood)
{
    cloud webex;
    server gateway(webex, "websocket");
    gateway.ready();
    for (const auto& odd : {json::object{{"binary", true}}, json::object{{"reorder", true}, {"delayMs", 50}},
                            json::object{{"delayMs", 200}}, json::object{{"omitIds", true}},
                            json::object{{"sequenceGap", true}}})
    {
        webex.set("mercury", odd);
        BOOST_TEST(echoes(webex, "heard with " + json::serialize(odd)));
    }
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(rooms_of_another_region_have_ids_that_the_api_knows)
{
    cloud webex;
    server gateway(webex, "websocket");
    gateway.ready();
    // Carol's organisation lives elsewhere: so does the room she makes.
    const auto room =
        webex.http.json_call("POST", webex.api("/rooms"), webex.token("carol"), {{"title", "Far"}});
    const auto id = text_or(room.as_object(), "id");
    webex.http.json_call("POST", webex.api("/memberships"), webex.token("carol"),
                         {{"roomId", id}, {"personEmail", "postern@webex.bot"}});
    BOOST_TEST(webex.reply_after("carol", id, {}) != ""); // the greeting
    const auto asked = webex.post("carol", id, "<@personEmail:postern@webex.bot|Postern> /echo from afar");
    BOOST_TEST(webex.reply_after("carol", id, asked) == "from afar");
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(two_processes_with_one_device_are_told_apart_in_words)
{
    cloud webex;
    server first(webex, "websocket");
    first.ready();
    server second(webex, "websocket"); // the same host, the same bot: it takes the device over
    second.ready();
    const auto said = first.process->log_line("replaced");
    BOOST_TEST_REQUIRE(said.has_value(), first.process->log());
    BOOST_TEST(said->find("4000") != said->npos, *said);
    BOOST_TEST(echoes(webex, "one of them answers"));
    second.stop();
    first.stop();
    BOOST_TEST(webex.devices().size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
