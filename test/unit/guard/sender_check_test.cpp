#include "guard_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;

namespace {

struct fixture : guard_scene
{
    fixture() { options.check = guard::check_of::sender; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sender_check)

BOOST_FIXTURE_TEST_CASE(each_sender_is_asked_about_once, fixture)
{
    api->people = {person("ann@a"), person("eve@c")};
    run_guarded(*this, [&]() -> awaitable<void> {
        for (int i = 0; i < 10; ++i)
        {
            const auto ours = co_await come(said("ann@a"));
            BOOST_TEST_REQUIRE(is_admitted(ours));
            BOOST_TEST((ours->cached == (i > 0)));
            const auto theirs = co_await come(said("eve@c"));
            BOOST_TEST_REQUIRE(is_refused(theirs));
        }
        BOOST_TEST(api->calls.size() == 2u);
        BOOST_TEST(gate->counted().people == 2u);
        BOOST_TEST(gate->counted().walks == 0u);
        now += options.keep;
        const auto old = co_await come(said("ann@a"));
        BOOST_TEST(old.has_error());
    });
}

BOOST_FIXTURE_TEST_CASE(a_sender_who_cannot_be_looked_up_is_undecided, fixture)
{
    auto nobody = person("ann@a");
    nobody.org_id.clear();
    api->people = {error(errc::not_found), person("ann@a"), nobody};
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto not_found = co_await come(said("al@a"));
        BOOST_TEST(not_found.error().is(errc::not_found));
        const auto somebody_else = co_await come(said("al@a"));
        BOOST_TEST(somebody_else.error().is(errc::bad_response));
        const auto without_organisation = co_await come(said("ann@a"));
        BOOST_TEST(without_organisation.error().is(errc::bad_response));
    });
}

BOOST_FIXTURE_TEST_CASE(memberships_and_events_of_nobody_are_judged_by_the_room, fixture)
{
    api->put("hall", {"bot@a", "eve@c"});
    run_guarded(*this, [&]() -> awaitable<void> {
        const auto joined = co_await come(happened("memberships:created", "hall", "ann@a"));
        BOOST_TEST(is_refused(joined));
        const auto nobody = co_await come(happened("messages:created", "hall", ""));
        BOOST_TEST(is_refused(nobody));
        BOOST_TEST(api->count("get_person") == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(no_room_is_left_because_of_a_sender, fixture)
{
    options.action = guard::on_refusal::leave;
    api->people = {person("eve@c")};
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await come(said("eve@c"));
        BOOST_TEST(gate->counted().actions == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(the_room_is_told_of_a_refused_sender, fixture)
{
    options.action = guard::on_refusal::tell;
    api->people = {person("eve@c")};
    api->accept_posts = true;
    run_guarded(*this, [&]() -> awaitable<void> {
        co_await come(said("eve@c"));
        co_await come(said("eve@c"));
        const bool told = co_await until([&] { return api->posted.size() == 1; });
        BOOST_TEST(told);
        BOOST_TEST(gate->counted().actions == 1u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
