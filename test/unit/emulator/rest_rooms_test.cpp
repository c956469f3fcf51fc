// Rooms and memberships: protocol/webex-rest.md 4.2, 4.3 and 10.3, 13.

#include "cloud_fixture.hpp"

#include "postern/base/ids.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

BOOST_FIXTURE_TEST_SUITE(rest_rooms, cloud_fixture)

BOOST_AUTO_TEST_CASE(a_room_needs_a_title)
{
    BOOST_TEST(post("alice", "/rooms", json::object()).text("message") == "Title cannot be empty.");
    BOOST_TEST(post("alice", "/rooms", {{"title", ""}}).status == 400u);
    BOOST_TEST(put("alice", "/rooms/" + night_shift(), json::object()).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_public_room_needs_a_description_and_an_announcement_room_a_lock)
{
    BOOST_TEST(post("alice", "/rooms", {{"title", "x"}, {"isPublic", true}}).status == 400u);
    BOOST_TEST(post("alice", "/rooms", {{"title", "x"}, {"isPublic", true}, {"description", "d"}}).status ==
               200u);
    BOOST_TEST(post("alice", "/rooms", {{"title", "x"}, {"isAnnouncementOnly", true}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_room_looks_as_the_service_shows_one)
{
    BOOST_TEST(keys_of(get("alice", "/rooms/" + night_shift()).body.as_object()) ==
               "id,title,type,isLocked,lastActivity,creatorId,created,ownerId,isPublic,isReadOnly");
}

BOOST_AUTO_TEST_CASE(rooms_are_listed_by_type_and_order)
{
    BOOST_TEST(get("alice", "/rooms").items().size() == 3u);
    BOOST_TEST(get("alice", "/rooms?type=direct").items().size() == 1u);
    BOOST_TEST(get("alice", "/rooms?type=strange").status == 400u);
    now += std::chrono::minutes(1);
    post("alice", "/messages", {{"roomId", night_shift()}, {"text", "x"}});
    BOOST_TEST(get("alice", "/rooms?sortBy=lastactivity").items()[0].at("title").as_string() ==
               "Night shift");
    BOOST_TEST(get("alice", "/rooms?sortBy=colour").status == 400u);
    BOOST_TEST(get("alice", "/rooms?teamId=x").items().empty());
}

BOOST_AUTO_TEST_CASE(a_description_is_cleared_by_one_space)
{
    const auto made = post("alice", "/rooms", {{"title", "x"}, {"description", "d"}});
    BOOST_TEST(made.text("description") == "d");
    const auto cleared = put("alice", "/rooms/" + made.text("id"), {{"title", "x"}, {"description", " "}});
    BOOST_TEST(!cleared.body.as_object().contains("description"));
}

BOOST_AUTO_TEST_CASE(a_direct_room_is_neither_renamed_nor_deleted_nor_left)
{
    const auto direct = room("alice", "Postern");
    BOOST_TEST(put("alice", "/rooms/" + direct, {{"title", "x"}}).status == 400u);
    BOOST_TEST(del("alice", "/rooms/" + direct).text("message") == "Failed to delete room.");
    const auto mine =
        get("alice", "/memberships?roomId=" + direct + "&personId=" + id("alice")).items()[0].at("id");
    BOOST_TEST(del("alice", "/memberships/" + std::string(mine.as_string())).text("message") ==
               "Failed to leave room.");
    BOOST_TEST(post("alice", "/memberships", {{"roomId", direct}, {"personId", id("bob")}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_membership_looks_as_the_service_shows_one_and_its_id_can_be_derived)
{
    const auto found = get("bot", "/memberships?roomId=" + night_shift() + "&personEmail=bob@example.com");
    BOOST_TEST_REQUIRE(found.items().size() == 1u);
    const auto& m = found.items()[0].as_object();
    BOOST_TEST(keys_of(m) ==
               "id,roomId,roomType,personId,personEmail,personDisplayName,personOrgId,isModerator,"
               "isMonitor,isRoomHidden,created");
    const auto derived = format_id({"us", "MEMBERSHIP", uuid_of(id("bob")) + ':' + uuid_of(night_shift())});
    BOOST_TEST(text_or(m, "id") == derived);
    BOOST_TEST(get("bot", "/memberships/" + derived).status == 200u);
    BOOST_TEST(get("carol", "/memberships/" + derived).status == 404u);
    BOOST_TEST(get("bot", "/memberships/" + night_shift()).status == 404u);
}

BOOST_AUTO_TEST_CASE(without_a_room_the_list_is_ones_own)
{
    BOOST_TEST(get("bot", "/memberships?max=1000").items().size() == 3u);
    BOOST_TEST(get("bot", "/memberships?roomId=" + night_shift()).items().size() == 3u);
    BOOST_TEST(get("bot", "/memberships?personId=" + id("bob")).status == 400u);
    BOOST_TEST(get("bob", "/memberships?roomId=" + room("alice", "Vendors")).status == 404u);
    BOOST_TEST(
        get("bot", "/memberships?roomId=" + night_shift() + "&personId=" + id("carol")).items().empty());
}

BOOST_AUTO_TEST_CASE(adding_people_follows_the_rules)
{
    const auto room = night_shift();
    BOOST_TEST(post("alice", "/memberships", {{"personId", id("carol")}}).text("message") ==
               "roomId cannot be null");
    BOOST_TEST(post("alice", "/memberships", {{"roomId", room}}).text("message") ==
               "Must specify either personId or personEmail.");
    BOOST_TEST(
        post("alice", "/memberships", {{"roomId", room}, {"personEmail", "nobody@example.com"}}).status ==
        404u);
    const auto outsider = post("carol", "/memberships", {{"roomId", room}, {"personId", id("carol")}});
    BOOST_TEST(outsider.status == 502u);
    BOOST_TEST(outsider.text("message") == "Add participant failed.");
    BOOST_TEST(
        post("bot", "/memberships", {{"roomId", room}, {"personEmail", "carol@elsewhere.example"}}).status ==
        200u);
    const auto twice = post("alice", "/memberships", {{"roomId", room}, {"personId", id("carol")}});
    BOOST_TEST(twice.status == 409u);
    BOOST_TEST(twice.text("message") == "User is already a participant in the room.");
}

BOOST_AUTO_TEST_CASE(in_a_locked_room_only_moderators_add_remove_and_rename)
{
    const auto room = night_shift();
    BOOST_TEST(put("alice", "/rooms/" + room, {{"title", "Night shift"}, {"isLocked", true}}).status == 200u);
    BOOST_TEST(put("bob", "/rooms/" + room, {{"title", "x"}}).status == 403u);
    BOOST_TEST(post("bob", "/memberships", {{"roomId", room}, {"personId", id("carol")}}).status == 403u);
    const auto of_bot = text_or(
        get("bob", "/memberships?roomId=" + room + "&personId=" + id("bot")).items()[0].as_object(), "id");
    BOOST_TEST(del("bob", "/memberships/" + of_bot).status == 403u);
    BOOST_TEST(put("bob", "/memberships/" + of_bot, {{"isModerator", true}}).status == 403u);
    BOOST_TEST(
        put("alice", "/memberships/" + of_bot, {{"isModerator", true}}).body.at("isModerator").as_bool());
    BOOST_TEST(post("bot", "/memberships", {{"roomId", room}, {"personId", id("carol")}}).status == 200u);
    BOOST_TEST(del("bob", "/rooms/" + room).status == 204u); // no moderator: he only leaves
    BOOST_TEST(get("alice", "/memberships?roomId=" + room).items().size() == 3u);
    BOOST_TEST(get("bob", "/rooms/" + room).status == 404u);
}

BOOST_AUTO_TEST_CASE(the_first_moderator_locks_a_room_and_with_the_last_it_is_open_again)
{
    const auto room = night_shift();
    const auto mine = text_or(
        get("bot", "/memberships?roomId=" + room + "&personId=" + id("bot")).items()[0].as_object(), "id");
    put("bot", "/memberships/" + mine, {{"isModerator", true}});
    BOOST_TEST(get("bot", "/rooms/" + room).body.at("isLocked").as_bool());
    put("bot", "/memberships/" + mine, {{"isModerator", false}});
    BOOST_TEST(!get("bot", "/rooms/" + room).body.at("isLocked").as_bool());
}

BOOST_AUTO_TEST_CASE(in_an_announcement_room_only_moderators_speak)
{
    const auto room = night_shift();
    put("alice", "/rooms/" + room,
        {{"title", "Night shift"}, {"isLocked", true}, {"isAnnouncementOnly", true}});
    BOOST_TEST(post("bob", "/messages", {{"roomId", room}, {"text", "x"}}).status == 403u);
    BOOST_TEST(post("alice", "/messages", {{"roomId", room}, {"text", "x"}}).status == 200u);
}

BOOST_AUTO_TEST_CASE(who_left_a_room_does_not_see_it_any_more)
{
    const auto room = night_shift();
    const auto said = mention().text("id");
    const auto mine = text_or(
        get("bot", "/memberships?roomId=" + room + "&personId=" + id("bot")).items()[0].as_object(), "id");
    BOOST_TEST(del("bot", "/memberships/" + mine).status == 204u);
    BOOST_TEST(get("bot", "/rooms/" + room).status == 404u);
    BOOST_TEST(get("bot", "/messages/" + said).status == 404u);
    BOOST_TEST(del("bot", "/memberships/" + mine).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_room_that_everybody_left_is_gone_with_its_messages)
{
    const auto made = post("bob", "/rooms", {{"title", "short"}}).text("id");
    post("bob", "/messages", {{"roomId", made}, {"text", "x"}});
    const auto mine = text_or(get("bob", "/memberships?roomId=" + made).items()[0].as_object(), "id");
    BOOST_TEST(del("bob", "/memberships/" + mine).status == 204u);
    BOOST_TEST(get("bob", "/rooms/" + made).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_direct_room_can_be_hidden_by_ones_own_membership_only)
{
    const auto direct = room("alice", "Postern");
    const auto all = get("alice", "/memberships?roomId=" + direct);
    for (const auto& m : all.items())
    {
        const bool own = m.at("personId").as_string() == id("alice");
        const auto answer =
            put("alice", "/memberships/" + text_or(m.as_object(), "id"), {{"isRoomHidden", true}});
        BOOST_TEST(answer.status == (own ? 200u : 403u));
    }
}

BOOST_AUTO_TEST_SUITE_END()
