// How calls are repeated: the driver around retry_policy and rate_gate.

#include "unit/webex/api_fixture.hpp"
#include "unit/webex/samples.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using test::soon;
namespace samples = postern::test::samples;

namespace {

webex::new_message hello()
{
    webex::new_message m;
    m.to.room_id = "R";
    m.text = "hello";
    return m;
}

auto ask_me = [](webex::api& web) { return web.me(soon()); };
auto post_hello = [](webex::api& web) { return web.post_message(hello(), soon()); };
auto delete_it = [](webex::api& web) { return web.delete_message("M", soon()); };

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_retries, test::api_fixture)

BOOST_AUTO_TEST_CASE(a_read_outlives_a_bad_spell)
{
    peer->fail(errc::cannot_connect, false)
        .fail(errc::connection_lost, true)
        .answer(503)
        .answer(502, "<html>", {{"Content-Type", "text/html"}})
        .answer(429, "", {{"Retry-After", "1"}})
        .answer(200, std::string(samples::person));
    BOOST_TEST(ask(ask_me).has_value());
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(a_read_gives_up_after_its_attempts_and_says_so)
{
    options.attempts = 3;
    peer->answer(502).answer(503).answer(504, R"({"message":"upstream","trackingId":"T3"})");
    const auto got = ask(ask_me);
    BOOST_TEST(peer->used_up());
    BOOST_TEST(got.error().is(errc::api_unavailable));
    BOOST_TEST(got.error().is(failure::retry_later));
    BOOST_TEST(got.error().status == 504u);
    BOOST_TEST(got.error().tracking_id == "T3");
    BOOST_TEST(!got.error().maybe_sent);
    BOOST_TEST(
        describe(got.error()) ==
        "asking who we are: 504, Webex is unavailable: tried 3 times, they say \"upstream\", tracking id T3");
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_reported_at_once)
{
    peer->answer(
        401,
        R"({"message":"The request requires a valid access token set in the Authorization request header.",
                          "trackingId":"ROUTER_1"})");
    const auto got = ask(ask_me);
    BOOST_TEST(peer->used_up());
    BOOST_TEST(got.error().is(errc::token_rejected));
    BOOST_TEST(!got.error().advice.empty());
}

BOOST_AUTO_TEST_CASE(a_message_is_never_posted_twice)
{
    struct
    {
        unsigned status;
        errc code;
    } const rows[] = {{500, errc::api_unavailable},
                      {502, errc::api_unavailable},
                      {503, errc::api_unavailable},
                      {504, errc::api_unavailable}};
    for (const auto& row : rows)
    {
        peer->answer(row.status);
        const auto got = ask(post_hello);
        BOOST_TEST(peer->used_up());
        BOOST_TEST(got.error().is(row.code));
        BOOST_TEST(got.error().maybe_sent);
    }
    for (const auto code : {errc::connection_lost, errc::timed_out, errc::bad_response})
    {
        peer->fail(code, true);
        const auto got = ask(post_hello);
        BOOST_TEST(peer->used_up());
        BOOST_TEST(got.error().is(code));
        BOOST_TEST(got.error().maybe_sent);
        BOOST_TEST(got.error().doing == "posting a message");
    }
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_have_been_posted_is_posted_again)
{
    peer->fail(errc::cannot_connect, false)
        .fail(errc::connection_lost, false) // a kept connection that was closed before we wrote
        .answer(429, "<html>", {{"Content-Type", "text/html"}, {"Retry-After", "rand(30),add(30)"}})
        .answer(423)
        .answer(200, std::string(samples::message));
    const auto got = ask(post_hello);
    BOOST_TEST(peer->used_up());
    BOOST_TEST(got.has_value());
    for (const auto& r : peer->requests())
        BOOST_TEST(r.body == R"({"roomId":"R","text":"hello"})");
}

BOOST_AUTO_TEST_CASE(a_posted_message_whose_answer_is_unreadable_may_have_been_posted)
{
    for (const char* body : {"", "<html>", "{", "null", "[]", "{}", R"({"id":null})"})
    {
        peer->answer(200, body);
        const auto got = ask(post_hello);
        BOOST_TEST(got.error().is(errc::bad_response));
        BOOST_TEST(got.error().maybe_sent);
    }
    peer->answer(400, R"({"message":"no"})");
    BOOST_TEST(!ask(post_hello).error().maybe_sent);
}

BOOST_AUTO_TEST_CASE(a_deletion_whose_answer_was_lost_is_not_an_error)
{
    peer->fail(errc::connection_lost, true).answer(404, R"({"message":"not found"})");
    BOOST_TEST(ask(delete_it).has_value());
    BOOST_TEST(peer->used_up());

    peer->answer(404, R"({"message":"not found"})");
    BOOST_TEST(ask(delete_it).error().is(errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_change_that_was_lost_and_then_refused_may_have_happened)
{
    peer->fail(errc::timed_out, true).answer(403);
    const auto got = ask([](webex::api& web) { return web.rename_room("R", "new", soon()); });
    BOOST_TEST(got.error().is(errc::api_rejected));
    BOOST_TEST(got.error().maybe_sent);
}

BOOST_AUTO_TEST_CASE(a_wait_longer_than_the_deadline_is_refused_at_once)
{
    options.longest_retry_after = 300s;
    peer->answer(429, "", {{"Retry-After", "27"}, {"TrackingID", "ROUTERGW_429"}});
    const auto started = std::chrono::steady_clock::now();
    const auto got = ask(post_hello);
    BOOST_TEST((std::chrono::steady_clock::now() - started < 2s));
    BOOST_TEST(got.error().is(errc::api_unavailable));
    BOOST_TEST(got.error().status == 429u);
    BOOST_TEST((got.error().retry_after == 27s));
    BOOST_TEST(got.error().ours == "asked to wait 27 s");
    BOOST_TEST(got.error().tracking_id == "ROUTERGW_429");
    BOOST_TEST(!got.error().maybe_sent);
}

BOOST_AUTO_TEST_CASE(a_rate_limit_stops_the_whole_family_and_no_other)
{
    options.longest_retry_after = 300s;
    const auto web = make();
    peer->answer(429, "", {{"Retry-After", "30"}}).answer(200, std::string(samples::person));
    test::run([&](net::io_context&) -> awaitable<void> {
        auto message = hello();
        auto refused = co_await web->post_message(std::move(message), soon());
        BOOST_TEST(refused.has_error());
        auto beside = co_await web->get_message("M", soon()); // not even sent
        BOOST_TEST_REQUIRE(beside.has_error());
        BOOST_TEST(beside.error().is(errc::api_unavailable));
        BOOST_TEST(beside.error().ours.starts_with("rate limited for another 3"));
        BOOST_TEST((*beside.error().retry_after > 20s));
        BOOST_TEST(!beside.error().maybe_sent);
        auto other = co_await web->me(soon());
        BOOST_TEST(other.has_value());
    });
    BOOST_TEST(peer->used_up());
    BOOST_TEST(asked() == 2u);
}

BOOST_AUTO_TEST_CASE(a_call_waits_for_the_rate_limit_that_another_one_met)
{
    options.shortest_retry_after = 60ms;
    options.longest_retry_after = 60ms;
    options.attempts = 1;
    const auto web = make();
    peer->answer(429).answer(200, std::string(samples::message)).answer(200, std::string(samples::message));
    test::run([&](net::io_context&) -> awaitable<void> {
        auto refused = co_await web->get_message("M", deadline::after(30ms)); // has no time to wait
        BOOST_TEST(refused.has_error());
        const auto started = std::chrono::steady_clock::now();
        auto later = co_await web->get_message("M", soon());
        BOOST_TEST(later.has_value());
        BOOST_TEST((std::chrono::steady_clock::now() - started >= 30ms));
        auto last = co_await web->get_message("M", soon());
        BOOST_TEST(last.has_value());
    });
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(a_silent_service_costs_one_attempt_and_not_the_call)
{
    options.request_timeout = 20ms;
    peer->hang().answer(200, std::string(samples::person));
    BOOST_TEST(ask(ask_me).has_value());
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(the_deadline_bounds_everything)
{
    options.request_timeout = 10ms;
    options.attempts = 1000;
    for (int i = 0; i < 1000; ++i)
        peer->hang();
    const auto started = std::chrono::steady_clock::now();
    const auto got = ask([](webex::api& web) { return web.me(deadline::after(60ms)); });
    BOOST_TEST((std::chrono::steady_clock::now() - started < 2s));
    BOOST_TEST(got.error().is(errc::timed_out));
    BOOST_TEST(asked() > 1u);
}

BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_sends_nothing)
{
    const auto got = ask([](webex::api& web) { return web.me(deadline::after(-1s)); });
    BOOST_TEST(got.error().is(errc::timed_out));
    BOOST_TEST(!got.error().maybe_sent);
    BOOST_TEST(asked() == 0u);
}

namespace {

// Starts a call, cancels it once it has made a request, and returns how it ended.
template <class Call>
error cancelled(const test::api_fixture& f, Call call)
{
    const auto web = f.make();
    net::io_context io(1);
    net::cancellation_signal stop;
    std::optional<error> ended;
    auto calling = [&]() -> awaitable<void> {
        co_await net::this_coro::reset_cancellation_state(net::enable_total_cancellation());
        co_await net::this_coro::throw_if_cancelled(false);
        auto got = co_await call(*web);
        if (got.has_error())
            ended = got.error();
    };
    net::co_spawn(io, calling, net::bind_cancellation_slot(stop.slot(), [](std::exception_ptr e) {
                      BOOST_TEST((e == nullptr));
                  }));
    while (f.asked() == 0 && io.run_one_for(2s) > 0)
        ;
    io.run_for(20ms); // into the pause, or into the silence
    BOOST_TEST_REQUIRE(!ended.has_value());
    stop.emit(net::cancellation_type::total);
    io.run_for(2s);
    BOOST_TEST_REQUIRE(ended.has_value(), "the call did not end, or ended well");
    return *ended;
}

} // namespace

BOOST_AUTO_TEST_CASE(stopping_ends_a_pause)
{
    options.first_pause = options.longest_pause = 60s;
    peer->answer(503);
    const auto why = cancelled(*this, [](webex::api& web) { return web.me(deadline::after(1h)); });
    BOOST_TEST(why.is(errc::stopped));
    BOOST_TEST(!why.maybe_sent);
}

BOOST_AUTO_TEST_CASE(stopping_ends_a_request_and_nothing_is_repeated)
{
    peer->hang();
    const auto why =
        cancelled(*this, [](webex::api& web) { return web.post_message(hello(), deadline::after(1h)); });
    BOOST_TEST(why.is(errc::stopped));
    BOOST_TEST(why.maybe_sent);
    BOOST_TEST(asked() == 1u);
}

BOOST_AUTO_TEST_CASE(a_timed_out_list_is_asked_for_in_smaller_pages)
{
    peer->answer(504).answer(504).answer(200, R"({"items":[]})");
    BOOST_TEST(ask([](webex::api& web) { return web.list_memberships("R", soon()); }).has_value());
    BOOST_TEST_REQUIRE(asked() == 3u);
    BOOST_TEST(request(0).url.ends_with("?roomId=R&max=100"));
    BOOST_TEST(request(1).url.ends_with("?roomId=R&max=50"));
    BOOST_TEST(request(2).url.ends_with("?roomId=R&max=25"));
}

BOOST_AUTO_TEST_SUITE_END()
