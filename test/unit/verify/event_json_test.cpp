#include "postern/verify/event_json.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using postern::errc;
using postern::verify::parse_event;

namespace {

const std::string message =
    R"({"id":"HOOK","name":"postern messages","targetUrl":"https://gw.example.net/hooks/webex",
 "resource":"messages","event":"created","orgId":"ORG","createdBy":"BOT","appId":"APP","ownedBy":"creator",
 "status":"active","created":"2026-02-11T09:00:00.214Z","actorId":"ANA",
 "data":{"id":"MESSAGE","roomId":"ROOM","roomType":"group","personId":"ANA","personEmail":"ana@example.com",
         "created":"2026-02-11T09:14:27.301Z"}})";

std::string envelope(std::string_view resource, std::string_view name, std::string_view data)
{
    std::string text = R"({"id":"HOOK","created":"2026-02-11T09:00:00.214Z","resource":")";
    ((((text += resource) += R"(","event":")") += name) += R"(","actorId":"ANA","data":)") += data;
    return text += '}';
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_json)

BOOST_AUTO_TEST_CASE(a_message_is_read_and_its_bytes_are_kept)
{
    const auto e = parse_event(message);
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->resource == "messages");
    BOOST_TEST(e->name == "created");
    BOOST_TEST(e->data_id == "MESSAGE");
    BOOST_TEST(e->room == "ROOM");
    BOOST_TEST(e->actor == "ANA");
    BOOST_TEST(e->key == "messages:created:MESSAGE");
    BOOST_TEST(e->body == message);
}

BOOST_AUTO_TEST_CASE(the_payload_of_a_room_is_the_room)
{
    const auto e = parse_event(envelope("rooms", "updated", R"({"id":"ROOM","type":"group"})"));
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->room == "ROOM");
    BOOST_TEST(e->data_id == "ROOM");
}

BOOST_AUTO_TEST_CASE(names_are_recognised_in_any_case)
{
    const auto e = parse_event(envelope("attachmentactions", "CREATED", R"({"id":"A","roomId":"ROOM"})"));
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->kind() == "attachmentActions:created");
    BOOST_TEST(e->key == "attachmentActions:created:A");
}

BOOST_AUTO_TEST_CASE(two_edits_told_by_the_same_webhook_are_two_events)
{
    // The envelope's own "created" is the birth of the webhook, so it must not count.
    const auto first =
        parse_event(envelope("messages", "updated", R"({"id":"M","updated":"2026-02-11T09:00:01Z"})"));
    const auto second =
        parse_event(envelope("messages", "updated", R"({"id":"M","updated":"2026-02-11T09:00:02Z"})"));
    BOOST_TEST_REQUIRE((first.has_value() && second.has_value()));
    BOOST_TEST(first->key != second->key);
}

BOOST_AUTO_TEST_CASE(the_same_event_told_by_two_webhooks_is_one)
{
    auto other = message;
    other.replace(other.find("HOOK"), 4, "HOOK2");
    BOOST_TEST(parse_event(message)->key == parse_event(other)->key);

    const std::string change =
        envelope("memberships", "updated", R"({"id":"P:R","roomId":"R","isModerator":true})");
    auto other_change = change;
    other_change.replace(other_change.find("HOOK"), 4, "HOOK2");
    BOOST_TEST(parse_event(change)->key == parse_event(other_change)->key);
}

BOOST_AUTO_TEST_CASE(what_the_vendor_adds_later_is_ignored)
{
    const auto e = parse_event(
        R"({"resource":"messages","event":"created","new":[{"deep":{}}],"actorId":null,"filter":7,
            "data":{"id":"M","roomId":"R","orgId":17,"created":12,"extra":null}})");
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->key == "messages:created:M");
    BOOST_TEST(e->actor.empty());
}

BOOST_AUTO_TEST_CASE(a_resource_nobody_knows_passes_even_without_an_id)
{
    const auto e = parse_event(envelope("holoDecks", "entered", R"({"deck":3})"));
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->kind() == "holoDecks:entered");
    BOOST_TEST(e->data_id.empty());
    BOOST_TEST(e->room.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused_with_a_reason)
{
    const std::string bodies[] = {
        "",
        "{",
        "null",
        "[]",
        "\"messages\"",
        "{}",
        "\xff\xfe",
        std::string("{\0}", 3),
        std::string(100'000, '['),
        message + "x",
        message.substr(0, message.size() - 1),
        R"({"resource":"messages","event":"created"})",
        R"({"resource":"messages","event":"created","data":null})",
        R"({"resource":"messages","event":"created","data":{}})",
        R"({"resource":"messages","event":"created","data":[{"id":"M"}]})",
        R"({"resource":"messages","event":"created","data":{"id":7}})",
        R"({"resource":"messages","event":"created","data":{"id":""}})",
        R"({"resource":"messages","event":"created","data":{"id":"a\nb"}})",
        R"({"resource":"messages","event":"created","data":{"id":"M","roomId":"a b"}})",
        R"({"resource":7,"event":"created","data":{"id":"M"}})",
        R"({"resource":"messages","data":{"id":"M"}})",
        R"({"resource":"messages:created","event":"x","data":{"id":"M"}})",
        R"({"resource":"","event":"created","data":{"id":"M"}})",
        envelope("messages", "created", R"({"id":")" + std::string(5'000, 'a') + "\"}"),
        envelope(std::string(100, 'a'), "created", R"({"id":"M"})"),
    };
    for (const auto& body : bodies)
    {
        const auto e = parse_event(body);
        BOOST_TEST_CONTEXT(body.substr(0, 80))
        {
            BOOST_TEST_REQUIRE(e.has_error());
            BOOST_TEST(e.error().is(errc::not_an_event));
            BOOST_TEST(!e.error().ours.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(no_part_of_a_refused_body_stands_in_the_error)
{
    for (const std::string body :
         {"the-token", R"({"resource":"the-token")", R"({"data":{"id":"the-token"}})"})
        BOOST_TEST(describe(parse_event(body).error()).find("the-token") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_notification_is_refused)
{
    for (std::size_t n = 0; n < message.size(); ++n)
        BOOST_TEST(parse_event(message.substr(0, n)).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
