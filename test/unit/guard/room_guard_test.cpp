#include "postern/guard/room_guard.hpp"

#include "guard_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;

BOOST_AUTO_TEST_SUITE(room_guard)

BOOST_FIXTURE_TEST_CASE(a_room_of_ours_is_looked_at_once, guard_scene)
{
    api->put("hall", {"bot@a", "ann@a", "bob@b"});
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto first = co_await come(said("ann@a"));
        BOOST_TEST(is_admitted(first));
        BOOST_TEST(!first->cached);
        for (int i = 0; i < 100; ++i)
        {
            const char* who = i % 2 ? "ann@a" : "bob@b";
            const auto next = co_await come(said(who));
            BOOST_TEST_REQUIRE(is_admitted(next));
            BOOST_TEST_REQUIRE(next->cached);
        }
        BOOST_TEST(api->calls.size() == 1u);
        BOOST_TEST(gate->counted().asked == 101u);
        BOOST_TEST(gate->counted().walks == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(one_outsider_among_many_closes_the_room, guard_scene)
{
    std::vector<std::string_view> people{"bot@a"};
    std::vector<std::string> names;
    for (int i = 0; i < 250; ++i)
        names.push_back("p" + std::to_string(i) + (i % 2 ? "@a" : "@b"));
    names[220] = "eve@c";
    for (const auto& n : names)
        people.push_back(n);
    api->put("hall", people);
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto j = co_await come(said("p1@a"));
        BOOST_TEST(is_refused(j));
        BOOST_TEST(has(j->reason, "1 of 251 members does not belong here: eve@c.example"));
        BOOST_TEST(gate->counted().refused == 1u);
        const auto again = co_await come(said("eve@c")); // what is closed needs no second look
        BOOST_TEST(is_refused(again));
        BOOST_TEST(api->walks() == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(no_fault_ever_opens_a_room, guard_scene)
{
    struct fault
    {
        errc what;
        unsigned status;
    };
    options.call_timeout = 50ms;
    run_guarded(*this, [&]() -> awaitable<void> {
        for (const auto f :
             {fault{errc::api_unavailable, 500}, fault{errc::api_rejected, 403}, fault{errc::not_found, 404},
              fault{errc::api_unavailable, 429}, fault{errc::timed_out, 0}, fault{errc::bad_response, 200},
              fault{errc::connection_lost, 0}, fault{errc::token_rejected, 401}})
        {
            error e(f.what, "listing memberships");
            e.status = f.status;
            api->membership_lists.push_back(e);
            const auto j = co_await come(said("ann@a"));
            BOOST_TEST_REQUIRE(j.has_error());
            BOOST_TEST(j.error().is(f.what));
            BOOST_TEST(j.error().retry_after.has_value());
        }
        BOOST_TEST(gate->counted().undecided == 8u);
        api->put("hall", {"bot@a", "ann@a"}); // the fault ends
        const auto j = co_await come(said("ann@a"));
        BOOST_TEST(is_admitted(j));
    });
    BOOST_TEST(log.says("cannot decide"));
}

BOOST_FIXTURE_TEST_CASE(a_list_that_hangs_is_undecided, guard_scene)
{
    options.call_timeout = 40ms;
    api->put("hall", {"bot@a", "ann@a"});
    api->shut = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto walk_ends = co_await judge(said("ann@a"));
        BOOST_TEST(walk_ends.error().is(errc::timed_out));
        const auto asker_leaves = co_await judge(said("ann@a"), 10ms);
        BOOST_TEST(asker_leaves.error().is(errc::timed_out));
        BOOST_TEST(asker_leaves.error().retry_after.has_value());
    });
}

BOOST_FIXTURE_TEST_CASE(lists_that_prove_nothing_are_undecided, guard_scene)
{
    auto without_org = member("ann@a");
    without_org.person_org_id.clear();
    const std::vector<webex::membership> nobody;
    const std::vector<webex::membership> without_us{member("ann@a")};
    const std::vector<webex::membership> unknown{member("bot@a"), without_org};
    const std::vector<webex::membership> elsewhere{member("bot@a"), member("bot@a", "yard")};
    run_guarded(*this, [&]() -> awaitable<void> {
        for (const auto* list : {&nobody, &without_us, &unknown, &elsewhere})
        {
            api->membership_lists.push_back(*list);
            const auto j = co_await judge(said("ann@a"));
            BOOST_TEST_REQUIRE(j.has_error());
            BOOST_TEST(j.error().is(errc::bad_response));
            BOOST_TEST(!j.error().ours.empty());
        }
    });
}

BOOST_FIXTURE_TEST_CASE(what_stays_undecided_is_asked_for_less_and_less_often, guard_scene)
{
    run_guarded(*this, [&]() -> awaitable<void> {
        for (const auto pause : {15s, 30s, 60s, 120s, 240s, 480s, 480s})
        {
            const auto j = co_await judge(said("ann@a"));
            BOOST_TEST((j.error().retry_after == pause));
        }
        error e(errc::api_unavailable, "listing memberships");
        e.retry_after = 27s;
        api->membership_lists.push_back(e);
        const auto named = co_await judge(said("ann@a"));
        BOOST_TEST((named.error().retry_after == 27s));

        api->put("hall", {"bot@a", "ann@a"});
        co_await judge(said("ann@a"));
        gate->missed();
        api->halls.clear();
        const auto later = co_await judge(said("ann@a"));
        BOOST_TEST((later.error().retry_after == 15s));
    });
}

BOOST_FIXTURE_TEST_CASE(other_bots_are_asked_about, guard_scene)
{
    options.bots = true;
    auto helper = member("helper@c");
    helper.person_email = "helper@webex.bot";
    const std::vector<webex::membership> all{member("bot@a"), helper};
    run_guarded(*this, [&]() -> awaitable<void> {
        api->membership_lists.push_back(all);
        const auto not_told = co_await judge(said("bot@a"));
        BOOST_TEST(not_told.has_error());

        api->membership_lists.push_back(all);
        api->people.push_back(person("helper@c", "person"));
        const auto no_bot = co_await judge(said("bot@a"));
        BOOST_TEST(is_refused(no_bot));

        gate->missed();
        api->membership_lists.push_back(all);
        api->people.push_back(person("helper@c", "bot"));
        const auto bot = co_await judge(said("bot@a"));
        BOOST_TEST(is_admitted(bot));
        BOOST_TEST(bot->reason == "all 2 members are allowed: 1 by organisation, 1 by another rule");
    });
}

BOOST_FIXTURE_TEST_CASE(a_verdict_holds_for_its_time, guard_scene)
{
    api->put("hall", {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await come(said("ann@a"));
        now += options.keep - 1ms;
        co_await come(said("ann@a"));
        BOOST_TEST(api->walks() == 1u);
        now += 1ms;
        co_await come(said("ann@a"));
        BOOST_TEST(api->walks() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(no_more_rooms_are_remembered_than_were_asked_for, guard_scene)
{
    options.cached = 2;
    for (const auto* room : {"r1", "r2", "r3"})
        api->put(room, {"bot@a", "ann@a"});
    run_guarded(*this, [&]() -> awaitable<void> {
        for (const auto* room : {"r1", "r2", "r3"})
            co_await judge(said("ann@a", room));
        const auto last = co_await judge(said("ann@a", "r3"));
        BOOST_TEST(last->cached);
        const auto first = co_await judge(said("ann@a", "r1"));
        BOOST_TEST(!first->cached);
    });
}

BOOST_FIXTURE_TEST_CASE(an_allowed_room_is_not_looked_at, guard_scene)
{
    options.rooms = {uuid_for("hall")};
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto j = co_await come(said("eve@c"));
        BOOST_TEST(is_admitted(j));
        BOOST_TEST(api->calls.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(events_without_a_room_are_judged_by_who_caused_them, guard_scene)
{
    run_guarded(*this, [&]() -> awaitable<void> {
        api->people.push_back(person("ann@a"));
        const auto ours = co_await come(happened("meetings:started", "", "ann@a"));
        BOOST_TEST(is_admitted(ours));
        api->people.push_back(person("eve@c"));
        const auto theirs = co_await come(happened("meetings:started", "", "eve@c"));
        BOOST_TEST(is_refused(theirs));
        BOOST_TEST(has(theirs->reason, "its sender does not belong here: eve@c.example"));
        const auto nobodys = co_await come(happened("meetings:started", "", ""));
        BOOST_TEST(is_refused(nobodys));
        const auto own = co_await come(happened("meetings:started", "", "bot@a"));
        BOOST_TEST(is_admitted(own));
        BOOST_TEST(api->calls.size() == 2u);
    });
}

BOOST_FIXTURE_TEST_CASE(the_bots_own_removal_is_refused_without_a_call, guard_scene)
{
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto j = co_await come(happened("memberships:deleted", "hall", "bot@a"));
        BOOST_TEST(is_refused(j));
        BOOST_TEST(api->calls.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(the_log_tells_of_a_refused_room_once_a_minute, guard_scene)
{
    api->put("hall", {"bot@a", "eve@c"});
    const auto told = [&] {
        std::size_t n = 0;
        for (const auto& line : log.lines())
            n += has(line, "events of a room are refused") ? 1 : 0;
        return n;
    };
    run_guarded(*this, [&]() -> awaitable<void> {
        for (int i = 0; i < 20; ++i)
            co_await come(said("eve@c"));
        BOOST_TEST(told() == 1u);
        BOOST_TEST(log.says("eve@c.example"));
        now += 1min;
        co_await come(said("eve@c"));
        BOOST_TEST(told() == 2u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
