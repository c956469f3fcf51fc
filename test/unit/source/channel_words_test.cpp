#include "postern/source/device/channel_words.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(channel_words)

BOOST_AUTO_TEST_CASE(durations_are_spoken_as_precisely_as_a_person_needs)
{
    BOOST_TEST(spoken(20ms) == "20 ms");
    BOOST_TEST(spoken(449ms) == "0.4 s");
    BOOST_TEST(spoken(6'200ms) == "6.2 s");
    BOOST_TEST(spoken(9'960ms) == "10 s");
    BOOST_TEST(spoken(75s) == "75 s");
    BOOST_TEST(spoken(5min) == "5 min");
}

BOOST_AUTO_TEST_CASE(a_loss_is_one_sentence_with_cause_and_consequence)
{
    BOOST_TEST(lost_words("channel lost",
                          {remedy::reconnect, 400ms, "closed by the cloud with 1001 (going away)"}) ==
               "channel lost: closed by the cloud with 1001 (going away); trying again in 0.4 s");
    BOOST_TEST(lost_words("no channel yet", {remedy::register_anew, 0ms, "404"}) ==
               "no channel yet: 404; registering anew, trying again at once");
    BOOST_TEST(lost_words("channel lost", {remedy::alarm, 5min, "not entitled"}) ==
               "channel lost: not entitled; a person must look; trying again in 5 min");
}

BOOST_AUTO_TEST_CASE(a_return_says_what_may_be_missing)
{
    gap g;
    g.from = *parse_time("2026-01-02T03:04:05.006Z");
    g.to = *parse_time("2026-01-02T03:04:11.206Z");
    BOOST_TEST(back_words(6'200ms, 3, g) ==
               "channel ready again after 6.2 s, 3 tries; events between 2026-01-02T03:04:05.006Z and "
               "2026-01-02T03:04:11.206Z may have been missed");
    g.buffered = true;
    BOOST_TEST(back_words(200ms, 1, g) ==
               "channel ready again after 0.2 s, 1 try; the cloud kept what was said meanwhile");
}

BOOST_AUTO_TEST_SUITE_END()
