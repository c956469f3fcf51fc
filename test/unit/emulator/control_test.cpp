// The control API, the seed and the rate limit.

#include "cloud_fixture.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

BOOST_FIXTURE_TEST_SUITE(control, cloud_fixture)

BOOST_AUTO_TEST_CASE(the_index_says_what_there_is)
{
    const auto index = send(request("", "GET", "/_emulator/"));
    BOOST_TEST(index.status == 200u);
    BOOST_TEST(index.body.at("endpoints").as_object().contains("POST /_emulator/clock"));
    BOOST_TEST(cloud_fixture::control("GET", "/nothing").status == 404u);
    BOOST_TEST(cloud_fixture::control("PUT", "/state").status == 405u);
    BOOST_TEST(send(request("", "POST", "/_emulator/clock", "[]")).status == 400u);
}

BOOST_AUTO_TEST_CASE(the_state_tells_everything_but_secrets)
{
    post("bot", "/webhooks",
         {{"name", "n"},
          {"targetUrl", "http://127.0.0.1:9/x"},
          {"resource", "messages"},
          {"event", "created"},
          {"secret", "s3cr3t"}});
    const auto said = mention();
    c.delivery_began(said.deliveries.at(0));
    c.delivery_ended(
        {said.deliveries[0].what.webhook_id, said.text("id"), 204, "", std::chrono::milliseconds(3), {}});
    const auto state = cloud_fixture::control("GET", "/state");
    BOOST_TEST(state.body.at("people").as_array().size() == 5u);
    BOOST_TEST(state.body.at("rooms").as_array().size() == 3u);
    BOOST_TEST(state.body.at("webhooks").at(0).at("status").as_string() == "active");
    const auto& delivery = state.body.at("deliveries").as_array().at(0).as_object();
    BOOST_TEST(keys_of(delivery) == "at,webhookId,name,resource,event,dataId,ended,status,tookMs");
    BOOST_TEST(delivery.at("status").to_number<int>() == 204);
    const auto& request_note = state.body.at("requests").as_array().at(0).as_object();
    BOOST_TEST(text_or(request_note, "who") == "bot");
    BOOST_TEST(text_or(request_note, "path") == "/v1/webhooks");
    get("bot", "/\xff\x01");
    BOOST_TEST(cloud_fixture::control("GET", "/requests").items().size() > 2u); // still JSON
    BOOST_TEST(state.bytes.find("s3cr3t") == std::string::npos);
    BOOST_TEST(state.bytes.find(c.token_of("bot")) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reset_keeps_people_rooms_and_tokens_and_forgets_the_rest)
{
    const auto me = get("bot", "/people/me").text("id");
    const auto room = night_shift();
    const auto said = mention().text("id");
    hook("bot", "all", "all");
    cloud_fixture::control("POST", "/faults", {{"status", 503}});
    cloud_fixture::control("POST", "/clock", {{"advanceMs", 5000}});
    cloud_fixture::control("POST", "/reset");
    BOOST_TEST(get("bot", "/people/me").text("id") == me);
    BOOST_TEST(night_shift() == room);
    BOOST_TEST(get("alice", "/messages/" + said).status == 404u);
    BOOST_TEST(get("bot", "/webhooks").items().empty());
    BOOST_TEST(!c.faults.strike("GET", "/v1/rooms").has_value());
    BOOST_TEST(cloud_fixture::control("GET", "/state").body.at("aheadMs").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(faults_come_and_go)
{
    const auto made = cloud_fixture::control("POST", "/faults", {{"path", "/v1/rooms"}, {"status", 503}});
    BOOST_TEST(made.status == 200u);
    BOOST_TEST(cloud_fixture::control("GET", "/faults").items().size() == 1u);
    BOOST_TEST(cloud_fixture::control("POST", "/faults", {{"colour", 1}}).status == 400u);
    BOOST_TEST(cloud_fixture::control("DELETE", "/faults/" + made.text("id")).items().empty());
    BOOST_TEST(cloud_fixture::control("DELETE", "/faults/" + made.text("id")).status == 404u);
    cloud_fixture::control("POST", "/faults", {{"status", 503}});
    BOOST_TEST(cloud_fixture::control("DELETE", "/faults").items().empty());
}

BOOST_AUTO_TEST_CASE(the_clock_moves_forward_only)
{
    BOOST_TEST(cloud_fixture::control("POST", "/clock", {{"advanceMs", 60'000}}).text("now") ==
               "2026-02-11T09:15:27.318Z");
    BOOST_TEST(mention().text("created") == "2026-02-11T09:15:27.318Z");
    for (const json::value& wrong :
         {json::value(-1), json::value("1"), json::value(nullptr), json::value(1e30)})
        BOOST_TEST(cloud_fixture::control("POST", "/clock", {{"advanceMs", wrong}}).status == 400u);
    BOOST_TEST(cloud_fixture::control("POST", "/clock", {{"by", 1}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(the_delivery_mode_reaches_the_sender)
{
    delivery_mode seen;
    c.on_mode([&](delivery_mode m) { seen = m; });
    cloud_fixture::control("POST", "/deliveries", {{"duplicate", true}, {"delayMs", 20}, {"dropNext", 2}});
    BOOST_TEST(seen.duplicate);
    BOOST_TEST(seen.delay.count() == 20);
    BOOST_TEST(seen.drop_next == 2u);
    BOOST_TEST(cloud_fixture::control("POST", "/deliveries", {{"dropNext", -1}}).status == 400u);
    BOOST_TEST(cloud_fixture::control("POST", "/deliveries", {{"duplicate", 1}}).status == 400u);
    cloud_fixture::control("POST", "/deliveries", {{"modernSignature", true}});
    hook("bot", "messages", "created");
    BOOST_TEST(mention().deliveries.at(0).what.modern_signature);
    cloud_fixture::control("POST", "/reset");
    BOOST_TEST(!seen.duplicate);
}

BOOST_AUTO_TEST_CASE(new_people_come_with_tokens_that_work)
{
    cloud_fixture::control("POST", "/organisations",
                           {{"name", "Third"}, {"cluster", "urn:TEAM:eu-central-1_k"}});
    const auto dave =
        cloud_fixture::control("POST", "/people", {{"name", "dave"}, {"organisation", "Third"}});
    BOOST_TEST_REQUIRE(dave.status == 200u);
    auto r = request("", "GET", "/v1/people/me");
    r.headers.add("Authorization", "Bearer " + dave.text("token"));
    BOOST_TEST(send(r).text("id") == dave.text("id"));
    BOOST_TEST(cloud_fixture::control("POST", "/bots", {{"name", "robot"}}).text("type") == "bot");
    BOOST_TEST(cloud_fixture::control("POST", "/people", {{"name", "dave"}}).status == 409u);
    BOOST_TEST(cloud_fixture::control("POST", "/people", json::object()).status == 400u);
    BOOST_TEST(cloud_fixture::control("POST", "/people", {{"name", "x"}, {"organisation", "none"}}).status ==
               404u);
    BOOST_TEST(cloud_fixture::control("POST", "/organisations", {{"name", "Third"}}).status == 409u);
}

BOOST_AUTO_TEST_CASE(an_app_posts_without_markdown_and_with_the_short_name_in_front)
{
    hook("bot", "messages", "created");
    const auto said = cloud_fixture::control(
        "POST", "/messages",
        {{"person", "alice"}, {"room", "Night shift"}, {"mention", "bot"}, {"text", "status please"}});
    BOOST_TEST_REQUIRE(said.status == 200u);
    BOOST_TEST(said.text("text") == "Postern status please");
    BOOST_TEST(said.text("html").starts_with("<p><spark-mention "));
    BOOST_TEST(!said.body.as_object().contains("markdown"));
    BOOST_TEST(said.deliveries.size() == 1u);
    const auto plain =
        cloud_fixture::control("POST", "/messages", {{"person", "bob"}, {"to", "bot"}, {"text", "hi"}});
    BOOST_TEST(keys_of(plain.body.as_object()) == "id,roomId,roomType,text,personId,personEmail,created");
    BOOST_TEST(
        cloud_fixture::control("POST", "/messages", {{"person", "nobody"}, {"to", "bot"}, {"text", "hi"}})
            .status == 404u);
    BOOST_TEST(
        cloud_fixture::control("POST", "/messages", {{"person", "bob"}, {"room", "Vendors"}, {"text", "hi"}})
            .status == 404u);
    BOOST_TEST(
        cloud_fixture::control("POST", "/messages", {{"person", 5}, {"room", "Vendors"}, {"text", "hi"}})
            .status == 404u);
}

BOOST_AUTO_TEST_CASE(beyond_the_rate_requests_are_429_with_the_time_to_wait)
{
    cloud_fixture::control("POST", "/rate", {{"requestsPerSecond", 0.1}, {"burst", 2}});
    BOOST_TEST(get("bot", "/people/me").status == 200u);
    BOOST_TEST(get("bot", "/people/me").status == 200u);
    const auto no = get("bot", "/people/me");
    BOOST_TEST(no.status == 429u);
    BOOST_TEST(no.header("Retry-After") == "10");
    BOOST_TEST(get("alice", "/people/me").status == 200u); // counted by person
    cloud_fixture::control("POST", "/clock", {{"advanceMs", 10'000}});
    BOOST_TEST(get("bot", "/people/me").status == 200u);

    cloud_fixture::control(
        "POST", "/rate",
        {{"requestsPerSecond", 0.1}, {"burst", 1}, {"html", true}, {"retryAfter", "rand(30),add(30)"}});
    get("bot", "/people/me");
    const auto page = get("bot", "/people/me");
    BOOST_TEST(page.header("Content-Type") == "text/html");
    BOOST_TEST(page.header("Retry-After") == "rand(30),add(30)");
    cloud_fixture::control("POST", "/rate", {{"requestsPerSecond", 0}});
    BOOST_TEST(get("bot", "/people/me").status == 200u);
    for (const json::value& wrong : {json::value(-1), json::value("1"), json::value(1e300)})
        BOOST_TEST(cloud_fixture::control("POST", "/rate", {{"requestsPerSecond", wrong}}).status == 400u);
    BOOST_TEST(cloud_fixture::control("POST", "/rate", {{"retryAfter", "1\r\nX: y"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(activities_are_observed_once_each)
{
    const auto said = mention();
    BOOST_TEST_REQUIRE(said.seen.size() == 2u);
    BOOST_TEST(said.seen[0].what == "posted");
    BOOST_TEST(said.seen[1].what == "activity");
    BOOST_TEST(said.seen[1].resource == "messages");
    BOOST_TEST(said.seen[1].data_id == said.text("id"));
    BOOST_TEST(said.seen[1].room_id == said.text("roomId"));
    BOOST_TEST(said.seen[1].actor_id == id("alice"));
}

BOOST_AUTO_TEST_SUITE_END()
