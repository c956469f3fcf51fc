#include "tunnel_bench.hpp"

#include <vector>

using namespace postern;
using namespace postern::test;

// When tunnel_policy starts a child again, and with which words.
BOOST_AUTO_TEST_SUITE(tunnel_restart)

// --- after the end of a child
// -------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(it_is_started_again_with_growing_pauses)
{
    bench b;
    std::vector<milliseconds> pauses;
    for (int i = 0; i < 8; ++i)
    {
        b.start();
        b.end();
        BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
        BOOST_TEST((b.policy.next() > b.now));
        BOOST_TEST(b.due() == move::nothing);
        pauses.push_back(b.pause());
    }
    const std::vector<milliseconds> wanted{1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
    BOOST_TEST((pauses == wanted));
    b.start();
    BOOST_TEST(b.policy.restarts() == 8u);
}

BOOST_AUTO_TEST_CASE(being_online_for_long_makes_the_pause_short_again)
{
    bench b;
    for (int i = 0; i < 4; ++i)
    {
        b.go_online();
        b.pass(1min); // too short to be stable
        b.end();
        BOOST_TEST((b.pause() == milliseconds(1s) * (1 << i)));
    }
    b.go_online();
    b.pass(5min);
    b.end();
    BOOST_TEST((b.pause() == 1s));
}

BOOST_AUTO_TEST_CASE(the_reason_tells_who_ended_how_why_and_what_to_do)
{
    bench b;
    b.end_with(trouble(trouble_kind::crowded, "ERR_NGROK_108"));
    BOOST_TEST(b.policy.reason() == "ngrok ended (exit code 1): ERR_NGROK_108: words; do this");
    BOOST_TEST(b.policy.code() == "ERR_NGROK_108");
}

BOOST_AUTO_TEST_CASE(the_heaviest_cause_counts_and_keeps_the_words_of_another_line)
{
    bench b;
    b.start();
    b.hear(news(kind::cause, trouble(trouble_kind::passing, {}, "asked to stop"), 1));
    b.hear(news(kind::cause, trouble(trouble_kind::unknown, {}, "the text"), 2));
    b.hear(news(kind::cause, {trouble_kind::unknown, "ERR_NGROK_9999", {}, "see the page"}, 12));
    b.hear(news(kind::cause, trouble(trouble_kind::passing, {}, "https://docs"), 2));
    b.end();
    BOOST_TEST(b.policy.reason() == "ngrok ended (exit code 1): ERR_NGROK_9999: the text; see the page");
}

BOOST_AUTO_TEST_CASE(without_a_cause_the_last_words_are_quoted)
{
    bench b;
    b.start();
    b.end("exit code 255", "connection refused");
    BOOST_TEST(b.policy.reason() == "ngrok ended (exit code 255): connection refused");
}

BOOST_AUTO_TEST_CASE(what_a_person_must_mend_is_tried_again_slowly)
{
    bench b;
    BOOST_TEST((b.end_with(trouble(trouble_kind::person, "ERR_NGROK_107")) == 15min));
    BOOST_TEST(b.policy.phase() == tunnel_phase::failed);
    b.pass(15min - 1ms);
    BOOST_TEST(b.due() == move::nothing);
    b.pass(1ms);
    b.go_online(); // mended
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
}

BOOST_AUTO_TEST_CASE(a_crowded_account_is_left_in_peace_for_longer)
{
    bench b;
    std::vector<milliseconds> pauses;
    for (int i = 0; i < 6; ++i)
    {
        pauses.push_back(b.end_with(trouble(trouble_kind::crowded, "ERR_NGROK_108")));
        b.pause();
    }
    const std::vector<milliseconds> wanted{30s, 1min, 2min, 4min, 5min, 5min};
    BOOST_TEST((pauses == wanted));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_still_taken_is_waited_for_five_minutes)
{
    bench b;
    std::vector<milliseconds> pauses;
    while (b.policy.phase() != tunnel_phase::failed && pauses.size() < 20)
    {
        pauses.push_back(b.end_with(trouble(trouble_kind::lingering, "ERR_NGROK_334")));
        b.pause();
    }
    const std::vector<milliseconds> wanted{5s, 10s, 20s, 40s, 1min, 1min, 1min, 1min, 15min};
    BOOST_TEST((pauses == wanted));
}

BOOST_AUTO_TEST_CASE(after_being_online_a_taken_name_gets_all_the_patience_again)
{
    bench b;
    b.end_with(trouble(trouble_kind::lingering, "ERR_NGROK_334"));
    b.pause();
    b.go_online();
    b.pass(1h);
    b.end("killed by signal 9");
    b.pause();
    BOOST_TEST((b.end_with(trouble(trouble_kind::lingering, "ERR_NGROK_334")) == 5s));
}

BOOST_AUTO_TEST_CASE(being_online_for_a_moment_does_not_make_a_storm_of_restarts)
{
    bench b;
    std::vector<milliseconds> pauses;
    for (int i = 0; i < 10; ++i)
    {
        b.go_online();
        b.pass(1min);
        for (int n = 0; n < 3; ++n)
            b.hear(news(kind::refused, trouble(trouble_kind::lingering, "ERR_NGROK_334")));
        BOOST_TEST_REQUIRE(b.due() == move::stop);
        b.end("exit code 0");
        BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
        pauses.push_back(b.pause());
    }
    BOOST_TEST((pauses.front() == 5s));
    BOOST_TEST((pauses.back() == 1min));
}

BOOST_AUTO_TEST_CASE(an_unknown_code_that_comes_three_times_needs_a_person)
{
    bench b;
    for (int i = 0; i < 2; ++i)
    {
        b.end_with(trouble(trouble_kind::unknown, "ERR_NGROK_9999"));
        BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
        b.pause();
    }
    b.end_with(trouble(trouble_kind::unknown, "ERR_NGROK_9999"));
    BOOST_TEST(b.policy.phase() == tunnel_phase::failed);
}

BOOST_AUTO_TEST_CASE(different_unknown_codes_are_not_counted_together)
{
    bench b;
    for (int i = 0; i < 9; ++i)
    {
        b.end_with(trouble(trouble_kind::unknown, "ERR_NGROK_99" + std::to_string(i)));
        BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
        b.pause();
    }
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_needs_a_person_and_a_shortage_does_not)
{
    bench b;
    BOOST_TEST_REQUIRE(b.due() == move::start);
    b.policy.not_started(error(errc::bad_configuration, "starting ngrok").because("no such program"), b.now,
                         1.0);
    BOOST_TEST(b.policy.phase() == tunnel_phase::failed);
    BOOST_TEST(b.policy.reason().find("no such program") != std::string::npos);
    b.pause();
    BOOST_TEST_REQUIRE(b.due() == move::start);
    const auto shortage = boost::system::errc::make_error_code(boost::system::errc::too_many_files_open);
    b.policy.not_started(error(shortage, "starting ngrok"), b.now, 1.0);
    BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
    BOOST_TEST((b.policy.again_in(b.now) == 1s));
}

BOOST_AUTO_TEST_SUITE_END()
