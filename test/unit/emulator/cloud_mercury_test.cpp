// Devices and websockets in the cloud, without sockets: who may open one, and who is told what.

#include "mercury_fixture.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

BOOST_FIXTURE_TEST_SUITE(cloud_mercury, mercury_fixture)

BOOST_AUTO_TEST_CASE(a_message_reaches_the_bots_device_and_the_senders_own)
{
    const auto bots = enrol("bot"), alices = enrol("alice", "laptop");
    const auto bot = ready(bots, "bot"), alice = ready(alices, "alice");
    const auto told = say_to_bot("hello");
    BOOST_TEST_REQUIRE(told.size() == 2u);
    BOOST_TEST(told[0].what == "frame sent");
    BOOST_TEST(told[0].resource == "messages");
    BOOST_TEST(told[0].event == "created");
    const std::string both[] = {told[0].note, told[1].note};
    const std::string names[] = {"laptop", "postern"};
    BOOST_TEST(std::is_permutation(std::begin(both), std::end(both), std::begin(names)));
    const auto frame = hear(bot);
    const auto& data = frame.at("data").as_object();
    BOOST_TEST(keys_of(data) == "activity,eventType");
    BOOST_TEST(text_or(data, "eventType") == "conversation.activity");
    BOOST_TEST(text_or(data.at("activity").as_object(), "verb") == "post");
    BOOST_TEST(text_or(data.at("activity").at("target").as_object(), "url")
                   .starts_with("http://cloud.test:8080/conversation/api/v1/conversations/"));
    BOOST_TEST(heard_text(alice) == "hello");
    BOOST_TEST(quiet(bot));
}

BOOST_AUTO_TEST_CASE(the_header_or_the_first_frame_authorises_with_or_without_the_word_bearer)
{
    const auto device = enrol("bot");
    BOOST_TEST(!quiet(open(device, "", "bot")));
    for (const auto& token : {"Bearer " + c.token_of("bot"), c.token_of("bot")})
    {
        const auto id = open(device);
        BOOST_TEST(quiet(id));
        c.heard(id, "garbage");
        c.heard(id, R"({"type":"ping","id":"early"})");
        BOOST_TEST(quiet(id));
        authorise(id, token);
        BOOST_TEST(text_or(hear(id).at("data").as_object(), "eventType") == "mercury.buffer_state");
        authorise(id, token); // webex_bot does both
        BOOST_TEST(quiet(id));
    }
}

BOOST_AUTO_TEST_CASE(failures_are_http_statuses_or_their_aliases)
{
    const auto device = enrol("bot"), alices = enrol("alice");
    auto wrong = upgrade(device);
    wrong.headers.set("Authorization", "Bearer nonsense");
    auto unknown = upgrade(device);
    unknown.target = "/v1/apps/wx2/registrations/nobody/messages";
    const auto others = upgrade(alices, "", "bot");
    struct row
    {
        transport::request r;
        unsigned status;
        std::uint16_t alias;
    };
    for (auto [r, status, alias] : {row{wrong, 401, 4401}, row{unknown, 404, 4404}, row{others, 403, 4403}})
    {
        const auto refused = c.knock(r).refused;
        BOOST_TEST_REQUIRE(refused.has_value());
        BOOST_TEST(refused->status == status);
        r.target += "?aliasHttpStatus=true";
        const auto a = c.knock(r);
        BOOST_TEST_REQUIRE(!a.refused.has_value());
        BOOST_TEST(code_of(c.open_socket(a, {}, std::chrono::seconds(30))) == alias);
    }
    auto plain = upgrade(device);
    plain.headers.remove("Upgrade");
    BOOST_TEST(c.knock(plain).refused->status == 426u);
}

BOOST_AUTO_TEST_CASE(a_refused_token_in_the_frame_closes_with_1008_or_4401)
{
    const auto device = enrol("bot");
    const auto plain = open(device);
    authorise(plain, "Bearer nonsense");
    BOOST_TEST(code_of(plain) == 1008);
    BOOST_TEST(c.next_step(plain).end.reason == "authentication failed");
    const auto aliased = open(device, "?aliasHttpStatus=true");
    authorise(aliased, "Bearer nonsense");
    BOOST_TEST(code_of(aliased) == 4401);
    const auto of_another = open(device, "?aliasHttpStatus=true");
    authorise(of_another, c.token_of("alice"));
    BOOST_TEST(code_of(of_another) == 4403);
    const auto expired = open(device);
    cloud_fixture::control("POST", "/tokens/expire", {{"person", "bot"}});
    authorise(expired, c.token_of("bot"));
    BOOST_TEST(code_of(expired) == 1008);
}

BOOST_AUTO_TEST_CASE(a_device_that_is_gone_takes_its_socket_with_it)
{
    const auto device = enrol("bot");
    const auto id = ready(device, "bot");
    happen(request("bot", "DELETE", path_of(text_or(device, "url"))));
    BOOST_TEST(code_of(id) == 4404);
    BOOST_TEST(say_to_bot().empty());

    auto short_lived =
        request("bot", "POST", "/wdm/api/v1/devices", R"({"name":"n","deviceType":"WEB","ttl":60})");
    const auto ttl = send(short_lived).body.as_object();
    const auto ephemeral = ready(ttl, "bot");
    now += std::chrono::seconds(61);
    c.heard(ephemeral, R"({"type":"ping","id":"p"})");
    BOOST_TEST(code_of(ephemeral) == 4404);
}

BOOST_AUTO_TEST_CASE(a_device_of_another_regions_wdm_hears_nothing)
{
    const auto r = request("bot", "POST", "/wdm-elsewhere/api/v1/devices",
                           R"({"name":"postern","deviceType":"DESKTOP"})");
    const auto id = ready(send(r).body.as_object(), "bot");
    BOOST_TEST(say_to_bot().empty());
    BOOST_TEST(quiet(id));
    c.heard(id, R"({"type":"ping","id":"p"})");
    BOOST_TEST(text_or(hear(id), "type") == "pong"); // otherwise it is well
}

BOOST_AUTO_TEST_CASE(what_was_read_is_told_over_websockets_alone)
{
    hook("bot", "all", "all");
    const auto id = ready(enrol("bot"), "bot");
    const auto said =
        send(request("alice", "POST", "/v1/messages", R"({"toPersonEmail":"postern@webex.bot","text":"x"})"));
    const auto seen =
        cloud_fixture::control("POST", "/seen", {{"person", "alice"}, {"messageId", said.text("id")}});
    BOOST_TEST(seen.status == 200u);
    BOOST_TEST(seen.deliveries.empty());
    const auto told =
        happen(request("", "POST", "/_emulator/seen",
                       json::serialize(json::object{{"person", "alice"}, {"messageId", said.text("id")}})));
    BOOST_TEST_REQUIRE(told.size() == 1u);
    BOOST_TEST(told[0].event == "seen");
    BOOST_TEST(text_or(hear(id).at("data").at("activity").as_object(), "verb") == "acknowledge");
    BOOST_TEST(cloud_fixture::control("POST", "/seen", {{"person", "carol"}, {"messageId", said.text("id")}})
                   .status == 404u);
}

BOOST_AUTO_TEST_CASE(urls_are_as_each_client_calls_us)
{
    const auto device = enrol("bot");
    auto r = upgrade(device, "", "bot");
    r.headers.set("Host", "elsewhere.test");
    const auto id = c.open_socket(c.knock(r), {}, std::chrono::seconds(30));
    hear(id);
    say_to_bot();
    BOOST_TEST(text_or(hear(id).at("data").at("activity").as_object(), "url")
                   .starts_with("http://elsewhere.test/conversation/"));
}

BOOST_AUTO_TEST_SUITE_END()
