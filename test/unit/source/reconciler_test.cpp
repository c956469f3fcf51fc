#include "support/run.hpp"
#include "unit/source/reconciler_scene.hpp"

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

using test::home;
using test::moved;
using test::slow;
using test::wanted;
using scene = test::reconciler_scene;

} // namespace

BOOST_AUTO_TEST_SUITE(reconciler)

BOOST_AUTO_TEST_CASE(nothing_is_done_until_there_is_somewhere_to_deliver_to)
{
    scene s;
    s.start();
    s.one->check_now();
    s.stage.settle();
    s.expect({"trust A -"});
    s.one->aim(home);
    s.stage.run_until([&] { return s.one->state().in_place; });
    s.expect({"trust A -", "list", "create messages:created " + home + " A",
              "create memberships:created " + home + " A",
              "create attachmentActions:created " + home + " A"});
    BOOST_TEST(s.one->state().target == home);
    BOOST_TEST(s.one->state().created == 3u);
    BOOST_TEST(s.one->state().drifted == 0u);
    BOOST_TEST(s.one->state().last_checked.has_value());
}

BOOST_AUTO_TEST_CASE(webhooks_that_are_in_place_are_only_looked_at)
{
    scene s;
    s.start_in_place();
    s.another_round();
    s.another_round();
    s.expect({"list", "list"});
}

BOOST_AUTO_TEST_CASE(a_cloud_that_spells_the_address_its_own_way_is_not_corrected_for_ever)
{
    scene s;
    s.cloud->spelling = [](std::string target) { return target + '/'; };
    s.start_in_place();
    s.another_round();
    s.expect({"list"});
}

BOOST_AUTO_TEST_CASE(webhooks_of_an_earlier_run_are_taken_over_in_place)
{
    scene s;
    for (const auto& w : wanted)
        s.cloud->add(webhook_name("ab12", w), w.resource);
    s.one->aim(home);
    s.start();
    s.stage.run_until([&] { return s.one->state().in_place; });
    BOOST_TEST(s.cloud->asked("create") == 0u);
    BOOST_TEST(s.cloud->asked("update") == 3u); // their secret may be any
    BOOST_TEST(s.all_point_to(home, "A"));
    BOOST_TEST(s.one->state().drifted == 0u);
}

BOOST_AUTO_TEST_CASE(a_new_address_is_registered_at_once)
{
    scene s;
    s.start_in_place();
    s.one->aim(moved);
    BOOST_TEST(!s.one->state().in_place);
    s.stage.settle(); // no timer has to pass
    s.expect({"list", "update id-1 " + moved + " A", "update id-2 " + moved + " A",
              "update id-3 " + moved + " A"});
    BOOST_TEST(s.one->state().in_place);
}

BOOST_AUTO_TEST_CASE(a_new_address_does_not_wait_for_a_call_that_hangs)
{
    for (const auto* call : {"list", "update"})
    {
        scene s;
        s.start_in_place();
        s.cloud->hanging = {call};
        s.one->aim("https://gone.example/webhook");
        s.stage.run_until([&] { return s.cloud->asked(call) == 1; });
        s.cloud->hanging.clear();
        s.one->aim(moved);
        s.stage.settle();
        BOOST_TEST(s.one->state().in_place, call);
        BOOST_TEST(s.all_point_to(moved, "A"), call);
        BOOST_TEST(s.one->state().failures == 0u, call);
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_is_outdated_in_the_middle_of_a_round_goes_no_further)
{
    scene s;
    s.start_in_place();
    s.cloud->while_asked = [&](const std::string& line) {
        if (line.starts_with("update id-1 https://brief"))
            s.one->aim(moved);
    };
    s.one->aim("https://brief.example/webhook");
    s.stage.settle();
    BOOST_TEST(s.cloud->asked("update id-2 https://brief") == 0u);
    BOOST_TEST(s.all_point_to(moved, "A"));
    BOOST_TEST(s.one->state().in_place);
}

BOOST_AUTO_TEST_CASE(an_address_that_was_taken_away_leaves_the_webhooks_as_they_are)
{
    scene s;
    s.start_in_place();
    s.one->aim("");
    s.stage.settle();
    s.one->check_now();
    s.stage.settle();
    s.expect({});
    BOOST_TEST(!s.one->state().in_place);
    BOOST_TEST(!s.seen.back().in_place);
    s.one->aim(home);
    s.stage.settle();
    BOOST_TEST(s.one->state().in_place);
}

BOOST_AUTO_TEST_CASE(the_same_address_again_is_no_change)
{
    scene s;
    s.start_in_place();
    s.one->aim(home);
    s.stage.settle();
    s.expect({});
}

BOOST_AUTO_TEST_CASE(a_webhook_that_the_cloud_switched_off_is_active_again_within_one_period)
{
    auto options = slow();
    options.timing.period = 20ms;
    scene s(options);
    s.start_in_place();
    s.cloud->hooks[1].status = "inactive";
    const auto since = std::chrono::steady_clock::now();
    const auto rounds = s.rounds();
    s.stage.run_until([&] { return s.cloud->hooks[1].status == "active"; });
    BOOST_TEST((std::chrono::steady_clock::now() - since >= 1ms)); // by the timer, nobody asked
    s.stage.run_until([&] { return s.rounds() > rounds; });
    BOOST_TEST(s.rounds() == rounds + 1);
    BOOST_TEST(s.one->state().revived == 1u);
    BOOST_TEST(s.one->state().drifted == 0u);
    BOOST_TEST(s.told_of_revival == 1u);
    BOOST_TEST(s.cloud->asked("update") == 1u); // the others were not touched
    BOOST_TEST(s.log.says("switched off by the cloud"));
}

BOOST_AUTO_TEST_CASE(a_revival_is_told_also_when_its_round_is_cut_short)
{
    scene s;
    s.start_in_place();
    s.cloud->hooks[0].status = "inactive";
    s.cloud->hooks[1].status = "inactive";
    s.cloud->while_asked = [&](const std::string& line) {
        if (line.starts_with("update id-2"))
            s.cloud->hanging = {"update"};
    };
    s.one->check_now();
    s.stage.run_until([&] { return s.cloud->hanging.contains("update"); });
    s.cloud->while_asked = nullptr;
    s.cloud->hanging.clear();
    s.one->aim(moved);
    s.stage.settle();
    BOOST_TEST(s.all_point_to(moved, "A"));
    BOOST_TEST(s.one->state().revived == 2u);
    BOOST_TEST(s.told_of_revival == 2u);
}

BOOST_AUTO_TEST_CASE(what_others_did_to_our_webhooks_is_put_right_and_counted)
{
    scene s;
    s.start_in_place();
    s.cloud->hooks[0].target_url = "https://theirs.example/";
    s.cloud->hooks.erase(s.cloud->hooks.begin() + 1);
    s.cloud->add(webhook_name("ab12", wanted[2]), wanted[2].resource);
    s.another_round();
    BOOST_TEST(s.all_point_to(home, "A"));
    BOOST_TEST(s.one->state().drifted == 3u);
    BOOST_TEST(s.log.says("somebody else has a hand in them"));
    BOOST_TEST(s.log.says("missing=1"));
    s.another_round();
    BOOST_TEST(s.one->state().drifted == 3u);
}

BOOST_AUTO_TEST_CASE(another_programs_webhooks_survive_a_hundred_starts_and_stops)
{
    const auto cloud = std::make_shared<test::webhook_cloud>();
    cloud->add("theirs");
    cloud->add("postern");
    cloud->add("postern ab1 messages:created");
    cloud->add("postern ab123 messages:created").status = "inactive";
    cloud->add("");
    const auto before = cloud->hooks;
    for (int i = 0; i < 100; ++i)
    {
        scene s;
        *s.cloud = *cloud;
        s.one->aim(home + std::to_string(i));
        s.start();
        s.stage.run_until([&] { return s.one->state().in_place; });
        BOOST_TEST(s.cloud->hooks.size() == before.size() + wanted.size());
        const bool crashes = i % 3 == 0; // then they are found at the next start
        if (!crashes)
        {
            s.stage.stop();
            test::run([&](net::io_context&) -> awaitable<void> {
                const auto removed = co_await s.one->remove_all(deadline::after(1s));
                BOOST_TEST(removed.has_value());
            });
        }
        *cloud = *s.cloud;
    }
    std::erase_if(cloud->hooks,
                  [](const webex::webhook& hook) { return hook.name.starts_with("postern ab12 "); });
    BOOST_TEST_REQUIRE(cloud->hooks.size() == before.size());
    for (std::size_t i = 0; i < before.size(); ++i)
    {
        BOOST_TEST(cloud->hooks[i].id == before[i].id);
        BOOST_TEST(cloud->hooks[i].name == before[i].name);
        BOOST_TEST(cloud->hooks[i].target_url == before[i].target_url);
        BOOST_TEST(cloud->hooks[i].status == before[i].status);
    }
}

BOOST_AUTO_TEST_CASE(it_is_tried_again_for_as_long_as_it_fails)
{
    scene s;
    s.cloud->failing = {"list"};
    s.one->aim(home);
    s.start();
    s.stage.run_until([&] { return s.one->state().failures >= 20; });
    BOOST_TEST(!s.one->state().in_place);
    BOOST_TEST(!s.seen.back().last_error.empty());
    s.cloud->failing = {"create"};
    s.stage.run_until([&] { return s.one->state().failures >= 25; });
    s.cloud->failing.clear();
    s.stage.run_until([&] { return s.one->state().in_place; });
    BOOST_TEST(s.one->state().last_error.empty());
    BOOST_TEST(s.all_point_to(home, "A"));
}

BOOST_AUTO_TEST_CASE(a_cloud_that_asks_for_time_gets_it)
{
    scene s;
    s.cloud->failing = {"list"};
    s.cloud->failure.retry_after = 1h;
    s.one->aim(home);
    s.start();
    s.stage.run_until([&] { return s.one->state().failures == 1; });
    s.stage.settle();
    BOOST_TEST(s.cloud->asked("list") == 1u);
    BOOST_TEST(s.log.says("in=3600000ms"));
}

BOOST_AUTO_TEST_CASE(a_look_that_fails_says_nothing_about_what_was_in_place)
{
    scene s;
    s.start_in_place();
    s.cloud->failing = {"list"};
    s.one->check_now();
    s.stage.run_until([&] { return s.one->state().failures > 0; });
    BOOST_TEST(s.one->state().in_place);
    BOOST_TEST(!s.one->state().last_error.empty());
}

BOOST_AUTO_TEST_CASE(it_stops_in_the_middle_of_a_call)
{
    scene s;
    s.cloud->hanging = {"list"};
    s.one->aim(home);
    s.start();
    s.stage.run_until([&] { return s.cloud->asked("list") == 1; });
    s.stage.stop();
    BOOST_TEST(!s.log.says("trying again"));
}

BOOST_AUTO_TEST_SUITE_END()
