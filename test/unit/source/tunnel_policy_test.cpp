#include "tunnel_bench.hpp"

using namespace postern;
using namespace postern::test;

namespace {

using policy_type = source::tunnel_policy; // the suite below has the class's name

} // namespace

BOOST_AUTO_TEST_SUITE(tunnel_policy)

// --- to online
// ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(it_starts_at_once_and_is_online_with_its_url)
{
    bench b;
    BOOST_TEST(b.policy.phase() == tunnel_phase::idle);
    b.start();
    BOOST_TEST(b.policy.phase() == tunnel_phase::starting);
    BOOST_TEST(b.policy.url().empty());
    b.hear(news(kind::connected));
    BOOST_TEST(b.policy.phase() == tunnel_phase::starting);
    b.hear(url_news());
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
    BOOST_TEST(b.policy.url() == url);
    BOOST_TEST(b.policy.restarts() == 0u);
}

BOOST_AUTO_TEST_CASE(the_local_api_may_tell_the_url_first)
{
    bench b;
    b.start();
    BOOST_TEST(b.due() == move::nothing);
    b.pass(1s);
    BOOST_TEST(b.due() == move::look);
    b.see(view_of(""));
    BOOST_TEST(b.policy.phase() == tunnel_phase::starting);
    BOOST_TEST(b.due() == move::nothing);
    b.pass(1s);
    b.see(view_of(url));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
}

BOOST_AUTO_TEST_CASE(an_api_that_is_not_there_yet_is_no_reason_to_give_up)
{
    bench b;
    b.start();
    for (int i = 0; i < 20; ++i)
    {
        b.pass(1s);
        b.see_nothing();
    }
    BOOST_TEST(b.policy.phase() == tunnel_phase::starting);
    BOOST_TEST(b.due() == move::nothing);
}

BOOST_AUTO_TEST_CASE(a_url_that_is_known_before_the_connection_is_not_believed)
{
    auto t = traits_of_ngrok();
    t.url_needs_connection = true;
    bench b(t);
    b.start();
    b.hear(url_news());
    BOOST_TEST(b.policy.phase() == tunnel_phase::starting);
    b.hear(news(kind::connected));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
}

BOOST_AUTO_TEST_CASE(its_api_may_be_the_first_to_say_that_it_is_connected)
{
    auto t = traits_of_ngrok();
    t.url_needs_connection = true;
    bench b(t);
    b.start();
    b.hear(url_news());
    b.see(view_of({}, false));
    BOOST_TEST(b.policy.phase() == tunnel_phase::starting);
    b.see(view_of({}, true));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
    BOOST_TEST(b.policy.url() == url);
}

BOOST_AUTO_TEST_CASE(a_fixed_url_that_needs_no_proof_is_online_with_the_program)
{
    tunnel_traits t;
    t.fixed_url = url;
    bench b(t);
    b.start();
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
    BOOST_TEST((b.policy.next() == policy_type::never));
}

BOOST_AUTO_TEST_CASE(a_start_that_hangs_is_ended_whatever_the_child_prints)
{
    bench b;
    b.start();
    for (int i = 0; i < 59; ++i)
    {
        b.pass(1s);
        b.hear(news(kind::hint));
        b.see_nothing();
        BOOST_TEST(b.due() != move::stop);
    }
    b.hear(news(kind::lost, trouble(trouble_kind::passing, {}, "x509")));
    b.pass(1s);
    BOOST_TEST(b.due() == move::stop);
    BOOST_TEST(b.policy.phase() == tunnel_phase::stopping);
    b.end("killed by signal 9");
    BOOST_TEST(b.policy.reason() == "ngrok gave no public URL within 60 s: x509; do this");
    BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
}

// --- a child that says it must end
// --------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_child_that_was_refused_gets_five_seconds_to_end)
{
    bench b;
    b.start();
    b.hear(news(kind::refused, trouble(trouble_kind::person, "ERR_NGROK_105")));
    b.pass(4999ms);
    BOOST_TEST(b.due() != move::stop);
    b.pass(1ms);
    BOOST_TEST(b.due() == move::stop);
    b.end("exit code 0");
    BOOST_TEST(b.policy.phase() == tunnel_phase::failed);
    BOOST_TEST(b.policy.code() == "ERR_NGROK_105");
    BOOST_TEST(b.policy.reason() ==
               "ngrok said that it must end, but did not: ERR_NGROK_105: words; do this");
}

BOOST_AUTO_TEST_CASE(a_child_that_connects_after_all_is_forgiven)
{
    bench b;
    b.start();
    b.hear(news(kind::refused, trouble(trouble_kind::passing, "ERR_NGROK_802")));
    b.pass(1s);
    b.hear(news(kind::connected));
    b.hear(url_news());
    b.pass(5s);
    BOOST_TEST(b.due() == move::nothing);
    b.end("killed by signal 9");
    BOOST_TEST(b.policy.reason() == "ngrok ended (killed by signal 9)");
}

// --- online and offline
// -------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_lost_session_is_left_to_the_child_and_back_when_its_api_says_so)
{
    bench b;
    b.go_online();
    b.hear(news(kind::lost, trouble(trouble_kind::passing, {}, "EOF")));
    BOOST_TEST(b.policy.phase() == tunnel_phase::offline);
    BOOST_TEST(b.policy.url().empty());
    BOOST_TEST(b.policy.reason() == "ngrok has lost its connection: EOF; do this");
    b.pass(1s);
    BOOST_TEST(b.due() == move::look);
    b.see(view_of(url)); // it is listed all the same
    BOOST_TEST(b.policy.phase() == tunnel_phase::offline);
    b.hear(news(kind::connected));
    BOOST_TEST(b.policy.phase() == tunnel_phase::offline);
    BOOST_TEST(b.due() == move::look);
    b.see(view_of(url));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
    BOOST_TEST(b.policy.restarts() == 0u);
}

BOOST_AUTO_TEST_CASE(a_tunnel_without_an_api_is_back_when_it_says_so)
{
    bench b(tunnel_traits{});
    b.go_online();
    b.hear(news(kind::lost));
    BOOST_TEST(b.policy.phase() == tunnel_phase::offline);
    b.hear(news(kind::connected));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
    BOOST_TEST(b.policy.url() == url);
}

BOOST_AUTO_TEST_CASE(what_is_offline_for_too_long_is_started_anew)
{
    bench b;
    b.go_online();
    b.hear(news(kind::lost, trouble(trouble_kind::passing, {}, "EOF")));
    b.pass(5min - 1ms);
    b.see(view_of(url));
    BOOST_TEST(b.due() != move::stop);
    b.pass(1ms);
    BOOST_TEST(b.due() == move::stop);
    b.end("exit code 0");
    BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
    BOOST_TEST(b.policy.reason() == "ngrok was offline for 5 min: EOF; do this");
}

BOOST_AUTO_TEST_CASE(the_same_refusal_three_times_while_reconnecting_is_a_reason_to_start_anew)
{
    bench b;
    b.go_online();
    const auto taken = trouble(trouble_kind::lingering, "ERR_NGROK_334");
    b.hear(news(kind::refused, taken));
    BOOST_TEST(b.policy.phase() == tunnel_phase::offline);
    b.hear(news(kind::refused, taken));
    BOOST_TEST(b.due() != move::stop);
    b.hear(news(kind::refused, taken));
    BOOST_TEST(b.due() == move::stop);
    b.end("exit code 0");
    BOOST_TEST((b.policy.again_in(b.now) == 5s));
    BOOST_TEST(b.policy.code() == "ERR_NGROK_334");
}

BOOST_AUTO_TEST_CASE(refusals_count_only_one_after_another_and_with_one_code)
{
    bench b;
    b.go_online();
    for (int i = 0; i < 5; ++i)
    {
        b.hear(news(kind::refused, trouble(trouble_kind::lingering, "ERR_NGROK_334")));
        b.hear(news(kind::refused, trouble(trouble_kind::passing, "ERR_NGROK_802")));
    }
    b.hear(news(kind::refused, trouble(trouble_kind::passing, "ERR_NGROK_802")));
    b.hear(news(kind::lost));
    b.hear(news(kind::refused, trouble(trouble_kind::passing, "ERR_NGROK_802")));
    BOOST_TEST(b.due() != move::stop);
}

BOOST_AUTO_TEST_CASE(an_api_that_is_silent_three_times_is_a_reason_to_start_anew)
{
    bench b;
    b.go_online();
    for (int i = 0; i < 2; ++i)
    {
        b.pass(12s);
        BOOST_TEST(b.due() == move::look);
        b.see_nothing();
        BOOST_TEST(b.due() == move::nothing);
    }
    b.pass(12s);
    b.see(view_of(url)); // forgiven
    for (int i = 0; i < 3; ++i)
    {
        BOOST_TEST(b.due() == move::nothing);
        b.pass(12s);
        b.see_nothing();
    }
    BOOST_TEST(b.due() == move::stop);
    b.end("killed by signal 9");
    BOOST_TEST(b.policy.reason().starts_with("the local API of ngrok did not answer 3 times in a row"));
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_the_service_closed_is_a_reason_to_start_anew)
{
    bench b;
    b.go_online();
    b.pass(12s);
    b.see(view_of(""));
    BOOST_TEST(b.due() == move::stop);
    BOOST_TEST(b.policy.url().empty());
    b.end("exit code 0");
    BOOST_TEST(b.policy.reason() == "ngrok runs, but has no endpoint for our listener any more");
    BOOST_TEST((b.policy.again_in(b.now) == 1s));
}

BOOST_AUTO_TEST_CASE(an_api_that_says_offline_is_believed_both_ways)
{
    bench b;
    b.go_online();
    b.pass(12s);
    b.see(view_of("", false));
    BOOST_TEST(b.policy.phase() == tunnel_phase::offline);
    b.see(view_of(url, true));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
}

BOOST_AUTO_TEST_CASE(a_url_that_has_changed_is_noticed)
{
    bench b;
    b.go_online();
    b.see(view_of("https://b.example"));
    BOOST_TEST(b.policy.phase() == tunnel_phase::online);
    BOOST_TEST(b.policy.url() == "https://b.example");
    b.hear(url_news("https://c.example"));
    BOOST_TEST(b.policy.url() == "https://c.example");
}

BOOST_AUTO_TEST_CASE(what_a_child_says_while_it_is_being_stopped_changes_nothing)
{
    bench b;
    b.go_online();
    b.see(view_of(""));
    BOOST_TEST_REQUIRE(b.due() == move::stop);
    b.hear(url_news());
    b.hear(news(kind::cause, trouble(trouble_kind::person, "ERR_NGROK_107"), 12));
    b.see(view_of(url));
    BOOST_TEST(b.policy.phase() == tunnel_phase::stopping);
    b.end("exit code 0");
    BOOST_TEST(b.policy.phase() == tunnel_phase::waiting);
}

BOOST_AUTO_TEST_CASE(without_a_child_nothing_is_heard)
{
    bench b;
    b.hear(url_news());
    b.see(view_of(url));
    b.end();
    BOOST_TEST(b.policy.phase() == tunnel_phase::idle);
    BOOST_TEST(b.due() == move::start);
}

BOOST_AUTO_TEST_CASE(times_are_told_in_words)
{
    BOOST_TEST(in_words(350ms) == "350 ms");
    BOOST_TEST(in_words(1200ms) == "1.2 s");
    BOOST_TEST(in_words(1s) == "1 s");
    BOOST_TEST(in_words(1960ms) == "2 s");
    BOOST_TEST(in_words(9990ms) == "10 s");
    BOOST_TEST(in_words(29990ms) == "30 s");
    BOOST_TEST(in_words(899'990ms) == "15 min");
    BOOST_TEST(in_words(15min) == "15 min");
}

BOOST_AUTO_TEST_SUITE_END()
