// Activities as websockets carry them, against what was recorded of the real service's shape
// (vectors/activity-to-event.json).

#include "postern/base/ids.hpp"
#include "postern/emulator/seed.hpp"
#include "postern/emulator/shapes.hpp"
#include "postern/emulator/shapes_activity.hpp"
#include "support/vectors.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>

using namespace postern;
using namespace postern::emulator;

namespace {

// Every member's path, in order; below an array only of its first element.
void paths_of(const json::value& v, const std::string& at, std::vector<std::string>& into)
{
    if (const auto* o = v.if_object())
        for (const auto& [key, member] : *o)
        {
            const auto path = at + '.' + std::string(key);
            into.push_back(path);
            paths_of(member, path, into);
        }
    else if (const auto* a = v.if_array(); a && !a->empty())
        paths_of(a->front(), at + "[]", into);
}

std::vector<std::string> paths_of(const json::object& o)
{
    std::vector<std::string> all;
    paths_of(o, "", all);
    return all;
}

json::object recorded(std::string_view name)
{
    const auto file = postern::test::vectors("activity-to-event.json");
    for (const auto& one : file.at("cases").as_array())
        if (text_or(one.as_object(), "name") == name)
        {
            auto a = one.at("activity").as_object();
            json::object plain; // without the sender's own number, which nobody else has
            for (const auto& [key, value] : a)
                if (key != "clientTempId")
                    plain[key] = value;
            return plain;
        }
    BOOST_TEST_REQUIRE(false, "no such vector: " << name);
    return {};
}

struct shapes_fixture
{
    wall_time now = *parse_time("2026-02-11T09:14:27.318Z");
    world w{[this] { return now; }};
    time_uuids ids;
    const person *bot = nullptr, *alice = nullptr, *bob = nullptr, *carol = nullptr;

    shapes_fixture()
    {
        plant(complete(parse_seed(default_seed(), "seed").value(), now), w);
        bot = w.person_named("bot");
        alice = w.person_named("alice");
        bob = w.person_named("bob");
        carol = w.person_named("carol");
    }

    const room& group() { return *w.room_titled("Night shift"); }
    std::vector<activity> say(const person& who, std::string markdown, std::string parent = {})
    {
        draft d;
        d.room = group().uuid;
        (markdown.find('<') == std::string::npos ? d.text : d.markdown) = std::move(markdown);
        d.parent = std::move(parent);
        return w.post(who, std::move(d)).value().activities;
    }
    static const message& said(const std::vector<activity>& batch)
    {
        return std::get<message>(batch.back().subject);
    }
    std::vector<activity> send_file(std::string type)
    {
        draft d;
        d.room = group().uuid;
        d.text = "see attached";
        d.files.push_back({"report", std::move(type), std::make_shared<const std::string>("12345"), {}});
        return w.post(*alice, std::move(d)).value().activities;
    }
    std::vector<conversation_activity> told(const std::vector<activity>& batch, bool scans = false)
    {
        return conversation_activities(batch, ids, now, scans);
    }
    json::object shown(const conversation_activity& a) { return show(a, w, "http://cloud.test:8080"); }
    json::object shown(const std::vector<activity>& batch) { return shown(told(batch).back()); }
    const membership& member(const person& who, const room& r)
    {
        return *w.find_membership(r.uuid, who.uuid);
    }
};

json::array card()
{
    return {{{"contentType", "application/vnd.microsoft.card.adaptive"},
             {"content", {{"type", "AdaptiveCard"}, {"version", "1.2"}}}}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(shapes_activity, shapes_fixture)

BOOST_AUTO_TEST_CASE(every_verb_has_the_members_that_were_recorded)
{
    const auto first = said(say(*alice, "first"));
    const auto room = group();
    draft with_card;
    with_card.room = room.uuid;
    with_card.text = "a card";
    with_card.attachments = card();
    const auto of_card = said(w.post(*alice, with_card).value().activities);
    room_wish night, locked, open;
    night.title = "Night watch";
    locked.locked = true;
    open.locked = false;

    const std::vector<std::pair<std::string, std::function<std::vector<activity>()>>> happenings{
        {"post_group_mention",
         [&] { return say(*alice, "<@personEmail:postern@webex.bot|Postern> deploy"); }},
        {"post_thread_reply", [&] { return say(*bob, "in thread", first.uuid); }},
        {"post_edit",
         [&] { return w.edit(*alice, id_of(first), id_of(room), "edited", "").value().activities; }},
        {"share_files", [&] { return send_file("application/pdf"); }},
        {"delete_message", [&] { return w.delete_message(*bob, id_of(said(say(*bob, "oops")))).value(); }},
        {"cardAction",
         [&] {
             return w.submit(*bob, id_of(of_card), {{"choice", "yes"}, {"comment", "ok"}}).value().activities;
         }},
        {"acknowledge", [&] { return std::vector{w.see(*bob, id_of(first)).value()}; }},
        {"add_person", [&] { return w.add_member(*alice, id_of(room), *carol, false).value().activities; }},
        {"leave_removed_by_other",
         [&] { return w.remove_member(*alice, id_of(member(*carol, room))).value(); }},
        {"leave_self",
         [&] {
             w.add_member(*alice, id_of(room), *carol, false).value();
             return w.remove_member(*carol, id_of(member(*carol, room))).value();
         }},
        {"update_title", [&] { return w.update_room(*alice, id_of(room), night).value().activities; }},
        {"lock", [&] { return w.update_room(*alice, id_of(room), locked).value().activities; }},
        {"assignModerator",
         [&] { return w.update_membership(*alice, id_of(member(*bob, room)), true, {}).value().activities; }},
        {"add_person_moderator",
         [&] { return w.add_member(*alice, id_of(room), *carol, true).value().activities; }},
        {"unassignModerator",
         [&] {
             return w.update_membership(*alice, id_of(member(*bob, room)), false, {}).value().activities;
         }},
        {"unlock", [&] { return w.update_room(*alice, id_of(room), open).value().activities; }},
        {"hide",
         [&] {
             const auto& direct = *w.direct_room(*alice, *bot);
             return w.update_membership(*alice, id_of(member(*alice, direct)), {}, true).value().activities;
         }},
        {"create_conversation",
         [&] {
             return w.create_room(*alice, {"New", {}, {}, {}, {}, {}}).value().activities;
         }},
    };
    for (const auto& [name, happen] : happenings)
        BOOST_TEST_CONTEXT(name)
        {
            const auto wanted = recorded(name);
            const auto batch = happen();
            const auto got = shown(batch);
            auto expected = paths_of(wanted);
            if (name == "add_person_moderator") // the vector's room was not locked by it
                BOOST_TEST(got.at("target").at("tags").as_array().empty() == false);
            BOOST_TEST(paths_of(got) == expected, boost::test_tools::per_element());
            BOOST_TEST(text_or(got, "verb") == text_or(wanted, "verb"));
            BOOST_TEST(text_or(got.at("object").as_object(), "objectType") ==
                       text_or(wanted.at("object").as_object(), "objectType"));
            if (name != "add_person_moderator" && got.contains("target"))
                BOOST_TEST(json::serialize(got.at("target").at("tags")) ==
                           json::serialize(wanted.at("target").at("tags")));
            if (const auto* tags = got.at("object").as_object().if_contains("tags"))
                BOOST_TEST(json::serialize(*tags) == json::serialize(wanted.at("object").at("tags")));
            BOOST_TEST(text_or(got.at("actor").as_object(), "type") == "PERSON");
        }
}

BOOST_AUTO_TEST_CASE(a_message_is_named_by_its_own_uuid_and_mentions_by_uuids)
{
    const auto batch = say(*alice, "<@personEmail:postern@webex.bot|Postern> and <@all>");
    const auto a = shown(batch);
    const auto& m = said(batch);
    BOOST_TEST(text_or(a, "id") == m.uuid);
    BOOST_TEST(text_or(a, "published") == format_time(m.created));
    const auto& object = a.at("object").as_object();
    BOOST_TEST(text_or(object, "content").find("data-object-id=\"" + bot->uuid + '"') != std::string::npos);
    BOOST_TEST(text_or(object, "content").find(person_id(bot->uuid)) == std::string::npos);
    BOOST_TEST(text_or(object.at("mentions").at("items").at(0).as_object(), "id") == bot->uuid);
    BOOST_TEST(text_or(object.at("groupMentions").at("items").at(0).as_object(), "groupType") == "all");
    BOOST_TEST(text_or(a, "url") == "http://cloud.test:8080/conversation/api/v1/activities/" + m.uuid);
}

BOOST_AUTO_TEST_CASE(an_edit_is_a_new_activity_that_names_the_old_one)
{
    const auto first = said(say(*alice, "first"));
    const auto edit = w.edit(*alice, id_of(first), id_of(group()), "second", "").value();
    const auto a = shown(edit.activities);
    BOOST_TEST(text_or(a, "id") != first.uuid);
    BOOST_TEST(text_or(a.at("parent").as_object(), "id") == first.uuid);
    BOOST_TEST(text_or(a.at("parent").as_object(), "type") == "edit");
    BOOST_TEST(text_or(a.at("object").as_object(), "displayName") == "second");
    BOOST_TEST(text_or(a, "published") == format_time(*edit.value.updated));
}

BOOST_AUTO_TEST_CASE(a_room_and_its_members_come_as_one_create_for_all_of_them)
{
    draft d;
    d.to = bot->uuid;
    d.text = "hello";
    const auto batch = w.post(*bob, d).value().activities;
    BOOST_TEST_REQUIRE(batch.size() == 4u); // a room, two memberships, a message
    const auto all = told(batch);
    BOOST_TEST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].verb == "create");
    const std::vector<std::string> both{bob->uuid, bot->uuid};
    BOOST_TEST(all[0].audience == both, boost::test_tools::per_element());
    const auto a = shown(all[0]);
    BOOST_TEST(a.at("object").at("participants").at("items").as_array().size() == 2u);
    BOOST_TEST(json::serialize(a.at("object").at("tags")) == R"(["ONE_ON_ONE"])");
    BOOST_TEST(text_or(a.at("object").at("participants").at("items").at(1).as_object(), "type") == "BOT");
    BOOST_TEST(all[1].verb == "post");
}

BOOST_AUTO_TEST_CASE(a_membership_began_at_one_time_whoever_tells_of_it)
{
    draft d;
    d.to = bot->uuid;
    d.text = "hello";
    const auto opened = w.post(*bob, d).value().activities;
    room_wish wish;
    wish.title = "x";
    const auto made = w.create_room(*bob, wish).value();
    const auto added = w.add_member(*bob, id_of(made.value), *bot, false).value();
    for (const auto* batch : {&opened, &made.activities, &added.activities})
    {
        const auto published = text_or(shown(told(*batch).at(0)), "published");
        for (const auto& a : *batch)
            if (const auto* m = std::get_if<membership>(&a.subject))
            {
                BOOST_TEST(text_or(data_of(a, w), "created") == published);
                const auto* listed = w.find_membership(m->room, m->person);
                BOOST_TEST_REQUIRE(listed);
                BOOST_TEST(text_or(postern::emulator::show(*listed, w), "created") == published);
            }
    }
}

BOOST_AUTO_TEST_CASE(people_are_listed_in_the_order_in_which_they_came)
{
    room_wish wish;
    wish.title = "x";
    const auto made = w.create_room(*bob, wish).value().value;
    w.add_member(*bob, id_of(made), *alice, false).value();
    w.add_member(*bob, id_of(made), *bot, false).value();
    const auto all = w.members(made.uuid);
    BOOST_TEST_REQUIRE(all.size() == 3u);
    BOOST_TEST(all[0]->person == bob->uuid);
    BOOST_TEST(all[1]->person == alice->uuid);
    BOOST_TEST(all[2]->person == bot->uuid);
}

BOOST_AUTO_TEST_CASE(hiding_a_room_is_told_to_nobody_else_and_a_button_also_to_who_pressed_it)
{
    const auto& direct = *w.direct_room(*alice, *bot);
    const auto hidden = w.update_membership(*alice, id_of(member(*alice, direct)), {}, true).value();
    BOOST_TEST(told(hidden.activities).at(0).audience == std::vector{alice->uuid},
               boost::test_tools::per_element());
    const auto again = w.update_membership(*alice, id_of(member(*alice, direct)), {}, false).value();
    BOOST_TEST(told(again.activities).at(0).verb == "unhide");

    draft d;
    d.room = group().uuid;
    d.text = "a card";
    d.attachments = card();
    const auto sent = w.post(*bot, d).value();
    const auto object = shown(sent.activities).at("object").as_object();
    BOOST_TEST(object.at("cards").at(0).as_string() == R"({"type":"AdaptiveCard","version":"1.2"})");
    const auto pressed = w.submit(*alice, id_of(sent.value), {}).value();
    const std::vector<std::string> both{bot->uuid, alice->uuid};
    BOOST_TEST(told(pressed.activities).at(0).audience == both, boost::test_tools::per_element());
    BOOST_TEST(told(pressed.activities).at(0).id == pressed.value.uuid);
}

BOOST_AUTO_TEST_CASE(files_have_a_category_and_documents_a_scan_where_that_is_asked_for)
{
    const auto document = send_file("application/pdf");
    BOOST_TEST(told(document).size() == 1u);
    const auto both = told(document, true);
    BOOST_TEST_REQUIRE(both.size() == 2u);
    const auto scan = shown(both[1]);
    BOOST_TEST(paths_of(scan) == paths_of(recorded("update_content_scanned")),
               boost::test_tools::per_element());
    BOOST_TEST(text_or(scan, "id") != text_or(shown(both[0]), "id"));

    const auto picture = send_file("image/png");
    BOOST_TEST(told(picture, true).size() == 1u);
    BOOST_TEST(text_or(shown(picture).at("object").as_object(), "contentCategory") == "images");
}

BOOST_AUTO_TEST_CASE(a_room_of_another_cluster_has_urls_of_its_own_host_also_when_it_is_gone)
{
    const auto made = w.create_room(*carol, {"Far", {}, {}, {}, {}, {}}).value();
    const auto born = shown(made.activities);
    BOOST_TEST(text_or(born, "url").starts_with("http://conv-r.cloud.test:8080/conversation/api/v1/"));
    const auto gone = w.delete_room(*carol, id_of(made.value)).value();
    const auto left = shown(gone);
    BOOST_TEST(text_or(left, "verb") == "leave");
    BOOST_TEST(text_or(left.at("target").as_object(), "url") ==
               "http://conv-r.cloud.test:8080/conversation/api/v1/conversations/" + made.value.uuid);
}

BOOST_AUTO_TEST_CASE(only_those_who_may_see_a_message_are_told)
{
    const auto plain = told(say(*alice, "not for bots"));
    const std::vector<std::string> people{alice->uuid, bob->uuid};
    auto got = plain.at(0).audience;
    BOOST_TEST(got == people, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
