#include "postern/source/recovery/recovery_envelope.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/json.hpp"
#include "postern/source/device/activity_map.hpp"
#include "postern/verify/event_json.hpp"
#include "support/vectors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::source;

namespace {

// Those of vectors/activity-to-event.json.
const std::string alice = "6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11";
const std::string relay = "f5b36187-c8dd-4727-8b2f-f9c447f29046";
const std::string bob = "0c1d2e3f-4a5b-4c6d-8e7f-901234567890";
const std::string night_shift = "2d8cd5c0-7a4b-11ee-9d54-3a1f0d6b8c01";
const std::string published = "2026-01-02T03:04:05.006Z";

std::string us(std::string type, std::string native)
{
    return format_id({"us", std::move(type), std::move(native)});
}

webex::person person(const std::string& uuid)
{
    webex::person me;
    me.id = us("PEOPLE", uuid);
    me.org_id = us("ORGANIZATION", "1eb65fdf-9643-417f-9974-ad72cae0e10f");
    me.emails = {"relay@webex.bot"};
    me.display_name = "Relay Bot";
    me.type = "bot";
    return me;
}

// What GET /messages lists of the vectors' post_group_mention.
webex::message mention()
{
    webex::message m;
    m.id = us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120001");
    m.room_id = us("ROOM", night_shift);
    m.room_type = "group";
    m.text = "very private";
    m.html = m.markdown = m.text;
    m.files = {"https://webexapis.com/v1/contents/x"};
    m.person_id = us("PEOPLE", alice);
    m.person_email = "alice@example.com";
    m.mentioned_people = {us("PEOPLE", relay)};
    m.created = published;
    return m;
}

// And GET /memberships of its add_person.
webex::membership added()
{
    webex::membership m;
    m.id = us("MEMBERSHIP", bob + ':' + night_shift);
    m.room_id = us("ROOM", night_shift);
    m.room_type = "group";
    m.person_id = us("PEOPLE", bob);
    m.person_email = "bob@example.com";
    m.person_display_name = "Bob Example";
    m.person_org_id = us("ORGANIZATION", "1eb65fdf-9643-417f-9974-ad72cae0e10f");
    m.is_moderator = false;
    m.is_monitor = false;
    m.created = published;
    return m;
}

std::string envelope_of(const webex::message& m) { return message_envelope(m, {}, person(relay)); }

std::string live(std::string_view name, const webex::person& me)
{
    const activity_map map({me.id, me.org_id, true}, [](std::string_view) { return "us"; });
    const auto file = test::vectors("activity-to-event.json");
    for (const auto& c : file.at("cases").as_array())
        if (c.at("name").as_string() == name)
        {
            json::object data;
            data["activity"] = c.at("activity");
            return map.map(data, nullptr).envelopes.at(0);
        }
    BOOST_FAIL("no such case: " << name);
    return {};
}

event parsed(const std::string& envelope) { return verify::parse_event(envelope).value(); }

json::object data_of(const std::string& envelope) { return json::parse(envelope).at("data").as_object(); }

} // namespace

BOOST_AUTO_TEST_SUITE(recovery_envelope)

BOOST_AUTO_TEST_CASE(a_message_is_the_event_that_the_websocket_tells)
{
    const auto recovered = parsed(envelope_of(mention()));
    const auto told = parsed(live("post_group_mention", person(relay)));
    BOOST_TEST(recovered.key == told.key);
    BOOST_TEST(recovered.kind() == "messages:created");
    BOOST_TEST(recovered.room == told.room);
    BOOST_TEST(recovered.actor == told.actor);
    BOOST_TEST(recovered.data_id == told.data_id);
    BOOST_TEST((recovered.happened == told.happened));
    BOOST_TEST((recovered.happened == parse_time(published).value()));

    auto of_recovery = data_of(envelope_of(mention()));
    auto of_websocket = data_of(live("post_group_mention", person(relay)));
    BOOST_TEST(of_recovery == of_websocket);
}

BOOST_AUTO_TEST_CASE(a_message_is_the_event_that_a_webhook_tells)
{
    json::object data = data_of(envelope_of(mention()));
    json::object hook; // protocol/webex-rest.md 5.1
    hook["id"] = us("WEBHOOK", "e07b3c9a-18d4-4f62-a5b9-c6d7e8f90a1b");
    hook["name"] = "postern messages";
    hook["targetUrl"] = "https://gw.example.net/hooks/webex";
    hook["resource"] = "messages";
    hook["event"] = "created";
    hook["created"] = "2026-02-11T09:00:00.214Z";
    hook["actorId"] = us("PEOPLE", alice);
    hook["data"] = data;
    BOOST_TEST(parsed(json::serialize(hook)).key == parsed(envelope_of(mention())).key);
    data.erase("mentionedPeople"); // not every webhook has it (12 #11)
    hook["data"] = data;
    BOOST_TEST(parsed(json::serialize(hook)).key == parsed(envelope_of(mention())).key);
}

BOOST_AUTO_TEST_CASE(no_word_of_a_message_leaves_with_it)
{
    const auto envelope = envelope_of(mention());
    for (const char* secret : {"private", "text", "html", "markdown", "files"})
        BOOST_TEST(envelope.find(secret) == envelope.npos, secret);
}

BOOST_AUTO_TEST_CASE(a_message_that_was_edited_is_still_the_one_that_was_created)
{
    auto edited = mention();
    edited.updated = "2026-01-02T04:00:00.000Z";
    BOOST_TEST(envelope_of(edited) == envelope_of(mention()));
}

BOOST_AUTO_TEST_CASE(what_a_message_does_not_tell_of_its_room_is_known)
{
    webex::message bare;
    bare.id = mention().id;
    webex::room where;
    where.id = us("ROOM", night_shift);
    where.type = "direct";
    const auto envelope = message_envelope(bare, where, person(relay));
    BOOST_TEST(parsed(envelope).room == where.id);
    BOOST_TEST(text_or(data_of(envelope), "roomType") == "direct");
    BOOST_TEST(!data_of(envelope).contains("personId"));
    BOOST_TEST((parsed(envelope).happened == wall_time()));
}

BOOST_AUTO_TEST_CASE(being_added_is_the_event_that_the_websocket_tells)
{
    const auto envelope = joined_envelope(added(), person(bob));
    const auto recovered = parsed(envelope);
    const auto told = parsed(live("add_person", person(bob)));
    BOOST_TEST(recovered.key == told.key);
    BOOST_TEST(recovered.kind() == "memberships:created");
    BOOST_TEST(recovered.room == told.room);
    BOOST_TEST(recovered.actor.empty()); // nobody tells who it was
    BOOST_TEST(text_or(data_of(envelope), "personId") == us("PEOPLE", bob));
    BOOST_TEST(get_bool(data_of(envelope), "isMonitor").has_value());

    auto again = added();
    again.created = "2026-01-03T03:04:05.006Z";
    BOOST_TEST(parsed(joined_envelope(again, person(bob))).key != recovered.key);
}

BOOST_AUTO_TEST_CASE(leaving_the_same_room_in_two_outages_is_two_events)
{
    room_position gone;
    gone.room = us("ROOM", night_shift);
    gone.membership = us("MEMBERSHIP", relay + ':' + night_shift);
    const auto first = parse_time(published).value();
    const auto envelope = left_envelope(gone, first, person(relay));
    const auto e = parsed(envelope);
    BOOST_TEST(e.kind() == "memberships:deleted");
    BOOST_TEST(e.data_id == gone.membership);
    BOOST_TEST(e.room == gone.room);
    BOOST_TEST(e.actor.empty());
    BOOST_TEST(text_or(data_of(envelope), "personId") == us("PEOPLE", relay));
    BOOST_TEST(text_or(data_of(envelope), "roomType") == "group");

    BOOST_TEST(left_envelope(gone, first, person(relay)) == envelope); // the same outage, tried again
    BOOST_TEST(parsed(left_envelope(gone, first + std::chrono::hours(1), person(relay))).key != e.key);
}

BOOST_AUTO_TEST_SUITE_END()
