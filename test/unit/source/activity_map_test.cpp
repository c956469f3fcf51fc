#include "postern/source/device/activity_map.hpp"

#include "postern/base/ids.hpp"
#include "postern/verify/event_json.hpp"
#include "support/vectors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>

using namespace postern;
using namespace postern::source;

namespace {

const std::string alice = "6a5c7f10-3a51-4e0c-8a1e-2b7d3c9f4e11";
const std::string relay = "f5b36187-c8dd-4727-8b2f-f9c447f29046"; // who listens
const std::string carol = "9d0e1f2a-3b4c-4d5e-8f60-718293a4b5c6";
const std::string night_shift = "2d8cd5c0-7a4b-11ee-9d54-3a1f0d6b8c01";
const std::string published = "2026-01-02T03:04:05.006Z";

std::string us(std::string type, std::string native)
{
    return format_id({"us", std::move(type), std::move(native)});
}

const json::object& recorded()
{
    static const auto file = test::vectors("activity-to-event.json");
    return file;
}

const json::array& cases() { return recorded().at("cases").get_array(); }

json::object case_named(std::string_view name)
{
    for (const auto& c : cases())
        if (c.at("name").get_string() == name)
            return c.get_object();
    BOOST_FAIL("no such case: " << name);
    return {};
}

json::object activity_of(std::string_view name) { return case_named(name).at("activity").get_object(); }

std::optional<std::string> two_clusters(std::string_view url)
{
    if (url.starts_with("https://conv-a.wbx2.com/"))
        return "us";
    if (url.starts_with("https://conv-k.wbx2.com/"))
        return "urn:TEAM:eu-central-1_k";
    return std::nullopt;
}

activity_map map_for(std::string uuid, bool bot = false)
{
    return activity_map(
        {us("PEOPLE", std::move(uuid)), us("ORGANIZATION", "1eb65fdf-9643-417f-9974-ad72cae0e10f"), bot},
        two_clusters);
}

mapped mapped_by(const activity_map& map, const json::object& activity)
{
    json::object data;
    data["eventType"] = "conversation.activity";
    data["activity"] = activity;
    return map.map(data, nullptr);
}

json::object parsed(const std::string& text) { return json::parse(text).get_object(); }

std::vector<std::string> events_of(const mapped& m)
{
    std::vector<std::string> names;
    for (const auto& text : m.envelopes)
    {
        const auto envelope = parsed(text);
        names.push_back(text_or(envelope, "resource") + ':' + text_or(envelope, "event"));
    }
    return names;
}
using names = std::vector<std::string>;

json::object only_data(const mapped& m)
{
    BOOST_TEST_REQUIRE(m.envelopes.size() == 1u, m.why_none);
    return parsed(m.envelopes.front()).at("data").get_object();
}

std::vector<std::string> members_of(const json::object& object)
{
    std::vector<std::string> keys;
    for (const auto& member : object)
        keys.emplace_back(member.key());
    return keys;
}

// --- what is wanted otherwise than the SDK has it, case by case; activity_map.cpp says why

using events = std::vector<json::object>;

void webhook_s_fields(events& wanted, json::object data)
{
    wanted.at(0)["data"] = std::move(data);
    wanted.at(0)["actorId"] = us("PEOPLE", alice);
}

json::object message(std::string id, std::string room, std::string_view type)
{
    json::object data;
    data["id"] = std::move(id);
    data["roomId"] = std::move(room);
    data["roomType"] = type;
    data["personId"] = us("PEOPLE", alice);
    data["personEmail"] = "alice@example.com";
    return data;
}

json::object new_message(std::string id, std::string room = us("ROOM", night_shift),
                         std::string_view type = "group")
{
    auto data = message(std::move(id), std::move(room), type);
    data["created"] = published;
    return data;
}

const std::map<std::string, std::function<void(events&)>, std::less<>> differences{
    {"post_group_mention",
     [](events& wanted) {
         auto data = new_message(us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120001"));
         data["mentionedPeople"] = json::array{us("PEOPLE", relay)};
         webhook_s_fields(wanted, data);
     }},
    {"post_direct",
     [](events& wanted) {
         webhook_s_fields(wanted, new_message(us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120002"),
                                              us("ROOM", "91c2d3e4-5f60-3a7b-8c9d-0e1f2a3b4c5d"), "direct"));
     }},
    {"post_eu_cluster",
     [](events& wanted) {
         const std::string k = "urn:TEAM:eu-central-1_k";
         webhook_s_fields(wanted,
                          new_message(format_id({k, "MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120003"}),
                                      format_id({k, "ROOM", "5e9f1a20-7a4b-11ee-8c11-77aa88bb99cc"})));
     }},
    {"post_thread_reply",
     [](events& wanted) {
         auto data = new_message(us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120004"));
         data["parentId"] = us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120001");
         webhook_s_fields(wanted, data);
     }},
    {"post_edit",
     [](events& wanted) {
         auto data =
             message(us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120002"), us("ROOM", night_shift), "group");
         data["updated"] = published;
         webhook_s_fields(wanted, data);
         wanted.at(0)["event"] = "updated";
     }},
    {"share_files",
     [](events& wanted) {
         webhook_s_fields(wanted, new_message(us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120006")));
     }},
    {"update_content_scanned", [](events& wanted) { wanted.clear(); }},
    {"cardAction", [](events& wanted) { wanted.at(0).at("data").get_object().erase("inputs"); }},
};

events wanted_of(const json::object& c)
{
    events wanted;
    for (const auto& e : c.at("events").get_array())
    {
        auto envelope = e.get_object();
        BOOST_TEST(text_or(envelope, "created") == "<time listen() was called>");
        envelope["created"] = published; // a difference of all of them
        wanted.push_back(std::move(envelope));
    }
    if (const auto d = differences.find(text_or(c, "name")); d != differences.end())
        d->second(wanted);
    return wanted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(activity_map)

BOOST_AUTO_TEST_CASE(every_recorded_activity_becomes_what_the_sdk_made_of_it_but_for_the_listed_differences)
{
    const auto map = map_for(relay);
    BOOST_TEST(cases().size() == 27u);
    for (const auto& c : cases())
        BOOST_TEST_CONTEXT(json::serialize(c.at("name")))
        {
            const auto wanted = wanted_of(c.get_object());
            const auto got = mapped_by(map, c.at("activity").get_object());
            BOOST_TEST(got.why_none.empty() != wanted.empty());
            BOOST_TEST(got.unknown_url == "");
            BOOST_TEST_REQUIRE(got.envelopes.size() == wanted.size());
            for (std::size_t i = 0; i < wanted.size(); ++i)
            {
                const auto envelope = parsed(got.envelopes[i]);
                BOOST_TEST(envelope == wanted[i]);
                BOOST_TEST(members_of(envelope) == members_of(wanted[i]), boost::test_tools::per_element());
            }
        }
    for (const auto& [name, apply] : differences)
        case_named(name);
}

BOOST_AUTO_TEST_CASE(every_event_has_the_key_that_the_journal_knows_it_by)
{
    std::map<std::string, std::vector<std::string>> keys;
    for (const auto& c : cases())
        for (const auto& envelope : mapped_by(map_for(relay), c.at("activity").get_object()).envelopes)
        {
            const auto e = verify::parse_event(envelope);
            BOOST_TEST_REQUIRE(e.has_value(), c.at("name"));
            BOOST_TEST(e->body == envelope);
            const auto prefix = e->resource + ':' + e->name + ':' + e->data_id;
            BOOST_TEST(e->key.starts_with(prefix));
            keys[std::string(c.at("name").get_string())].push_back(e->key.substr(prefix.size()));
            BOOST_TEST(!e->room.empty());
            BOOST_TEST(parse_id(e->actor)->type == "PEOPLE");
        }

    // A message is one event, however often and by whatever way it is told.
    for (const auto* name :
         {"post_direct", "post_group_mention", "share_files", "delete_message", "cardAction"})
        BOOST_TEST(keys.at(name) == names{""}, boost::test_tools::per_element());
    for (const auto* name : {"post_edit", "add_person", "leave_self"}) // and these may happen again
        BOOST_TEST(keys.at(name) == names{':' + published}, boost::test_tools::per_element());
    BOOST_TEST(keys.at("create_conversation") == (names{':' + published, ':' + published, ""}),
               boost::test_tools::per_element());
    BOOST_TEST(keys.at("lock") != keys.at("unlock"));
}

BOOST_AUTO_TEST_CASE(own_messages_are_no_events_and_others_are)
{
    const auto mine = map_for(alice);
    for (const auto* name : {"post_direct", "share_files", "post_edit", "delete_message"})
        BOOST_TEST(mapped_by(mine, activity_of(name)).why_none == "own message", name);
    BOOST_TEST(events_of(mapped_by(mine, activity_of("lock"))) == names{"rooms:updated"});
    BOOST_TEST(events_of(mapped_by(mine, activity_of("add_person"))) == names{"memberships:created"});

    // Whose message it is is told by UUIDs: by entryUUID, then by id, whatever the case.
    auto post = activity_of("post_direct");
    auto& actor = post.at("actor").get_object();
    actor["entryUUID"] = "6A5C7F10-3A51-4E0C-8A1E-2B7D3C9F4E11";
    actor["id"] = "alice@example.com";
    BOOST_TEST(mapped_by(mine, post).why_none == "own message");
    actor.erase("entryUUID");
    actor["id"] = alice;
    BOOST_TEST(mapped_by(mine, post).why_none == "own message");
    actor["id"] = carol; // another person with an address that says Alice
    BOOST_TEST(events_of(mapped_by(mine, post)) == names{"messages:created"});
    actor["id"] = "alice@example.com";
    BOOST_TEST(mapped_by(mine, post).why_none ==
               "the activity does not say who did it: the actor has no UUID");
}

BOOST_AUTO_TEST_CASE(who_does_not_know_who_it_is_takes_no_message_for_somebody_else_s)
{
    const source::activity_map nobody({"me", "", false}, two_clusters);
    BOOST_TEST(mapped_by(nobody, activity_of("post_direct")).why_none ==
               "nobody can tell whose message it is: our own person id holds no UUID");
    const auto added = mapped_by(nobody, activity_of("add_person"));
    BOOST_TEST(events_of(added) == names{"memberships:created"});
    BOOST_TEST(!parsed(added.envelopes.at(0)).contains("orgId"));
}

BOOST_AUTO_TEST_CASE(a_bot_hears_of_a_group_only_what_mentions_it)
{
    const auto bot = map_for(relay, true);
    BOOST_TEST(events_of(mapped_by(bot, activity_of("post_group_mention"))) == names{"messages:created"});
    BOOST_TEST(events_of(mapped_by(bot, activity_of("post_direct"))) == names{"messages:created"});
    for (const auto* name : {"post_thread_reply", "post_eu_cluster", "share_files", "post_edit"})
        BOOST_TEST(mapped_by(bot, activity_of(name)).why_none == "the bot is not mentioned", name);

    auto post = activity_of("post_group_mention");
    auto& object = post.at("object").get_object();
    object.at("mentions").at("items").at(0).get_object()["id"] = carol;
    BOOST_TEST(mapped_by(bot, post).why_none == "the bot is not mentioned");
    object["groupMentions"] = json::parse(R"({"items":[{"objectType":"groupMention","groupType":"all"}]})");
    BOOST_TEST(mapped_by(bot, post).why_none == "the bot is not mentioned");
    BOOST_TEST(events_of(mapped_by(map_for(relay), post)) == names{"messages:created"});

    for (const auto* name : {"delete_message", "cardAction", "add_person", "update_title"})
        BOOST_TEST(mapped_by(bot, activity_of(name)).envelopes.size() == 1u, name);
}

BOOST_AUTO_TEST_CASE(an_edit_is_an_update_of_the_edited_message_in_both_forms_that_are_told_of)
{
    const auto map = map_for(relay);
    auto edit = activity_of("post_edit");
    const auto original = us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120002");

    edit["verb"] = "update";
    auto got = mapped_by(map, edit);
    BOOST_TEST(events_of(got) == names{"messages:updated"});
    BOOST_TEST(text_or(only_data(got), "id") == original);

    edit.erase("parent");
    edit.at("object").get_object()["id"] = "a1000000-7a4c-11ee-b962-0242ac120002";
    got = mapped_by(map, edit);
    BOOST_TEST(events_of(got) == names{"messages:updated"});
    BOOST_TEST(text_or(only_data(got), "id") == original);

    edit.at("object").get_object().erase("id");
    got = mapped_by(map, edit);
    BOOST_TEST(text_or(only_data(got), "id") == us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120005"));

    auto reply = activity_of("post_thread_reply"); // an edited answer is not an edit of what it answers
    reply["verb"] = "update";
    got = mapped_by(map, reply);
    BOOST_TEST(events_of(got) == names{"messages:updated"});
    BOOST_TEST(text_or(only_data(got), "id") == us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120004"));
    BOOST_TEST(text_or(only_data(got), "parentId") == us("MESSAGE", "a1000000-7a4c-11ee-b962-0242ac120001"));

    auto lost = activity_of("post_edit");
    lost.at("parent").get_object().erase("id");
    BOOST_TEST(mapped_by(map, lost).why_none == "an edit that does not say of which message");
}

BOOST_AUTO_TEST_CASE(whoever_is_removed_is_gone_as_whoever_leaves)
{
    auto left = activity_of("leave_removed_by_other");
    const auto as_leave = mapped_by(map_for(relay), left);
    left["verb"] = "remove";
    BOOST_TEST(mapped_by(map_for(relay), left).envelopes == as_leave.envelopes,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(why_there_is_no_event_is_said_in_words)
{
    const auto why = [](const json::object& a) { return mapped_by(map_for(relay), a).why_none; };
    BOOST_TEST(why(activity_of("reaction_add")) == "a reaction is no event");
    BOOST_TEST(why(activity_of("reaction_summary")) == "a reaction is no event");
    BOOST_TEST(why(activity_of("tombstone")) == "the verb \"tombstone\" is no event");
    BOOST_TEST(why(activity_of("update_content_scanned")) ==
               "files were scanned for malware; their message was told before");

    auto taken_back = activity_of("delete_message");
    taken_back.at("object").get_object()["parent"] = json::parse(R"({"type":"reaction"})");
    BOOST_TEST(why(taken_back) == "a reaction was taken back");

    auto odd = activity_of("add_person");
    odd.at("object").get_object()["objectType"] = "event";
    BOOST_TEST(why(odd) == "a change of a membership, but of no person's");
    odd = activity_of("update_title");
    odd.at("object").get_object()["objectType"] = "team";
    BOOST_TEST(why(odd) == "an update of neither a room nor a message");
    odd["verb"] = "post\nforged log line";
    BOOST_TEST(why(odd) == "the activity has no verb");
    BOOST_TEST(map_for(relay).map({}, nullptr).why_none == "the frame has no activity");
}

BOOST_AUTO_TEST_CASE(a_message_of_an_unknown_host_says_where_its_id_can_be_learned)
{
    const source::activity_map map({us("PEOPLE", relay), "", false},
                                   [](std::string_view) { return std::optional<std::string>(); });
    const std::string base = "https://conv-a.wbx2.com/conversation/api/v1/";
    const auto lookup = [&](std::string_view name) {
        const auto got = mapped_by(map, activity_of(name));
        BOOST_TEST(got.envelopes.empty());
        BOOST_TEST(got.why_none == "nobody knows the cluster of its host, so no id can be built");
        BOOST_TEST(got.unknown_url.starts_with("https://conv-"));
        return got.lookup_url;
    };
    BOOST_TEST(lookup("post_direct") == base + "messages/a1000000-7a4c-11ee-b962-0242ac120002");
    BOOST_TEST(lookup("share_files") == base + "messages/a1000000-7a4c-11ee-b962-0242ac120006");
    BOOST_TEST(lookup("post_edit") == base + "messages/a1000000-7a4c-11ee-b962-0242ac120002");
    BOOST_TEST(lookup("cardAction") == base + "attachment/actions/a1000000-7a4c-11ee-b962-024200000011");
    for (const auto* name : {"delete_message", "create_conversation", "add_person", "lock", "hide"})
        BOOST_TEST(lookup(name) == "", name);

    auto elsewhere = activity_of("post_direct"); // a URL that is not built as all others
    elsewhere.at("target").get_object()["url"] = base + "rooms/7";
    BOOST_TEST(mapped_by(map, elsewhere).unknown_url == base + "rooms/7");
    BOOST_TEST(mapped_by(map, elsewhere).lookup_url == "");
}

BOOST_AUTO_TEST_CASE(a_room_without_a_url_is_where_the_activity_is)
{
    auto post = activity_of("post_eu_cluster");
    post.at("target").get_object().erase("url");
    BOOST_TEST(parse_id(text_or(only_data(mapped_by(map_for(relay), post)), "id"))->cluster ==
               "urn:TEAM:eu-central-1_k");
    post.erase("url");
    BOOST_TEST(mapped_by(map_for(relay), post).why_none ==
               "neither the activity nor its room has a URL, so no id can be built");
}

BOOST_AUTO_TEST_SUITE_END()
