#include "postern/verify/event_key.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern::verify;

namespace {

struct notification
{
    std::string resource = "messages";
    std::string name = "created";
    std::string id = "ID";
    std::string created{};
    std::string updated{};
    std::string actor{};
    std::string data = R"({"id":"ID"})";
};

std::string key_of(const notification& n)
{
    key_facts f;
    f.resource = n.resource;
    f.name = n.name;
    f.data_id = n.id;
    f.created = n.created;
    f.updated = n.updated;
    f.actor = n.actor;
    f.data = [&n] { return n.data; };
    return event_key(f);
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_key)

BOOST_AUTO_TEST_CASE(a_message_is_created_and_deleted_once)
{
    notification n;
    BOOST_TEST(key_of(n) == "messages:created:ID");
    n.created = "2026-02-11T09:14:27.301Z";
    n.data = R"({"id":"ID","more":1})";
    BOOST_TEST(key_of(n) == "messages:created:ID");
    n.name = "deleted";
    BOOST_TEST(key_of(n) == "messages:deleted:ID");
}

BOOST_AUTO_TEST_CASE(two_edits_of_a_message_are_two_events)
{
    notification n;
    n.name = "updated";
    n.updated = "2026-02-11T09:14:27.301Z";
    const auto first = key_of(n);
    BOOST_TEST(first == "messages:updated:ID:2026-02-11T09:14:27.301Z");
    n.updated = "2026-02-11T09:14:27.302Z";
    BOOST_TEST(key_of(n) != first);
}

BOOST_AUTO_TEST_CASE(one_moment_spelled_twice_is_one_event)
{
    notification n;
    n.name = "updated";
    n.updated = "2026-02-11T09:14:27.300Z";
    const auto first = key_of(n);
    n.updated = "2026-02-11T10:14:27.3+01:00";
    n.data = R"({"id":"ID","updated":"spelled otherwise"})";
    BOOST_TEST(key_of(n) == first);
}

BOOST_AUTO_TEST_CASE(an_edit_without_a_time_is_told_apart_by_its_data)
{
    for (const std::string time : {"", "yesterday"})
    {
        notification n;
        n.name = "updated";
        n.updated = time;
        const auto first = key_of(n);
        BOOST_TEST(key_of(n) == first);
        n.data = R"({"id":"ID","isLocked":true})";
        BOOST_TEST(key_of(n) != first);
    }
}

BOOST_AUTO_TEST_CASE(a_person_may_leave_a_room_and_come_back)
{
    for (const std::string name : {"created", "deleted"})
    {
        notification n;
        n.resource = "memberships";
        n.name = name;
        n.created = "2026-02-01T16:41:00.552Z";
        const auto first = key_of(n);
        BOOST_TEST(first == "memberships:" + name + ":ID:2026-02-01T16:41:00.552Z");
        n.created = "2026-02-02T16:41:00.552Z";
        BOOST_TEST(key_of(n) != first);
    }
}

BOOST_AUTO_TEST_CASE(a_submission_of_a_card_is_known_by_its_id)
{
    notification n;
    n.resource = "attachmentActions";
    n.created = "2026-02-11T09:20:41.033Z";
    BOOST_TEST(key_of(n) == "attachmentActions:created:ID");
}

BOOST_AUTO_TEST_CASE(a_room_is_created_once_and_updated_often)
{
    notification n;
    n.resource = "rooms";
    BOOST_TEST(key_of(n) == "rooms:created:ID");
    n.name = "updated";
    n.data = R"({"id":"ID","lastActivity":"2026-02-11T09:14:27.301Z"})";
    const auto first = key_of(n);
    n.data = R"({"id":"ID","lastActivity":"2026-02-11T09:14:28.301Z"})";
    BOOST_TEST(key_of(n) != first);
}

BOOST_AUTO_TEST_CASE(the_same_change_by_two_people_is_two_events)
{
    notification n;
    n.resource = "memberships";
    n.name = "updated";
    n.actor = "ana";
    const auto first = key_of(n);
    n.actor = "bob";
    BOOST_TEST(key_of(n) != first);
}

BOOST_AUTO_TEST_CASE(an_event_without_an_id_is_known_by_its_data)
{
    notification n;
    n.resource = "telephony_mwi";
    n.name = "updated";
    n.id.clear();
    const auto first = key_of(n);
    BOOST_TEST(first.starts_with("telephony_mwi:updated:"));
    BOOST_TEST(key_of(n) == first);
    n.data = R"({"other":1})";
    BOOST_TEST(key_of(n) != first);
}

BOOST_AUTO_TEST_CASE(known_names_have_one_spelling)
{
    BOOST_TEST(canonical_resource("attachmentactions") == "attachmentActions");
    BOOST_TEST(canonical_resource("MESSAGES") == "messages");
    BOOST_TEST(canonical_resource("Serviceapp") == "serviceApp");
    BOOST_TEST(canonical_event("Created") == "created");
    BOOST_TEST(canonical_event("statuschanged") == "statusChanged");
}

BOOST_AUTO_TEST_CASE(unknown_names_stay_as_they_came)
{
    BOOST_TEST(canonical_resource("holoDecks") == "holoDecks");
    BOOST_TEST(canonical_resource("message") == "message");
    BOOST_TEST(canonical_resource("") == "");
    BOOST_TEST(canonical_event("Beamed") == "Beamed");
}

BOOST_AUTO_TEST_SUITE_END()
