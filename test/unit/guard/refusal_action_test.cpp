#include "postern/guard/refusal_action.hpp"

#include "guard_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using guard::on_refusal;
using kind = guard::deed::kind;

namespace {

guard::room_finding refused(bool moderator)
{
    guard::room_finding f;
    f.own_membership = "own";
    f.we_moderate = moderator;
    f.outsiders = {{"p1", "eve@c.example", "m1", guard::standing::outsider},
                   {"p2", "gus@x.example", "m2", guard::standing::guest}};
    return f;
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusal_action)

BOOST_AUTO_TEST_CASE(each_action_says_what_it_deletes)
{
    BOOST_TEST(!deed_for(on_refusal::ignore, refused(true)).needed());
    BOOST_TEST((deed_for(on_refusal::tell, refused(true)).what == kind::tell));
    const auto leave = deed_for(on_refusal::leave, refused(true));
    BOOST_TEST((leave.what == kind::leave));
    BOOST_TEST((leave.memberships == std::vector<std::string>{"own"}));
    const auto remove = deed_for(on_refusal::remove, refused(true));
    BOOST_TEST((remove.what == kind::remove));
    BOOST_TEST((remove.memberships == std::vector<std::string>{"m1", "m2"}));
    BOOST_TEST(in_words(remove) == "removed 2 outsiders");
    const auto cannot = deed_for(on_refusal::remove, refused(false));
    BOOST_TEST((cannot.what == kind::leave));
}

BOOST_AUTO_TEST_CASE(nothing_is_done_to_rooms_that_are_not_refused_for_their_members)
{
    for (const auto wanted : {on_refusal::tell, on_refusal::leave, on_refusal::remove})
    {
        auto f = refused(true);
        f.undecided = true;
        BOOST_TEST(!deed_for(wanted, f).needed());
        f.undecided = false;
        f.admitted = true;
        BOOST_TEST(!deed_for(wanted, f).needed());
    }
    auto too_large = refused(true);
    too_large.outsiders.clear();
    BOOST_TEST(!deed_for(on_refusal::remove, too_large).needed());
}

BOOST_AUTO_TEST_CASE(a_membership_that_cannot_be_removed_does_not_save_the_others)
{
    slow_webex_api api;
    api.deletions = {error(errc::api_rejected), error(errc::not_found), result<>()};
    run([&](net::io_context&) -> awaitable<void> {
        guard::deed todo;
        todo.what = kind::remove;
        todo.memberships = {"m1", "m2", "m3"};
        const auto done = co_await perform(todo, "room", "", api, deadline::after(1s));
        BOOST_TEST(done.error().is(errc::api_rejected));
        BOOST_TEST(has(done.error().doing, "1 of 3 are left"));
        BOOST_TEST(api.count("remove_member") == 3u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_refused_room_is_told_once_an_hour, guard_scene)
{
    options.action = on_refusal::tell;
    options.words = "Not here.";
    api->put("hall", {"bot@a", "ann@a", "eve@c"});
    api->accept_posts = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        for (int i = 0; i < 10; ++i)
            co_await come(said("ann@a"));
        const bool told = co_await until([&] { return api->posted.size() == 1; });
        BOOST_TEST_REQUIRE(told);
        BOOST_TEST(api->posted[0].to.room_id == room_id("hall"));
        BOOST_TEST(api->posted[0].text == "Not here.");
        now += 59min;
        co_await come(said("ann@a"));
        BOOST_TEST(gate->counted().actions == 1u);
        now += 1min;
        co_await come(said("ann@a"));
        const bool again = co_await until([&] { return api->posted.size() == 2; });
        BOOST_TEST(again);
        BOOST_TEST(gate->counted().actions == 2u);
    });
    BOOST_TEST(!log.says("Not here."));
}

BOOST_FIXTURE_TEST_CASE(outsiders_are_removed_where_the_bot_moderates_and_nobody_else, guard_scene)
{
    options.action = on_refusal::remove;
    api->put("hall", {"bot@a", "ann@a", "eve@c", "bob@b", "gus@consumer"});
    api->halls[room_id("hall")][0].is_moderator = true;
    api->put("yard", {"bot@a", "eve@c"});
    api->deletions = {result<>(), result<>(), result<>()};
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto j = co_await come(said("ann@a"));
        BOOST_TEST(is_refused(j));
        const bool removed = co_await until([&] { return log.says("removed 2 outsiders"); });
        BOOST_TEST(removed);
        const std::vector<std::string> expected{"list_memberships " + room_id("hall"),
                                                "remove_member " + membership_id("eve@c", "hall"),
                                                "remove_member " + membership_id("gus@consumer", "hall")};
        BOOST_TEST(api->calls == expected, boost::test_tools::per_element());
        api->put("hall", {"bot@a", "ann@a", "bob@b"});
        const auto after = co_await come(said("ann@a")); // even if no membership event comes
        BOOST_TEST(is_admitted(after));

        co_await come(said("eve@c", "yard"));
        const bool left = co_await until([&] { return log.says("action=left"); });
        BOOST_TEST(left);
        BOOST_TEST(api->calls.back() == "remove_member " + membership_id("bot@a", "yard"));
    });
}

BOOST_FIXTURE_TEST_CASE(an_action_that_fails_is_told_and_admits_nothing, guard_scene)
{
    options.action = on_refusal::leave;
    api->put("hall", {"bot@a", "eve@c"});
    api->deletions = {error(errc::api_rejected, "deleting a membership")};
    run_guarded(*this, [&]() -> awaitable<void> {
        for (int i = 0; i < 3; ++i)
        {
            const auto j = co_await come(said("eve@c"));
            BOOST_TEST(is_refused(j));
            const bool told =
                co_await until([&] { return log.says("nothing could be done about a refused room"); });
            BOOST_TEST(told);
        }
        BOOST_TEST(gate->counted().actions == 1u);
        BOOST_TEST(api->count("remove_member " + membership_id("bot@a", "hall")) == 1u);

        now += 1min;
        api->deletions = {result<>()};
        co_await come(said("eve@c"));
        const bool left = co_await until([&] { return log.says("action=left"); });
        BOOST_TEST(left);
    });
}

BOOST_FIXTURE_TEST_CASE(an_outsider_who_comes_back_is_removed_again, guard_scene)
{
    options.action = on_refusal::remove;
    api->deletions = {result<>(), result<>()};
    run_guarded(*this, [&]() -> awaitable<void> {
        for (const std::size_t times : {1u, 2u}) // at once, whatever the hour
        {
            api->put("hall", {"bot@a", "ann@a", "eve@c"});
            api->halls[room_id("hall")][0].is_moderator = true;
            const auto j = co_await come(happened("memberships:created", "hall", "eve@c"));
            BOOST_TEST(is_refused(j));
            const bool removed =
                co_await until([&] { return times_said(log, "removed 1 outsider") == times; });
            BOOST_TEST(removed);
            api->put("hall", {"bot@a", "ann@a"});
            const auto after = co_await come(happened("memberships:deleted", "hall", "eve@c"));
            BOOST_TEST(is_admitted(after));
        }
    });
}

BOOST_FIXTURE_TEST_CASE(what_waits_in_a_room_that_was_left_is_refused, guard_scene)
{
    options.action = on_refusal::leave;
    api->put("hall", {"bot@a", "eve@c"});
    api->deletions = {result<>(), result<>()};
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto waiting = said("ann@a");
        gate->heard(waiting);
        const auto first = co_await come(said("eve@c"));
        BOOST_TEST(is_refused(first));
        const bool left = co_await until([&] { return times_said(log, "action=left") == 1; });
        BOOST_TEST(left);
        const auto news = happened("memberships:deleted", "hall", "bot@a");
        gate->heard(news);
        api->halls.clear();
        api->membership_lists = {error(errc::not_found)}; // nobody can look any more
        const auto j = co_await judge(waiting);
        BOOST_TEST(is_refused(j));
        BOOST_TEST(j->reason == "the bot is not in the room any more");
        const auto of_news = co_await judge(news);
        BOOST_TEST(is_refused(of_news));
        BOOST_TEST(api->walks() <= 2u);

        api->membership_lists.clear();
        api->put("hall", {"bot@a", "eve@c"}); // somebody brings it back
        const auto back = co_await come(happened("memberships:created", "hall", "bot@a"));
        BOOST_TEST(is_refused(back));
        const bool again = co_await until([&] { return times_said(log, "action=left") == 2; });
        BOOST_TEST(again);
    });
}

BOOST_FIXTURE_TEST_CASE(nothing_is_done_while_nothing_is_decided, guard_scene)
{
    options.action = on_refusal::remove;
    auto unknown = member("ann@a");
    unknown.person_org_id.clear();
    auto moderator = member("bot@a");
    moderator.is_moderator = true;
    api->halls[room_id("hall")] = {moderator, unknown};
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto j = co_await come(said("ann@a"));
        BOOST_TEST(j.has_error());
        BOOST_TEST(gate->counted().actions == 0u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
