// What the control API does to the emulated Mercury.

#include "mercury_fixture.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct control_fixture : mercury_fixture
{
    answered order(std::string path, const json::value& body = json::object())
    {
        return cloud_fixture::control("POST", std::move(path), body);
    }
    json::array sockets() { return cloud_fixture::control("GET", "/sockets").items(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(control_mercury, control_fixture)

BOOST_AUTO_TEST_CASE(sockets_are_listed_with_what_they_did)
{
    const auto device = enrol("bot");
    const auto id = ready(device, "bot");
    c.heard(id, R"({"type":"ack","messageId":"some-envelope"})");
    open(enrol("alice"));
    const auto all = sockets();
    BOOST_TEST_REQUIRE(all.size() == 2u);
    const auto& bots = all.at(0).as_object();
    BOOST_TEST(text_or(bots, "person") == "bot");
    BOOST_TEST(text_or(device, "url").ends_with(text_or(bots, "device")));
    BOOST_TEST(bots.at("authorised").as_bool());
    BOOST_TEST(bots.at("framesSent").to_number<int>() == 1);
    BOOST_TEST(bots.at("acks").to_number<int>() == 1);
    BOOST_TEST(bots.at("lastAcks").at(0).as_string() == "some-envelope");
    BOOST_TEST(!all.at(1).at("authorised").as_bool());
    const auto state = cloud_fixture::control("GET", "/state").body.as_object();
    BOOST_TEST(state.at("sockets").as_array().size() == 2u);
    BOOST_TEST(state.at("devices").as_array().size() == 2u);
}

BOOST_AUTO_TEST_CASE(sockets_are_closed_of_one_person_or_of_all_or_of_those_to_come)
{
    const auto bots = enrol("bot"), alices = enrol("alice");
    const auto bot = ready(bots, "bot"), alice = ready(alices, "alice");
    BOOST_TEST(order("/sockets/close", {{"person", "bot"}, {"code", 4401}, {"reason", "no"}}).status == 200u);
    BOOST_TEST(code_of(bot) == 4401);
    BOOST_TEST(c.next_step(bot).end.reason == "no");
    BOOST_TEST(quiet(alice));
    order("/sockets/close", {{"code", 1005}});
    BOOST_TEST(code_of(alice) == 1005);
    order("/sockets/close", {{"code", 4429}, {"next", 1}});
    BOOST_TEST(code_of(open(bots, "", "bot")) == 4429);
    BOOST_TEST(code_of(open(bots, "", "bot")) == 0);
    for (const json::object& wrong :
         {json::object{{"code", 999}}, json::object{{"code", 1006}}, json::object{{"code", 5000}},
          json::object{{"code", "1000"}}, json::object{{"person", "nobody"}}, json::object{{"colour", 1}}})
        BOOST_TEST(order("/sockets/close", wrong).status >= 400u);
}

BOOST_AUTO_TEST_CASE(sockets_are_cut_and_stalled)
{
    const auto device = enrol("bot");
    const auto first = ready(device, "bot");
    order("/sockets/cut", {{"person", "bot"}});
    BOOST_TEST(c.next_step(first).end.cut);
    BOOST_TEST(c.to_be_cut(first));
    const auto second = ready(device, "bot");
    order("/sockets/stall", {{"on", true}});
    say_to_bot();
    BOOST_TEST(quiet(second));
    BOOST_TEST(c.stalled(second));
    order("/sockets/stall", {{"on", false}});
    BOOST_TEST(heard_text(second) == "hello");
    BOOST_TEST(order("/sockets/stall").status == 400u);
}

BOOST_AUTO_TEST_CASE(raw_frames_leave_as_they_are)
{
    const auto id = ready(enrol("bot"), "bot");
    order("/frames", {{"text", "no json"}});
    auto step = c.next_step(id);
    BOOST_TEST(step.frame.payload == "no json");
    BOOST_TEST(step.frame.binary); // as this socket has it
    order("/frames", {{"base64", "gICA"}, {"person", "bot"}});
    step = c.next_step(id);
    BOOST_TEST(step.frame.payload == "\x80\x80\x80");
    BOOST_TEST(step.frame.binary);
    order("/frames", {{"size", 2'000'000}, {"binary", false}});
    step = c.next_step(id);
    BOOST_TEST(step.frame.payload.size() == 2'000'000u);
    BOOST_TEST(!step.frame.binary);
    for (const json::object& wrong :
         {json::object{}, json::object{{"text", "a"}, {"size", 1}}, json::object{{"base64", "*"}},
          json::object{{"size", -1}}, json::object{{"size", 1e12}}, json::object{{"text", 1}}})
        BOOST_TEST(order("/frames", wrong).status == 400u);
}

BOOST_AUTO_TEST_CASE(the_mode_is_set_as_a_whole_and_unknown_words_are_refused)
{
    const auto id = ready(enrol("bot"), "bot");
    BOOST_TEST(order("/mercury", {{"duplicate", true}, {"omitIds", true}}).status == 200u);
    say_to_bot();
    BOOST_TEST(!hear(id).contains("id"));
    hear(id);
    BOOST_TEST(quiet(id));
    order("/mercury");
    say_to_bot();
    BOOST_TEST(hear(id).contains("id"));
    BOOST_TEST(quiet(id));
    for (const json::object& wrong : {json::object{{"colour", 1}}, json::object{{"duplicate", 1}},
                                      json::object{{"delayMs", -1}}, json::object{{"buffer", "1"}}})
        BOOST_TEST(order("/mercury", wrong).status == 400u);
}

BOOST_AUTO_TEST_CASE(registrations_are_limited_and_new_ones_deaf)
{
    const auto hearing = enrol("bot", "first");
    order("/mercury", {{"limit", 2}, {"deaf", true}});
    const auto deaf = enrol("bot", "second");
    const auto third =
        send(request("bot", "POST", "/wdm/api/v1/devices", R"({"name":"third","deviceType":"DESKTOP"})"));
    BOOST_TEST(third.status == 403u);
    BOOST_TEST(third.text("message") == "User has excessive device registrations");
    const auto hears = ready(hearing, "bot"), hears_not = ready(deaf, "bot");
    say_to_bot();
    BOOST_TEST(heard_text(hears) == "hello");
    BOOST_TEST(quiet(hears_not));
}

BOOST_AUTO_TEST_CASE(expired_devices_close_their_sockets_with_4404)
{
    const auto bots = enrol("bot"), alices = enrol("alice");
    const auto bot = ready(bots, "bot"), alice = ready(alices, "alice");
    const auto done = order("/devices/expire", {{"person", "bot"}});
    BOOST_TEST(done.body.at("expired").to_number<int>() == 1);
    BOOST_TEST(code_of(bot) == 4404);
    BOOST_TEST(quiet(alice));
    BOOST_TEST(send(request("bot", "GET", path_of(text_or(bots, "url")))).status == 404u);
    order("/devices/expire");
    BOOST_TEST(code_of(alice) == 4404);
}

BOOST_AUTO_TEST_CASE(a_shutdown_is_announced)
{
    const auto device = enrol("bot");
    const auto old = ready(device, "bot");
    order("/shutdown-notice", {{"person", "bot"}});
    BOOST_TEST(text_or(hear(old), "type") == "shutdown");
    ready(device, "bot");
    BOOST_TEST(code_of(old) == 4001);
}

BOOST_AUTO_TEST_CASE(an_outage_cuts_everything_until_it_is_over)
{
    const auto id = ready(enrol("bot"), "bot");
    BOOST_TEST(order("/outage").status == 400u);
    order("/outage", {{"on", true}});
    BOOST_TEST(c.in_outage());
    BOOST_TEST(c.next_step(id).end.cut);
    order("/outage", {{"on", false}});
    BOOST_TEST(!c.in_outage());
}

BOOST_AUTO_TEST_CASE(a_reset_ends_sockets_devices_and_modes)
{
    const auto id = ready(enrol("bot"), "bot");
    order("/mercury", {{"silent", true}, {"limit", 0}});
    order("/outage", {{"on", true}});
    order("/reset");
    BOOST_TEST((c.next_step(id).what == mercury_step::action::end));
    BOOST_TEST(!c.in_outage());
    c.socket_gone(id);
    BOOST_TEST(cloud_fixture::control("GET", "/state").body.at("devices").as_array().empty());
    BOOST_TEST(!quiet(open(enrol("bot"), "", "bot")));
}

BOOST_AUTO_TEST_SUITE_END()
