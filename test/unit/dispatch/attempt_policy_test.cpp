#include "postern/dispatch/attempt_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace postern;
using namespace std::chrono_literals;

namespace {

const dispatch::attempt_policy policy(3, backoff{1'000ms, 60'000ms}, 1h);

outcome retried(unsigned attempt, std::chrono::milliseconds pause = 0ms, double random = 0.0)
{
    return policy.after(attempt, outcome::retry("Webex is unavailable", pause), random);
}

} // namespace

BOOST_AUTO_TEST_SUITE(attempt_policy)

BOOST_AUTO_TEST_CASE(what_is_over_stays_what_it_is)
{
    for (const auto& end : {outcome::done("note"), outcome::ignored("why"), outcome::dead("never")})
    {
        const auto decided = policy.after(3, end, 0.5);
        BOOST_TEST((decided.what == end.what));
        BOOST_TEST(decided.reason == end.reason);
    }
}

BOOST_AUTO_TEST_CASE(pauses_double_with_every_attempt)
{
    BOOST_TEST((retried(1).pause == 500ms));
    BOOST_TEST((retried(2).pause == 1'000ms));
    BOOST_TEST((retried(1, 0ms, 0.999).pause > 990ms));
    BOOST_TEST(retried(1).reason == "Webex is unavailable");
}

BOOST_AUTO_TEST_CASE(a_pause_that_was_asked_for_is_kept_within_reason)
{
    BOOST_TEST((retried(1, 7'000ms).pause == 7'000ms));
    BOOST_TEST((retried(1, 24h).pause == 1h));
}

BOOST_AUTO_TEST_CASE(the_last_attempt_ends_in_the_dead_with_its_reason)
{
    BOOST_TEST((retried(2).what == outcome::kind::retry));
    for (const unsigned attempt : {3u, 4u})
    {
        const auto parked = retried(attempt);
        BOOST_TEST((parked.what == outcome::kind::dead));
        BOOST_TEST(parked.reason ==
                   "given up after " + std::to_string(attempt) + " attempts: Webex is unavailable");
    }
}

BOOST_AUTO_TEST_CASE(an_attempt_that_was_cut_off_counts)
{
    const error late(errc::timed_out, "handling the event");
    BOOST_TEST((policy.after(2, late, 0.0).what == outcome::kind::retry));
    const auto parked = policy.after(3, late, 0.0);
    BOOST_TEST((parked.what == outcome::kind::dead));
    BOOST_TEST(parked.reason.find("no answer in time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_stop_cuts_off_is_never_dead)
{
    const auto given_back = policy.after(3, error(errc::stopped, "handling the event"), 0.0);
    BOOST_TEST((given_back.what == outcome::kind::retry));
    BOOST_TEST((given_back.pause == 0ms));
}

BOOST_AUTO_TEST_CASE(at_least_one_attempt_is_made)
{
    const dispatch::attempt_policy none(0, backoff{}, 1h);
    const auto parked = none.after(1, outcome::retry("why", 0ms), 0.0);
    BOOST_TEST((parked.what == outcome::kind::dead));
    BOOST_TEST(parked.reason == "given up after 1 attempt: why");
}

BOOST_AUTO_TEST_SUITE_END()
