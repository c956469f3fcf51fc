// The table of keys, told by every way in: what one event looks like as a webhook, over the websocket and as
// the REST API lists it, and that it is one event all the same.

#include "postern/verify/event_json.hpp"
#include "support/vectors.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace postern;

namespace {

// What the websocket tells: the event that the JS SDK makes of that activity, as it was recorded.
json::object over_websocket(std::string_view activity, std::string_view resource, std::string_view name)
{
    static const auto recorded = test::vectors("activity-to-event.json");
    for (const auto& one : recorded.at("cases").as_array())
        if (text_or(one.as_object(), "name") == activity)
            for (const auto& event : one.at("events").as_array())
                if (text_or(event.as_object(), "resource") == resource &&
                    text_or(event.as_object(), "event") == name)
                    return event.as_object();
    throw std::runtime_error("no such vector: " + std::string(activity));
}

json::object& data_of(json::object& envelope) { return envelope.at("data").as_object(); }

// The same as a webhook tells it: the envelope is the webhook's (protocol/webex-rest.md 5.1), and so is its
// `created`; `data` has the fields of 5.2.
json::object by_webhook(json::object event)
{
    event["id"] = "the webhook's";
    event["name"] = "postern";
    event["targetUrl"] = "https://gw.example.net/hooks/webex";
    event["appId"] = "the application's";
    event["created"] = "2025-12-24T18:00:00.000Z";
    auto& data = data_of(event);
    const auto resource = text_or(event, "resource");
    for (const auto* field : {"text", "html", "inputs", "lastSeenId"})
        data.erase(field);
    if (resource == "memberships")
        data["isMonitor"] = false;
    if (resource == "rooms")
        data["lastActivity"] = "2026-01-02T03:04:05.006Z";
    return event;
}

// The same as recovery makes it of what the REST API lists.
json::object by_recovery(json::object event)
{
    event.erase("id");
    event.erase("name");
    event.erase("actorId");
    event["created"] = text_or(data_of(event), "created");
    data_of(event)["isMonitor"] = false;
    return event;
}

std::string key_of(const json::object& envelope)
{
    const auto read = verify::parse_event(json::serialize(envelope));
    BOOST_TEST_REQUIRE(read.has_value());
    return read->key;
}

json::object with(json::object envelope, std::string_view field, std::string_view value)
{
    data_of(envelope)[field] = value;
    return envelope;
}

const std::string another_time = "2026-01-02T03:04:06.000Z";

} // namespace

BOOST_AUTO_TEST_SUITE(event_key_modes)

BOOST_AUTO_TEST_CASE(a_message_has_one_key_on_every_way)
{
    for (const auto* activity : {"post_group_mention", "post_direct", "post_eu_cluster"})
    {
        const auto socket = over_websocket(activity, "messages", "created");
        const auto key = key_of(socket);
        BOOST_TEST(key == "messages:created:" + text_or(socket.at("data").as_object(), "id"));
        BOOST_TEST(key_of(by_webhook(socket)) == key);
        BOOST_TEST(key_of(by_recovery(socket)) == key);
    }
    BOOST_TEST(key_of(over_websocket("post_direct", "messages", "created")) !=
               key_of(over_websocket("post_group_mention", "messages", "created")));
}

BOOST_AUTO_TEST_CASE(a_deleted_message_has_one_key_on_every_way)
{
    for (const auto* activity : {"delete_message", "delete_message_eu"})
    {
        const auto socket = over_websocket(activity, "messages", "deleted");
        BOOST_TEST(key_of(by_webhook(socket)) == key_of(socket));
        auto made = socket;
        made["event"] = "created";
        BOOST_TEST(key_of(made) != key_of(socket));
    }
}

BOOST_AUTO_TEST_CASE(every_edit_of_a_message_is_an_event_of_its_own_with_one_key_on_every_way)
{
    auto first = over_websocket("post_direct", "messages", "created");
    first["event"] = "updated";
    data_of(first)["updated"] = "2026-01-02T03:05:00.000Z";
    BOOST_TEST(key_of(by_webhook(first)) == key_of(first));
    const auto second = with(first, "updated", another_time);
    BOOST_TEST(key_of(second) != key_of(first));
    BOOST_TEST(key_of(by_webhook(second)) == key_of(second));
}

BOOST_AUTO_TEST_CASE(every_submission_of_a_card_is_an_event_of_its_own_with_one_key_on_every_way)
{
    const auto first = over_websocket("cardAction", "attachmentActions", "created");
    BOOST_TEST(key_of(by_webhook(first)) == key_of(first));
    const auto second = with(first, "id", "ANOTHER_SUBMISSION"); // of the same card, by the same person
    BOOST_TEST(key_of(second) != key_of(first));
}

BOOST_AUTO_TEST_CASE(who_came_in_has_one_key_on_every_way_and_another_when_coming_again)
{
    for (const auto* activity : {"add_person", "add_person_moderator", "create_conversation"})
    {
        const auto socket = over_websocket(activity, "memberships", "created");
        const auto key = key_of(socket);
        BOOST_TEST(key_of(by_webhook(socket)) == key);
        BOOST_TEST(key_of(by_recovery(socket)) == key);
        BOOST_TEST(key_of(with(socket, "created", another_time)) != key);
    }
}

BOOST_AUTO_TEST_CASE(who_left_has_one_key_for_each_mode)
{
    // A webhook has the time of the join in `data.created`, the websocket that of the leave.
    for (const auto* activity : {"leave_removed_by_other", "leave_self"})
    {
        const auto socket = over_websocket(activity, "memberships", "deleted");
        const auto webhook = with(by_webhook(socket), "created", "2026-01-01T00:00:00.000Z");
        BOOST_TEST(key_of(webhook) != key_of(socket)); // the price, see event_key.cpp
        BOOST_TEST(key_of(with(webhook, "isMonitor", "")) == key_of(webhook));
        BOOST_TEST(key_of(with(socket, "roomType", "direct")) == key_of(socket));
        BOOST_TEST(key_of(with(socket, "created", another_time)) != key_of(socket));
        BOOST_TEST(key_of(with(webhook, "created", another_time)) != key_of(webhook));
    }
}

BOOST_AUTO_TEST_CASE(a_new_room_has_one_key_on_every_way)
{
    const auto socket = over_websocket("create_conversation", "rooms", "created");
    BOOST_TEST(key_of(by_webhook(socket)) == key_of(socket));
    BOOST_TEST(key_of(with(socket, "id", "ANOTHER_ROOM")) != key_of(socket));
}

// What has no time of the change that both modes would tell.
const std::vector<std::vector<std::string>> changes{
    {"memberships", "assignModerator"},
    {"memberships", "unassignModerator"},
    {"memberships", "hide"},
    {"rooms", "update_title"},
    {"rooms", "lock"},
    {"rooms", "unlock"},
};

BOOST_AUTO_TEST_CASE(a_change_told_twice_is_one_event_and_a_repeated_change_is_not)
{
    for (const auto& change : changes)
    {
        const auto socket = over_websocket(change[1], change[0], "updated");
        BOOST_TEST(key_of(socket) == key_of(over_websocket(change[1], change[0], "updated")));
        BOOST_TEST(key_of(with(socket, "created", another_time)) != key_of(socket));

        const auto webhook = by_webhook(socket);
        auto second_hook = webhook;
        second_hook["id"] = "another webhook's";
        BOOST_TEST(key_of(second_hook) == key_of(webhook));
    }
    const auto room = by_webhook(over_websocket("update_title", "rooms", "updated"));
    BOOST_TEST(key_of(with(room, "lastActivity", another_time)) != key_of(room));
    BOOST_TEST(key_of(over_websocket("assignModerator", "memberships", "updated")) !=
               key_of(over_websocket("unassignModerator", "memberships", "updated")));
}

BOOST_AUTO_TEST_CASE(a_change_without_a_time_of_its_own_has_one_key_for_each_mode)
{
    for (const auto& change : changes)
    {
        const auto socket = over_websocket(change[1], change[0], "updated");
        BOOST_TEST(key_of(by_webhook(socket)) != key_of(socket)); // the price, see event_key.cpp
        const auto timed = with(socket, "updated", another_time); // should the cloud ever tell
        BOOST_TEST(key_of(by_webhook(timed)) == key_of(timed));
    }
}

BOOST_AUTO_TEST_CASE(every_receipt_is_an_event_of_its_own)
{
    const auto first = over_websocket("acknowledge", "memberships", "seen");
    BOOST_TEST(key_of(with(first, "created", another_time)) != key_of(first));
    BOOST_TEST(key_of(with(first, "lastSeenId", "ANOTHER_MESSAGE")) != key_of(first));
}

BOOST_AUTO_TEST_SUITE_END()
