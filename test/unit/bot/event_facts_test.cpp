#include "postern/bot/hear/event_facts.hpp"

#include "scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using test::scene;
using test::text;

namespace {

struct listening : scene
{
    std::string saw;

    handler note()
    {
        return [this](context ctx) -> awaitable<void> {
            saw = ctx.event().kind() + " by " + ctx.sender_id() + '<' + ctx.sender_email() + "> about " +
                  ctx.member().person_id + ctx.message().id + " in " + ctx.room_id();
            co_await ctx.reply("seen");
        };
    }
};

event membership_event(const char* name, const char* person)
{
    auto e = scene::arrival("memberships", name, person);
    e.body =
        R"({"data":{"id":"m","roomId":"room","roomType":"group","personId":")" + std::string(person) +
        R"(","personEmail":"x@example.com","personDisplayName":"X","personOrgId":"acme","isModerator":true}})";
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_facts)

BOOST_AUTO_TEST_CASE(who_joins_and_leaves_is_told_from_the_event_without_a_call)
{
    listening s;
    s.bot.on_member_joined(s.note()).on_member_left(s.note());
    BOOST_TEST(text(s.handle(membership_event("created", "bob"))) == "done: member joined");
    BOOST_TEST(s.saw == "memberships:created by ana<> about bob in room");
    BOOST_TEST(text(s.handle(membership_event("deleted", "ana"))) == "done: member left");
    BOOST_TEST(s.saw == "memberships:deleted by ana<x@example.com> about ana in room");
    BOOST_TEST(s.api->calls == (std::vector<std::string>{"post_message room", "post_message room"}),
               boost::test_tools::per_element());
    BOOST_TEST(s.hops.front() == "handled member joined");
}

BOOST_AUTO_TEST_CASE(a_membership_is_read_as_far_as_the_event_tells)
{
    listening s;
    s.bot.on_event("memberships:updated", [&s](context ctx) -> awaitable<void> {
        const auto& m = ctx.member();
        s.saw = m.id + m.person_email + m.person_display_name + m.person_org_id +
                (m.is_moderator == true ? " moderator" : "") + (ctx.is_direct() ? " direct" : " group");
        co_return;
    });
    BOOST_TEST(text(s.handle(membership_event("updated", "bob"))) == "done: event");
    BOOST_TEST(s.saw == "mx@example.comXacme moderator group");
}

BOOST_AUTO_TEST_CASE(the_greeting_comes_before_the_handler_for_being_added)
{
    listening s;
    s.bot.on_added(s.note());
    BOOST_TEST(text(s.handle(membership_event("created", "me"))) == "done: added");
    BOOST_TEST(s.saw == "memberships:created by ana<> about me in room");
    s.api->posted.clear();
    s.bot.greeting("Hello");
    BOOST_TEST(text(s.handle(membership_event("created", "me"))) == "done: greeting");
    BOOST_TEST_REQUIRE(s.api->posted.size() == 2u);
    BOOST_TEST(s.api->posted[0].markdown == "Hello");
    BOOST_TEST(s.api->posted[1].markdown == "seen");
}

BOOST_AUTO_TEST_CASE(an_edited_message_is_read_again_and_a_deleted_one_only_named)
{
    listening s;
    s.bot.on_edit([&s](context ctx) -> awaitable<void> {
        s.saw = ctx.arguments();
        co_return;
    });
    s.bot.on_delete(s.note());
    auto changed = scene::said("Postern changed");
    changed.updated = "2026-02-11T09:14:27.301Z";
    s.api->messages = {changed};
    BOOST_TEST(text(s.handle(scene::arrival("messages", "updated", "ana"))) == "done: edit");
    BOOST_TEST(s.saw == "changed");
    changed.room_type = "group";
    s.api->messages = {changed};
    BOOST_TEST(text(s.handle(scene::arrival("messages", "updated", "ana"))) ==
               "ignored: the bot is not mentioned");

    auto gone = scene::arrival("messages", "deleted", "bob");
    gone.body = R"({"data":{"id":"object","personId":"bob","personEmail":"bob@example.com"}})";
    BOOST_TEST(text(s.handle(gone)) == "done: deletion");
    BOOST_TEST(s.saw == "messages:deleted by ana<> about object in room");
}

BOOST_AUTO_TEST_CASE(a_room_that_changes_is_told_with_its_event)
{
    listening s;
    s.bot.on_room(s.note());
    BOOST_TEST(text(s.handle(scene::arrival("rooms", "updated", ""))) == "done: room");
    BOOST_TEST(s.saw == "rooms:updated by ana<> about  in room");
}

BOOST_AUTO_TEST_CASE(a_hostile_envelope_tells_nothing_and_harms_nothing)
{
    listening s;
    s.bot.on_member_joined(s.note());
    for (const char* body : {"", "null", "{", R"({"data":7})", R"({"data":{"personId":{},"roomType":[]}})"})
    {
        auto e = membership_event("created", "bob");
        e.body = body;
        BOOST_TEST(text(s.handle(e)) == "done: member joined");
        BOOST_TEST(s.saw == "memberships:created by ana<> about  in room");
    }
}

BOOST_AUTO_TEST_SUITE_END()
