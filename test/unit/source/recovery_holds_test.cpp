#include "postern/source/recovery/recovery_holds.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

namespace {

struct holds
{
    postern::source::recovery_holds all{60s};
    postern::source::recovery_holds::time_point start{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recovery_holds, holds)

BOOST_AUTO_TEST_CASE(what_was_expected_in_vain_is_released)
{
    BOOST_TEST((all.due() == all.never));
    all.expect(start);
    BOOST_TEST(all.held());
    BOOST_TEST((all.due() == start + 60s));
    BOOST_TEST(all.nothing_missed());
    BOOST_TEST(!all.held());
    BOOST_TEST(!all.nothing_missed());
}

BOOST_AUTO_TEST_CASE(rooms_are_released_as_they_are_done_and_all_at_the_end)
{
    all.expect(start);
    BOOST_TEST(!all.may_release());
    all.missed(start);
    BOOST_TEST(!all.may_release());
    all.begin();
    BOOST_TEST(all.may_release());
    BOOST_TEST(all.recovered());
    BOOST_TEST(!all.held());
}

BOOST_AUTO_TEST_CASE(nothing_is_released_while_an_older_window_waits)
{
    all.missed(start);
    all.begin();
    all.expect(start + 1s);
    BOOST_TEST(!all.may_release()); // nobody knows yet
    all.missed(start + 2s);
    BOOST_TEST(!all.may_release());
    BOOST_TEST(!all.recovered());
    all.begin();
    BOOST_TEST(all.may_release());
    BOOST_TEST(all.recovered());
}

BOOST_AUTO_TEST_CASE(nothing_missed_does_not_end_what_is_being_fetched)
{
    all.missed(start);
    all.begin();
    all.expect(start + 1s);
    BOOST_TEST(!all.nothing_missed());
    BOOST_TEST(all.may_release());
    BOOST_TEST(all.recovered());
}

BOOST_AUTO_TEST_CASE(what_failed_still_holds)
{
    all.missed(start);
    all.begin();
    all.failed();
    BOOST_TEST(all.owes());
    BOOST_TEST(!all.may_release());
    BOOST_TEST(!all.nothing_missed());
    all.begin();
    BOOST_TEST(all.recovered());
}

BOOST_AUTO_TEST_CASE(no_room_waits_for_ever)
{
    all.expect(start);
    BOOST_TEST(!all.overdue(start + 59s));
    BOOST_TEST(all.overdue(start + 60s));
    BOOST_TEST(!all.overdue(start + 61s)); // once
    BOOST_TEST((all.due() == all.never));
}

BOOST_AUTO_TEST_CASE(the_time_begins_when_something_is_to_be_fetched_and_not_anew_with_every_window)
{
    all.expect(start); // an outage begins
    all.missed(start + 50s);
    BOOST_TEST((all.due() == start + 110s));
    all.begin();
    all.missed(start + 80s);
    BOOST_TEST((all.due() == start + 110s));
    all.failed();
    all.expect(start + 90s);
    all.missed(start + 100s);
    BOOST_TEST((all.due() == start + 110s));
}

BOOST_AUTO_TEST_CASE(after_a_hold_that_took_too_long_a_new_window_holds_anew)
{
    all.missed(start);
    all.begin();
    BOOST_TEST(all.overdue(start + 60s));
    BOOST_TEST(!all.may_release());
    all.missed(start + 70s);
    BOOST_TEST(all.held());
    BOOST_TEST((all.due() == start + 130s));
}

BOOST_AUTO_TEST_SUITE_END()
