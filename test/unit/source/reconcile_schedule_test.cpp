#include "postern/source/webhook/reconcile_schedule.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::source;
using namespace std::chrono_literals;

namespace {

using time_point = postern::source::reconcile_schedule::time_point;
constexpr auto never = postern::source::reconcile_schedule::never;

struct scene
{
    time_point now{1h};
    postern::source::reconcile_schedule one{{}};

    bool due() const { return one.due() <= now; }
    void in_place()
    {
        one.aim(true, now);
        one.begin();
        one.done(now);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(reconcile_schedule)

BOOST_AUTO_TEST_CASE(nothing_is_due_while_there_is_nowhere_to_deliver_to)
{
    scene s;
    BOOST_TEST((s.one.due() == never));
    s.one.ask(s.now);
    BOOST_TEST((s.one.due() == never));
    s.one.aim(true, s.now);
    BOOST_TEST(s.due());
    s.one.aim(false, s.now);
    BOOST_TEST((s.one.due() == never));
}

BOOST_AUTO_TEST_CASE(after_a_round_that_went_well_the_next_is_a_period_away)
{
    scene s;
    s.in_place();
    BOOST_TEST((s.one.due() == s.now + 5min));
    s.one.ask(s.now);
    BOOST_TEST(s.due());
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_during_a_round_is_done_right_after_it)
{
    scene s;
    s.one.aim(true, s.now);
    s.one.begin();
    BOOST_TEST(!s.due());
    s.one.ask(s.now);
    s.one.done(s.now);
    BOOST_TEST(s.due());
    s.one.begin();
    s.one.ask(s.now);
    s.one.failed(s.now, 1min, 0);
    BOOST_TEST(s.due());
}

BOOST_AUTO_TEST_CASE(failures_are_repeated_for_ever_with_growing_pauses)
{
    scene s;
    s.one.aim(true, s.now);
    auto last = 0ms;
    for (int i = 0; i < 100; ++i)
    {
        s.one.begin();
        const auto pause = s.one.failed(s.now, std::nullopt, 0.5);
        BOOST_TEST((pause >= last));
        BOOST_TEST((pause <= 5min));
        BOOST_TEST((s.one.due() == s.now + pause));
        last = pause;
    }
    BOOST_TEST((last >= 2min));
    // A new target is not to blame for the old one's failures.
    s.one.aim(true, s.now);
    BOOST_TEST(s.due());
    s.one.begin();
    BOOST_TEST((s.one.failed(s.now, std::nullopt, 0) <= 1s));
}

BOOST_AUTO_TEST_CASE(whoever_looks_often_does_so_after_failures_too)
{
    reconcile_timing often;
    often.period = 1s;
    postern::source::reconcile_schedule one(often);
    const time_point now{1h};
    one.aim(true, now);
    for (int i = 0; i < 20; ++i)
    {
        one.begin();
        BOOST_TEST((one.failed(now, std::nullopt, 1) <= 1s));
    }
    one.begin();
    BOOST_TEST((one.failed(now, 90s, 1) == 90s)); // but the cloud may ask for more
}

BOOST_AUTO_TEST_CASE(the_cloud_is_left_alone_for_as_long_as_it_asks)
{
    scene s;
    s.one.aim(true, s.now);
    s.one.begin();
    BOOST_TEST((s.one.failed(s.now, 90s, 0) == 90s));
    BOOST_TEST((s.one.due() == s.now + 90s));
}

BOOST_AUTO_TEST_CASE(a_refused_signature_sets_the_secret_again_but_forgers_can_not_make_us_busy)
{
    scene s;
    s.in_place();
    BOOST_TEST(s.one.refuse_signature(s.now));
    BOOST_TEST(s.due());

    unsigned times = 0; // a forgery a second for a day
    for (int second = 1; second <= 24 * 3600; ++second)
        times += s.one.refuse_signature(s.now + std::chrono::seconds(second));
    BOOST_TEST(times >= 20u);
    BOOST_TEST(times <= 30u); // once an hour at last

    BOOST_TEST(s.one.refuse_signature(s.now + 48h)); // it had ended: soon again
    BOOST_TEST(!s.one.refuse_signature(s.now + 48h + 2min));
    BOOST_TEST(s.one.refuse_signature(s.now + 48h + 4min));
}

BOOST_AUTO_TEST_CASE(a_refused_signature_matters_only_where_we_have_webhooks)
{
    scene s;
    BOOST_TEST(!s.one.refuse_signature(s.now));
}

BOOST_AUTO_TEST_SUITE_END()
