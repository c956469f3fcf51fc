#include "audit_scene.hpp"

#include "postern/base/task_scope.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using guard::on_refusal;

BOOST_FIXTURE_TEST_SUITE(auditor, audit_scene)

BOOST_AUTO_TEST_CASE(a_dry_run_finds_the_bad_rooms_and_changes_nothing)
{
    put("hall", {"bot@a", "ann@a"});
    put("yard", {"bot@a", "ann@a", "eve@c", "gus@consumer"});
    put("nook", {"bot@a", "eve@c"}, "direct");
    put("shed", {"bot@a"});
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->rooms == 4u);
    BOOST_TEST(report->looked_at == 4u);
    BOOST_TEST(report->complete);
    BOOST_TEST(!report->clean());
    BOOST_TEST(report->failures == 0u);
    BOOST_TEST_REQUIRE(report->bad.size() == 2u);
    BOOST_TEST(find(*report, "yard").action == "would leave");
    BOOST_TEST(!find(*report, "yard").mended);
    BOOST_TEST(find(*report, "yard").finding.outsiders.size() == 2u);
    BOOST_TEST(find(*report, "nook").type == "direct");
    BOOST_TEST(std::is_sorted(report->bad.begin(), report->bad.end(),
                              [](const auto& x, const auto& y) { return x.room < y.room; }));
    BOOST_TEST(removals().empty());
    BOOST_TEST(!kept());
    BOOST_TEST(log.says("all rooms were audited"));
    BOOST_TEST(log.says("title=yard"));
    BOOST_TEST(!log.says("title=hall"));
}

BOOST_AUTO_TEST_CASE(clean_rooms_are_a_clean_report)
{
    put("hall", {"bot@a", "ann@a"});
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->clean());
    rooms.clear();
    const auto none = run_audit();
    BOOST_TEST_REQUIRE(none.has_value());
    BOOST_TEST(none->clean());
}

BOOST_AUTO_TEST_CASE(mending_leaves_exactly_the_bad_rooms_whatever_the_guard_does_about_events)
{
    for (const auto action : {on_refusal::ignore, on_refusal::tell, on_refusal::leave})
    {
        rooms.clear();
        api->calls.clear();
        options.action = action;
        how.fix = true;
        put("hall", {"bot@a", "ann@a"});
        put("yard", {"bot@a", "eve@c"});
        api->deletions = {result<>()};
        const auto report = run_audit();
        BOOST_TEST_REQUIRE(report.has_value());
        BOOST_TEST(removals() == std::vector<std::string>{membership_id("bot@a", "yard")},
                   boost::test_tools::per_element());
        BOOST_TEST(find(*report, "yard").action == "left");
        BOOST_TEST(find(*report, "yard").mended);
        BOOST_TEST(report->mended() == 1u);
        BOOST_TEST(api->posted.empty());
        BOOST_TEST(!kept());
    }
}

BOOST_AUTO_TEST_CASE(mending_removes_the_outsiders_where_the_bot_moderates_and_leaves_elsewhere)
{
    options.action = on_refusal::remove;
    how.fix = true;
    put("hall", {"bot@a", "ann@a", "eve@c", "gus@consumer"});
    put("yard", {"bot@a", "eve@c"});
    put("nook", {"bot@a", "eve@c"}, "direct");
    for (const auto name : {"hall", "nook"})
        api->halls[room_id(name)][0].is_moderator = true;
    api->deletions = {result<>(), result<>(), result<>(), result<>()};
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    auto removed = removals();
    std::vector<std::string> expected{membership_id("eve@c", "hall"), membership_id("gus@consumer", "hall"),
                                      membership_id("bot@a", "yard"), membership_id("bot@a", "nook")};
    std::sort(removed.begin(), removed.end());
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(removed == expected, boost::test_tools::per_element());
    BOOST_TEST(find(*report, "hall").action == "removed 2 outsiders");
    BOOST_TEST(find(*report, "nook").action == "left");
}

BOOST_AUTO_TEST_CASE(a_room_that_fails_is_in_the_report_and_ends_nothing)
{
    put("hall", {"bot@a", "ann@a"});
    put("yard", {"bot@a", "eve@c"});
    put("pond", {"bot@a", "ann@a"});
    api->halls[room_id("pond")][1].person_org_id.clear();
    api->halls.erase(room_id("hall")); // nothing is scripted: Webex is unavailable
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->complete);
    BOOST_TEST(report->failures == 2u);
    BOOST_TEST(report->bad.size() == 3u);
    BOOST_TEST(has(find(*report, "hall").failed, "unavailable"));
    BOOST_TEST(find(*report, "hall").title == "hall");
    BOOST_TEST(has(find(*report, "pond").failed, "undecided"));
    BOOST_TEST(find(*report, "yard").failed.empty());
}

BOOST_AUTO_TEST_CASE(a_room_that_cannot_be_left_is_a_failure)
{
    how.fix = true;
    put("nook", {"bot@a", "eve@c"}, "direct");
    api->deletions = {error(errc::api_rejected, "removing a member")};
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->failures == 1u);
    BOOST_TEST(has(find(*report, "nook").failed, "can't be left"));
    BOOST_TEST(find(*report, "nook").action.empty());
    BOOST_TEST(!find(*report, "nook").mended);
}

BOOST_AUTO_TEST_CASE(a_room_that_is_gone_by_now_is_no_bad_room)
{
    put("hall", {"bot@a", "ann@a"});
    put("yard", {"bot@a", "ann@a"});
    how.side_by_side = 1;
    api->membership_lists = {error(errc::not_found), error(errc::not_found)};
    api->rooms = {error(errc::not_found), room("yard")};
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST_REQUIRE(report->bad.size() == 1u);
    BOOST_TEST(report->bad[0].room == room_id("yard"));
}

BOOST_AUTO_TEST_CASE(rooms_that_are_allowed_by_name_cost_no_call)
{
    options.rooms = {room_id("yard")};
    put("yard", {"bot@a", "eve@c"});
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->clean());
    BOOST_TEST(api->walks() == 0u);
}

BOOST_AUTO_TEST_CASE(without_a_policy_there_is_nothing_to_audit)
{
    options.organisations.clear();
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_error());
    BOOST_TEST(report.error().is(errc::bad_configuration));
    BOOST_TEST(has(describe(report.error()), "guard.organisations"));
    BOOST_TEST(api->calls.empty());
}

BOOST_AUTO_TEST_CASE(rooms_with_outsiders_are_not_left_where_they_are_intended)
{
    options.check = guard::check_of::sender;
    put("yard", {"bot@a", "eve@c"});
    const auto looked = run_audit();
    BOOST_TEST_REQUIRE(looked.has_value());
    BOOST_TEST(looked->bad.size() == 1u);
    how.fix = true;
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_error());
    BOOST_TEST(report.error().is(errc::bad_configuration));
    BOOST_TEST(removals().empty());
}

BOOST_AUTO_TEST_CASE(without_the_list_of_rooms_there_is_no_report)
{
    api->room_lists.clear();
    result<guard::audit_report> made = guard::audit_report();
    run([&](net::io_context&) -> awaitable<void> {
        made = co_await guard::audit(options, how, api, person("bot@a", "bot"), log.writer);
    });
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().is(errc::api_unavailable));
}

BOOST_AUTO_TEST_CASE(a_rejected_token_ends_it_at_once)
{
    for (int i = 0; i < 50; ++i)
        put("hall " + std::to_string(i), {"bot@a"});
    how.side_by_side = 1;
    api->membership_lists = {std::vector{member("bot@a", "hall 0")}, error(errc::token_rejected)};
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_error());
    BOOST_TEST(report.error().is(errc::token_rejected));
    BOOST_TEST(api->walks() == 2u);
}

BOOST_AUTO_TEST_CASE(it_gives_up_when_webex_is_gone_and_the_next_one_goes_on)
{
    for (int i = 0; i < 50; ++i)
        put("hall " + std::to_string(i), {"bot@a"});
    const auto all = api->halls;
    for (int i = 10; i < 50; ++i)
        api->halls.erase(room_id("hall " + std::to_string(i)));
    how.side_by_side = 1;
    how.give_up_after = 5;
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(!report->complete);
    BOOST_TEST(report->looked_at == 15u);
    BOOST_TEST(report->failures == 5u);
    BOOST_TEST(kept());

    api->calls.clear();
    api->halls = all;
    const auto next = run_audit();
    BOOST_TEST_REQUIRE(next.has_value());
    BOOST_TEST(next->clean());
    BOOST_TEST(next->rooms == 50u);
    BOOST_TEST(api->walks() == 40u); // the failed ones again
    BOOST_TEST(!kept());
}

BOOST_AUTO_TEST_CASE(a_cancelled_audit_reports_what_it_saw_and_the_next_one_goes_on)
{
    put("hall", {"bot@a", "ann@a"});
    put("yard", {"bot@a", "eve@c"});
    put("pond", {"bot@a"});
    put("shed", {"bot@a"});
    how.side_by_side = 2;
    api->room_lists = {rooms};
    api->on_call = [&](const std::string& call) {
        if (call.ends_with(room_id("pond")))
            api->shut = true;
    };
    std::optional<result<guard::audit_report>> made;
    run([&](net::io_context& io) -> awaitable<void> {
        task_scope scope([](std::exception_ptr) {});
        const task_scope::task work = [&]() -> awaitable<void> {
            made.emplace(co_await guard::audit(options, how, api, person("bot@a", "bot"), log.writer));
        };
        scope.spawn(io.get_executor(), work);
        const bool there = co_await until([&] { return api->shut; });
        BOOST_TEST(there);
        scope.stop(net::cancellation_type::terminal);
        const bool quiet = co_await scope.drained(deadline::after(3s));
        BOOST_TEST(quiet);
    });
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST_REQUIRE(made->has_value());
    BOOST_TEST(!(*made)->complete);
    BOOST_TEST((*made)->looked_at == 2u);
    BOOST_TEST((*made)->rooms == 4u);
    BOOST_TEST(kept());
    BOOST_TEST(log.says("cut short"));

    api->on_call = {};
    api->shut = false;
    api->calls.clear();
    const auto next = run_audit();
    BOOST_TEST_REQUIRE(next.has_value());
    BOOST_TEST(next->complete);
    BOOST_TEST(next->bad.size() == 1u); // found by the first one
    BOOST_TEST(api->walks() == 2u);
    BOOST_TEST(!kept());
}

BOOST_AUTO_TEST_CASE(before_something_is_done_it_is_written_down)
{
    how.fix = true;
    put("yard", {"bot@a", "eve@c"});
    api->deletions = {result<>()};
    std::optional<guard::audit_memory> then;
    api->on_call = [&](const std::string& call) {
        if (call.starts_with("remove_member"))
            then = guard::read_audit_file(how.resume_file);
    };
    BOOST_TEST(run_audit().has_value());
    BOOST_TEST_REQUIRE(then.has_value());
    BOOST_TEST_REQUIRE(then->bad.size() == 1u);
    BOOST_TEST((then->bad.begin()->second.stands == guard::audit_memory::how::under_way));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_told_and_stops_nothing)
{
    how.resume_file = files.file("a file", "", 0600) + "/audit-progress.json";
    how.fix = true;
    put("yard", {"bot@a", "eve@c"});
    api->deletions = {result<>()};
    const auto report = run_audit();
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->mended() == 1u);
    BOOST_TEST(log.says("the next one begins anew"));
}

BOOST_AUTO_TEST_CASE(progress_is_told_at_the_beginning_and_after_every_room)
{
    put("hall", {"bot@a"});
    put("yard", {"bot@a", "eve@c"});
    std::vector<std::size_t> looked_at;
    guard::audit_state last;
    how.progress = [&](const guard::audit_state& s) {
        looked_at.push_back(s.looked_at);
        last = s;
    };
    BOOST_TEST(run_audit().has_value());
    BOOST_TEST(looked_at == (std::vector<std::size_t>{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(last.all == 2u);
    BOOST_TEST(last.bad == 1u);
}

BOOST_AUTO_TEST_CASE(several_rooms_are_looked_at_side_by_side_but_not_more)
{
    for (int i = 0; i < 10; ++i)
        put("hall " + std::to_string(i), {"bot@a"});
    api->shut = true;
    std::size_t most = 0;
    api->room_lists = {rooms};
    run([&](net::io_context& io) -> awaitable<void> {
        task_scope scope([](std::exception_ptr) {});
        const task_scope::task work = [&]() -> awaitable<void> {
            const auto report = co_await guard::audit(options, how, api, person("bot@a", "bot"), log.writer);
            BOOST_TEST(report.has_value());
        };
        scope.spawn(io.get_executor(), work);
        const bool there = co_await until([&] { return api->walks() >= 4; });
        BOOST_TEST(there);
        co_await turns();
        most = api->walks();
        api->shut = false;
        const bool quiet = co_await scope.drained(deadline::after(3s));
        BOOST_TEST(quiet);
    });
    BOOST_TEST(most == 4u);
    BOOST_TEST(api->walks() == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
