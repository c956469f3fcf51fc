#include "postern/gateway/delivery_path.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace postern;
using namespace std::chrono_literals;

const wall_time noon{1'700'000'000s};

source::reconciler_state fine(wall_time checked)
{
    source::reconciler_state s;
    s.in_place = true;
    s.last_checked = checked;
    return s;
}

source::reconciler_state unreachable(wall_time checked)
{
    auto s = fine(checked);
    s.last_error = "503";
    return s;
}

// Webhooks in place at noon, and nothing has happened yet.
delivery_path opened()
{
    delivery_path p;
    p.webhooks(fine(noon), noon);
    return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(delivery_path)

BOOST_AUTO_TEST_CASE(it_is_open_once_the_webhooks_are_in_place_and_nothing_was_missed_by_that)
{
    postern::delivery_path p;
    BOOST_TEST(!p.open());
    p.webhooks(fine(noon), noon);
    BOOST_TEST(p.open());
    BOOST_TEST(!p.take(noon).has_value());
}

BOOST_AUTO_TEST_CASE(it_is_sure_of_deliveries_until_somebody_last_looked)
{
    BOOST_TEST(!postern::delivery_path().sure_until().has_value());
    auto p = opened();
    BOOST_TEST((p.sure_until() == noon));
    p.webhooks(unreachable(noon), noon + 5min);
    BOOST_TEST((p.sure_until() == noon));
    p.self_check(false, noon + 5min); // it never worked: from here it may not be seen
    p.webhooks(fine(noon + 6min), noon + 6min);
    BOOST_TEST((p.sure_until() == noon + 6min));
    p.self_check(true, noon + 7min);
    p.self_check(false, noon + 8min);
    p.webhooks(fine(noon + 11min), noon + 11min);
    BOOST_TEST((p.sure_until() == noon + 7min));
}

BOOST_AUTO_TEST_CASE(a_cloud_that_could_not_be_reached_may_have_lost_deliveries_since_it_was_last_seen)
{
    auto p = opened();
    p.webhooks(unreachable(noon), noon + 5min);
    BOOST_TEST(p.open()); // what we knew still holds
    BOOST_TEST(!p.take(noon + 5min).has_value());
    p.webhooks(fine(noon + 6min), noon + 6min);
    const auto missed = p.take(noon + 6min);
    BOOST_TEST_REQUIRE(missed.has_value());
    BOOST_TEST((missed->from == noon));
    BOOST_TEST((missed->to == noon + 6min));
    BOOST_TEST(!p.take(noon + 6min).has_value()); // told once
}

BOOST_AUTO_TEST_CASE(a_webhook_that_was_switched_off_has_lost_deliveries_since_it_was_last_seen_on)
{
    auto p = opened();
    auto now = fine(noon + 5min);
    now.revived = 1;
    p.webhooks(now, noon + 5min);
    const auto missed = p.take(noon + 5min);
    BOOST_TEST_REQUIRE(missed.has_value());
    BOOST_TEST((missed->from == noon));
}

BOOST_AUTO_TEST_CASE(a_tunnel_that_was_away_has_lost_deliveries_and_is_told_when_the_webhooks_follow_it)
{
    auto p = opened();
    p.tunnel(false, noon + 10min);
    BOOST_TEST(!p.open());
    source::reconciler_state moving;
    moving.last_checked = noon;
    p.webhooks(moving, noon + 11min);
    p.tunnel(true, noon + 11min);
    BOOST_TEST(!p.open());
    BOOST_TEST(!p.take(noon + 11min).has_value());
    p.webhooks(fine(noon + 12min), noon + 12min);
    const auto missed = p.take(noon + 12min);
    BOOST_TEST_REQUIRE(missed.has_value());
    BOOST_TEST((missed->from <= noon + 10min));
    BOOST_TEST((missed->to == noon + 12min));
}

BOOST_AUTO_TEST_CASE(a_ping_that_never_came_through_says_nothing_about_deliveries)
{
    auto p = opened();
    p.self_check(false, noon + 1min);
    p.self_check(false, noon + 2min);
    BOOST_TEST(p.open());
    p.self_check(true, noon + 3min);
    BOOST_TEST(!p.take(noon + 3min).has_value());
}

BOOST_AUTO_TEST_CASE(a_way_that_is_whole_again_may_have_lost_deliveries_since_it_was_whole)
{
    auto p = opened();
    p.self_check(true, noon + 1min);
    p.self_check(false, noon + 2min);
    BOOST_TEST(!p.take(noon + 2min).has_value());
    p.self_check(true, noon + 3min);
    const auto missed = p.take(noon + 3min);
    BOOST_TEST_REQUIRE(missed.has_value());
    BOOST_TEST((missed->from == noon + 1min));
}

BOOST_AUTO_TEST_CASE(several_suspicions_are_one_window)
{
    auto p = opened();
    p.self_check(true, noon + 1min);
    p.tunnel(false, noon + 20min);
    p.self_check(false, noon + 21min);
    p.tunnel(true, noon + 22min);
    p.self_check(true, noon + 23min);
    const auto missed = p.take(noon + 23min);
    BOOST_TEST_REQUIRE(missed.has_value());
    BOOST_TEST((missed->from == noon + 1min));
}

BOOST_AUTO_TEST_SUITE_END()
