// Messages: protocol/webex-rest.md 4.4-4.7, 8.1 and 10.3, 9-12.

#include "cloud_fixture.hpp"

#include "postern/base/ids.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

BOOST_FIXTURE_TEST_SUITE(rest_messages, cloud_fixture)

BOOST_AUTO_TEST_CASE(a_text_message_has_neither_markdown_nor_html)
{
    const auto said = post("alice", "/messages", {{"roomId", night_shift()}, {"text", "hello"}});
    BOOST_TEST(said.status == 200u);
    BOOST_TEST(keys_of(said.body.as_object()) == "id,roomId,roomType,text,personId,personEmail,created");
    BOOST_TEST(get("bob", "/messages/" + said.text("id")).bytes == said.bytes);
}

BOOST_AUTO_TEST_CASE(markdown_becomes_html_and_text_and_mentions)
{
    const auto said = mention("**now**");
    BOOST_TEST(keys_of(said.body.as_object()) ==
               "id,roomId,roomType,text,personId,personEmail,markdown,html,mentionedPeople,created");
    BOOST_TEST(said.text("text") == "Postern now");
    BOOST_TEST(said.text("html") == "<p><spark-mention data-object-type=\"person\" data-object-id=\"" +
                                        id("bot") + "\">Postern</spark-mention> <strong>now</strong></p>");
    BOOST_TEST(said.body.at("mentionedPeople").at(0).as_string() == id("bot"));
}

BOOST_AUTO_TEST_CASE(only_members_can_be_mentioned)
{
    const auto said =
        post("alice", "/messages",
             {{"roomId", night_shift()}, {"markdown", "<@personEmail:carol@elsewhere.example|Carol> hi"}});
    BOOST_TEST(!said.body.as_object().contains("mentionedPeople"));
}

BOOST_AUTO_TEST_CASE(exactly_one_destination)
{
    const auto words =
        "Exactly one of the destination fields must not be empty (roomId, toPersonEmail, toPersonId)";
    BOOST_TEST(post("alice", "/messages", {{"text", "x"}}).text("message") == words);
    BOOST_TEST(
        post("alice", "/messages", {{"text", "x"}, {"roomId", night_shift()}, {"toPersonId", id("bob")}})
            .text("message") == words);
    BOOST_TEST(post("alice", "/messages", {{"text", "x"}, {"roomId", night_shift()}, {"toPersonId", nullptr}})
                   .status == 200u);
}

BOOST_AUTO_TEST_CASE(a_message_must_say_something_and_not_too_much)
{
    const auto room = night_shift();
    BOOST_TEST(post("alice", "/messages", {{"roomId", room}}).text("message") ==
               "Both text and file cannot be empty.");
    BOOST_TEST(post("alice", "/messages", {{"roomId", room}, {"text", std::string(7439, 'x')}}).status ==
               200u);
    BOOST_TEST(post("alice", "/messages", {{"roomId", room}, {"text", std::string(7440, 'x')}}).status ==
               400u);
    BOOST_TEST(post("alice", "/messages", {{"roomId", room}, {"markdown", std::string(7440, 'x')}}).status ==
               400u);
}

BOOST_AUTO_TEST_CASE(rooms_one_is_not_in_do_not_exist)
{
    const auto no = post("bob", "/messages", {{"roomId", room("alice", "Vendors")}, {"text", "x"}});
    BOOST_TEST(no.status == 404u);
    BOOST_TEST(no.text("message") == "Could not find a room with provided ID.");
}

BOOST_AUTO_TEST_CASE(a_direct_room_is_made_by_the_first_message_and_found_by_the_next)
{
    const auto first = post("bot", "/messages", {{"toPersonEmail", "BOB@example.com"}, {"text", "hi"}});
    BOOST_TEST(first.text("roomType") == "direct");
    const auto second = post("bob", "/messages", {{"toPersonId", id("bot")}, {"text", "hello"}});
    BOOST_TEST(second.text("roomId") == first.text("roomId"));
    BOOST_TEST(get("bot", "/rooms/" + first.text("roomId")).text("title") == "Bob Brown");
    BOOST_TEST(get("bob", "/rooms/" + first.text("roomId")).text("title") == "Postern");
    BOOST_TEST(get("bot", "/messages/direct?personId=" + id("bob")).items().size() == 2u);
    BOOST_TEST(get("bot", "/messages/direct").status == 400u);
    BOOST_TEST(get("bob", "/messages/direct?personEmail=carol@elsewhere.example").status == 404u);
    BOOST_TEST(post("bot", "/messages", {{"toPersonEmail", "nobody@example.com"}, {"text", "hi"}}).status ==
               404u);
}

BOOST_AUTO_TEST_CASE(bots_do_not_open_direct_rooms_with_bots)
{
    control("POST", "/bots", {{"name", "other"}});
    BOOST_TEST(post("bot", "/messages", {{"toPersonEmail", "other@webex.bot"}, {"text", "hi"}}).status ==
               403u);
}

BOOST_AUTO_TEST_CASE(a_bot_lists_a_group_room_only_by_its_mentions)
{
    const auto room = night_shift();
    post("bob", "/messages", {{"roomId", room}, {"text", "not for the bot"}});
    mention("one");
    post("bot", "/messages", {{"roomId", room}, {"text", "its own"}});
    const auto no = get("bot", "/messages?roomId=" + room);
    BOOST_TEST(no.status == 403u);
    BOOST_TEST(no.text("message") == "Failed to get activity.");
    const auto found = get("bot", "/messages?roomId=" + room + "&mentionedPeople=me");
    BOOST_TEST_REQUIRE(found.items().size() == 1u);
    BOOST_TEST(found.items()[0].at("text").as_string() == "Postern one");
    BOOST_TEST(get("bot", "/messages?roomId=" + room + "&mentionedPeople=" + id("bot")).items().size() == 1u);
    BOOST_TEST(get("bot", "/messages?roomId=" + room + "&mentionedPeople=" + id("bob")).status == 400u);
    BOOST_TEST(get("alice", "/messages?roomId=" + room).items().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_bot_gets_what_mentions_it_and_its_own_and_nothing_else_of_a_group_room)
{
    const auto hidden =
        post("bob", "/messages", {{"roomId", night_shift()}, {"text", "not for the bot"}}).text("id");
    const auto shown = mention().text("id");
    const auto own = post("bot", "/messages", {{"roomId", night_shift()}, {"text", "mine"}}).text("id");
    BOOST_TEST(get("bot", "/messages/" + hidden).status == 404u);
    BOOST_TEST(get("bot", "/messages/" + shown).status == 200u);
    BOOST_TEST(get("bot", "/messages/" + own).status == 200u);
    BOOST_TEST(get("alice", "/messages/" + hidden).status == 200u);
    BOOST_TEST(get("carol", "/messages/" + hidden).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_list_needs_its_room)
{
    BOOST_TEST(get("alice", "/messages").text("message") ==
               "Required String parameter 'roomId' is not present");
}

BOOST_AUTO_TEST_CASE(messages_come_newest_first_and_pages_go_on_by_message)
{
    const auto room = night_shift();
    for (int i = 0; i < 5; ++i)
        post("alice", "/messages", {{"roomId", room}, {"text", std::to_string(i)}});
    const auto first = get("alice", "/messages?roomId=" + room + "&max=2&mentionedPeople=");
    BOOST_TEST(first.items()[0].at("text").as_string() == "4");
    const auto link = first.header("Link");
    BOOST_TEST(link.find("beforeMessage=" + std::string(first.items()[1].at("id").as_string())) !=
               std::string::npos);
    BOOST_TEST(link.find("roomId=" + room) != std::string::npos);
    const auto second = get("alice", link.substr(26, link.find('>') - 26));
    BOOST_TEST(second.items()[0].at("text").as_string() == "2");

    // A client that repeats its first parameters over those of the link.
    const auto id0 = std::string(first.items()[0].at("id").as_string());
    const auto mine = get("alice", "/messages?roomId=" + room + "&max=1&beforeMessage=" + id0);
    const auto cursor = mine.header("Link").substr(mine.header("Link").find("cursor=") + 7);
    const auto third = get("alice", "/messages?roomId=" + room + "&max=1&beforeMessage=" + id0 +
                                        "&cursor=" + cursor.substr(0, cursor.find('>')));
    BOOST_TEST(third.items()[0].at("text").as_string() == "2");

    // The message that a link names was deleted meanwhile.
    del("alice", "/messages/" + std::string(first.items()[1].at("id").as_string()));
    BOOST_TEST(get("alice", link.substr(26, link.find('>') - 26)).status == 404u);
}

BOOST_AUTO_TEST_CASE(before_takes_a_date)
{
    const auto room = night_shift();
    post("alice", "/messages", {{"roomId", room}, {"text", "old"}});
    now += std::chrono::hours(1);
    post("alice", "/messages", {{"roomId", room}, {"text", "new"}});
    BOOST_TEST(get("alice", "/messages?roomId=" + room + "&before=2026-02-11T09:30:00Z").items().size() ==
               1u);
    BOOST_TEST(get("alice", "/messages?roomId=" + room + "&before=yesterday").status == 400u);
}

BOOST_AUTO_TEST_CASE(created_grows_strictly_within_a_room_even_when_the_clock_stands)
{
    std::string last;
    for (int i = 0; i < 20; ++i)
    {
        const auto created =
            post("alice", "/messages", {{"roomId", night_shift()}, {"text", "x"}}).text("created");
        BOOST_TEST(created > last);
        BOOST_TEST(created.size() == 24u);
        last = created;
    }
}

BOOST_AUTO_TEST_CASE(a_reply_has_the_root_as_its_parent_and_no_replies_of_its_own)
{
    const auto room = night_shift();
    const auto root = mention().text("id");
    const auto reply = post("bot", "/messages", {{"roomId", room}, {"parentId", root}, {"text", "yes"}});
    BOOST_TEST(reply.text("parentId") == root);
    BOOST_TEST(
        post("bot", "/messages", {{"roomId", room}, {"parentId", reply.text("id")}, {"text", "x"}}).status ==
        400u);
    BOOST_TEST(post("bot", "/messages", {{"parentId", root}, {"text", "no room named"}}).text("roomId") ==
               room);
    BOOST_TEST(post("bot", "/messages", {{"roomId", room}, {"parentId", uuid_of(root)}, {"text", "bare"}})
                   .text("parentId") == root);
    BOOST_TEST(
        post("alice", "/messages", {{"toPersonId", id("bot")}, {"parentId", root}, {"text", "x"}}).status ==
        400u);
    BOOST_TEST(post("alice", "/messages", {{"roomId", room}, {"parentId", "x"}, {"text", "x"}}).status ==
               400u);
    BOOST_TEST(get("alice", "/messages?roomId=" + room + "&parentId=" + root).items().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_edit_keeps_the_id_and_says_when)
{
    const auto room = night_shift();
    const auto said = mention("one").text("id");
    const auto edited = put("alice", "/messages/" + said, {{"roomId", room}, {"text", "two"}});
    BOOST_TEST(edited.status == 200u);
    BOOST_TEST(edited.text("id") == said);
    BOOST_TEST(keys_of(edited.body.as_object()) ==
               "id,roomId,roomType,text,personId,personEmail,created,updated");
    BOOST_TEST(edited.text("updated") > edited.text("created"));
    for (int i = 0; i < 9; ++i)
        BOOST_TEST(put("alice", "/messages/" + said, {{"roomId", room}, {"markdown", "**again**"}}).status ==
                   200u);
    BOOST_TEST(put("alice", "/messages/" + said, {{"roomId", room}, {"text", "once too often"}}).status ==
               400u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_edited)
{
    const auto room = night_shift();
    const auto said = post("alice", "/messages", {{"roomId", room}, {"text", "x"}}).text("id");
    BOOST_TEST(put("alice", "/messages/" + said, {{"roomId", room}, {"html", "<b>"}}).status == 400u);
    BOOST_TEST(put("alice", "/messages/" + said, {{"text", "y"}}).status == 400u);
    BOOST_TEST(put("alice", "/messages/" + said, {{"roomId", room}}).status == 400u);
    BOOST_TEST(
        put("alice", "/messages/" + said, {{"roomId", room}, {"text", std::string(7440, 'x')}}).status ==
        400u);
    BOOST_TEST(put("bob", "/messages/" + said, {{"roomId", room}, {"text", "y"}}).status == 403u);
    BOOST_TEST(put("alice", "/messages/" + said, {{"roomId", this->room("alice", "Vendors")}, {"text", "y"}})
                   .status == 400u);
}

BOOST_AUTO_TEST_CASE(own_messages_are_deleted_and_those_of_others_by_moderators_and_administrators)
{
    const auto room = night_shift();
    const auto said = post("alice", "/messages", {{"roomId", room}, {"text", "x"}}).text("id");
    BOOST_TEST(del("bob", "/messages/" + said).status == 403u);
    post("alice", "/memberships", {{"roomId", room}, {"personId", id("admin")}});
    BOOST_TEST(del("admin", "/messages/" + said).status == 204u);
    BOOST_TEST(get("alice", "/messages/" + said).status == 404u);
    BOOST_TEST(del("alice", "/messages/" + said).status == 404u);

    const auto bobs = post("bob", "/messages", {{"roomId", room}, {"text", "x"}}).text("id");
    put("alice", "/rooms/" + room, {{"title", "Night shift"}, {"isLocked", true}});
    BOOST_TEST(del("alice", "/messages/" + bobs).status == 204u);
}

BOOST_AUTO_TEST_SUITE_END()
