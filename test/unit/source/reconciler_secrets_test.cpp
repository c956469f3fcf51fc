#include "unit/source/reconciler_scene.hpp"

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

using test::home;
using test::slow;
using scene = test::reconciler_scene;

} // namespace

BOOST_AUTO_TEST_SUITE(reconciler_secrets)

BOOST_AUTO_TEST_CASE(a_new_secret_is_accepted_before_the_first_webhook_has_it)
{
    scene s;
    s.start_in_place();
    BOOST_TEST(s.one->rotate(secret("B")).has_value());
    BOOST_TEST(s.one->state().in_place); // deliveries go on
    s.stage.settle();
    s.expect({"trust B A", "list", "update id-1 " + home + " B", "update id-2 " + home + " B",
              "update id-3 " + home + " B"});
}

BOOST_AUTO_TEST_CASE(the_old_secret_is_dropped_when_its_time_is_over_and_no_webhook_has_it)
{
    scene s(slow(), 10ms);
    s.start_in_place();
    s.cloud->failing = {"update"};
    BOOST_TEST(s.one->rotate(secret("B")).has_value());
    s.stage.run_until([&] { return s.one->state().failures >= 10; }); // much longer than the grace time
    BOOST_TEST(s.cloud->asked("trust") == 1u);
    s.cloud->failing.clear();
    s.stage.run_until([&] { return s.cloud->asked("trust") == 2; });
    BOOST_TEST(s.cloud->transcript.back() == "trust B -");
    BOOST_TEST(s.all_point_to(home, "B"));
}

BOOST_AUTO_TEST_CASE(at_no_moment_of_a_rotation_has_a_webhook_a_secret_that_is_refused)
{
    scene s(slow(), 1ms);
    s.start_in_place();
    std::string trusted = "trust A -";
    unsigned looked = 0;
    s.cloud->while_asked = [&](const std::string&) {
        for (const auto& line : s.cloud->transcript)
            if (line.starts_with("trust"))
                trusted = line;
        for (const auto& [id, key] : s.cloud->keys)
            BOOST_TEST(trusted.find(' ' + key) != std::string::npos);
        ++looked;
    };
    for (const auto* next : {"B", "C", "D"})
    {
        s.cloud->failing = {"update"};
        BOOST_TEST(s.one->rotate(secret(next)).has_value());
        const auto failures = s.one->state().failures;
        s.stage.run_until([&] { return s.one->state().failures > failures; });
        s.cloud->failing.clear();
        s.stage.run_until([&] { return s.cloud->transcript.back() == std::string("trust ") + next + " -"; });
        BOOST_TEST(s.all_point_to(home, next));
    }
    BOOST_TEST(looked >= 12u);
}

BOOST_AUTO_TEST_CASE(a_secret_that_changes_during_a_round_reaches_every_webhook)
{
    scene s;
    s.cloud->while_asked = [&](const std::string& line) {
        if (line.starts_with("create memberships"))
        {
            s.cloud->while_asked = nullptr;
            BOOST_TEST(s.one->rotate(secret("B")).has_value());
        }
    };
    s.one->aim(home);
    s.start();
    s.stage.run_until([&] { return s.one->state().in_place; });
    BOOST_TEST(s.all_point_to(home, "B"));
}

BOOST_AUTO_TEST_CASE(a_refused_delivery_of_ours_sets_our_secret_again_but_not_for_every_forger)
{
    scene s;
    s.start_in_place();
    s.one->signature_refused(R"({"id":"somebody-else"})");
    s.stage.settle();
    s.expect({});

    s.cloud->keys["id-2"] = "Z"; // somebody has set another one
    s.one->signature_refused(R"({"id":"id-2","name":"postern ab12 memberships:created"})");
    s.stage.settle();
    BOOST_TEST(s.all_point_to(home, "A"));
    BOOST_TEST(s.one->state().rekeyed == 1u);
    BOOST_TEST(s.one->state().drifted == 0u);

    s.cloud->transcript.clear();
    for (int i = 0; i < 1000; ++i)
        s.one->signature_refused(R"({"id":"id-2"})");
    s.stage.settle();
    s.expect({});
}

BOOST_AUTO_TEST_CASE(a_delivery_without_signature_may_be_ours_too)
{
    scene s;
    s.start_in_place();
    s.one->signature_refused({});
    s.stage.settle();
    BOOST_TEST(s.cloud->asked("update") == 3u);
}

BOOST_AUTO_TEST_CASE(no_secret_is_in_the_log)
{
    scene s;
    s.start_in_place();
    BOOST_TEST(s.one->rotate(secret("very-secret-b")).has_value());
    s.cloud->failing = {"update"};
    s.stage.run_until([&] { return s.one->state().failures > 0; });
    BOOST_TEST(!s.log.says("very-secret"));
}

BOOST_AUTO_TEST_SUITE_END()
