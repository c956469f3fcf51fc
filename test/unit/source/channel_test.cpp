#include "unit/source/channel_fixture.hpp"

using namespace postern;
using namespace postern::source;
using namespace postern::test::channel_play;
using namespace std::chrono_literals;
using kind = setback::kind;

BOOST_AUTO_TEST_SUITE(channel)

BOOST_AUTO_TEST_CASE(the_url_asks_for_text_the_ready_signal_and_close_codes)
{
    const wall_time now{1795290913081ms};
    BOOST_TEST(channel_url("wss://h/r/messages", now) ==
               "wss://h/r/messages?outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true"
               "&clientTimestamp=1795290913081");
    BOOST_TEST(channel_url("wss://h/r?a=b&bufferStates=false#top", now) ==
               "wss://h/r?a=b&bufferStates=false&outboundWireFormat=text&aliasHttpStatus=true"
               "&clientTimestamp=1795290913081");
    BOOST_TEST(channel_url("wss://h/r?", now).starts_with("wss://h/r?outboundWireFormat=text&"));
}

BOOST_AUTO_TEST_CASE(authorised_in_band_and_by_header_it_is_ready_after_signal_and_pong)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        const auto first = co_await s.cloud.hear();
        BOOST_TEST(text_or(first, "type") == "authorization");
        const auto* data = get_object(first, "data");
        BOOST_TEST_REQUIRE(data);
        BOOST_TEST(text_or(*data, "token") == "Bearer t0ken");
        const auto& asked = s.client->requests().front();
        BOOST_TEST(asked.headers.get("Authorization") == "Bearer t0ken");
        BOOST_TEST(asked.url.find("outboundWireFormat=text") != std::string::npos);
        BOOST_TEST(s.listener.opened == 1u);

        s.cloud.ready("IN_SYNC");
        const auto id = co_await s.cloud.ping();
        BOOST_TEST(!id.empty());
        BOOST_TEST(s.cloud.has_acked("ready"));
        BOOST_TEST(s.listener.ready == 0u); // the pong is missing
        s.cloud.pong(id);
        s.cloud.post(1);
        const bool acked = co_await s.cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.listener.ready == 1u);
        BOOST_TEST(s.listener.in_sync);
        BOOST_TEST(!s.log.says("t0ken"));
    });
}

BOOST_AUTO_TEST_CASE(without_the_ready_signal_it_gives_up)
{
    auto options = quick();
    options.ready_timeout = 20ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            const auto end = co_await s.end();
            BOOST_TEST((end.what == kind::never_ready));
            BOOST_TEST((end.where == stage::authorising));
            BOOST_TEST(s.cloud.wire->is_over());
        },
        options);
}

BOOST_AUTO_TEST_CASE(without_the_first_pong_it_was_never_ready)
{
    auto options = quick();
    options.pong_timeout = 20ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            s.cloud.ready();
            const auto end = co_await s.end();
            BOOST_TEST((end.what == kind::silent));
            BOOST_TEST((end.where == stage::authorising));
            BOOST_TEST(s.listener.ready == 0u);
        },
        options);
}

// The JS SDK hangs for ever then (mercury.md 4.3).

BOOST_AUTO_TEST_CASE(another_frame_before_the_ready_signal_does_no_harm)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        s.cloud.event("locus.difference");
        s.cloud.post(1);
        const auto authorised = co_await s.cloud.let_in();
        BOOST_TEST(!authorised.empty());
        const bool acked = co_await s.cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.cloud.has_acked("x"));
        BOOST_TEST(s.journal.taken.size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(how_the_cloud_closes_is_told_with_code_reason_and_stage)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        s.cloud.wire->ends(4401, "who are you");
        const auto end = co_await s.end();
        BOOST_TEST((end.what == kind::closed));
        BOOST_TEST(end.code == 4401u);
        BOOST_TEST(end.reason == "who are you");
        BOOST_TEST((end.where == stage::authorising));
    });
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.wire->ends(1001);
        const auto end = co_await s.end();
        BOOST_TEST(end.code == 1001u);
        BOOST_TEST((end.where == stage::serving));
    });
}

BOOST_AUTO_TEST_CASE(a_refused_handshake_is_told_with_its_status)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, quick());
        s.client = std::make_shared<test::scripted_http_client>();
        s.client->answer(429, {}, {{"Retry-After", "7"}});
        signed_calls calls(s.client, secret("t"), s.calls.hosts(), {});
        source::channel one(s.strand, s.options, calls, s.events, s.listener, s.log.writer);
        const auto end = co_await one.run(socket_url);
        BOOST_TEST((end.what == kind::refused));
        BOOST_TEST(end.status == 429u);
        BOOST_TEST((end.where == stage::handshake));
        BOOST_TEST((end.why.retry_after == 7s));
        BOOST_TEST(s.listener.opened == 0u);
    });
}

BOOST_AUTO_TEST_CASE(the_token_goes_to_no_stranger)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, quick());
        const auto end = co_await s.one.run("wss://evil.example/messages");
        BOOST_TEST((end.what == kind::failed));
        BOOST_TEST(end.why.is(errc::bad_input));
        BOOST_TEST(s.client->requests().empty());
    });
}

BOOST_AUTO_TEST_CASE(binary_frames_are_understood_too)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.wire->says_binary(test::mercury_peer::post_frame(1));
        const bool acked = co_await s.cloud.acked("e1");
        BOOST_TEST(acked);
    });
}

BOOST_AUTO_TEST_CASE(garbage_is_left_out_and_the_channel_goes_on)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        for (const auto* text : {"", "nonsense", "[]", "{\"data\":", "\xff\xfe\x00x"})
            s.cloud.wire->says(text);
        s.cloud.wire->says(R"({"id":"half","data":{"eventType":"conversation.activity","activity":{}}})");
        s.cloud.wire->says(R"({"data":{"eventType":"conversation.activity","activity":{"verb":"post"}}})");
        s.cloud.post(1);
        const bool acked = co_await s.cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.cloud.has_acked("half"));
        BOOST_TEST(!s.cloud.has_acked("")); // without an id there is nothing to acknowledge
        BOOST_TEST(s.log.says("frame not understood"));
        BOOST_TEST(!s.log.says("nonsense"));
    });
}

BOOST_AUTO_TEST_CASE(a_frame_that_is_too_large_ends_the_connection_and_nothing_else)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1);
        transport::ws_end end;
        end.code = 1009;
        end.why = error(errc::too_large);
        s.cloud.wire->ends(end);
        const auto how = co_await s.end();
        BOOST_TEST(how.code == 1009u);
        const bool handed_over = co_await s.stored(1);
        BOOST_TEST(handed_over);
    });
}

BOOST_AUTO_TEST_CASE(a_peer_that_stops_answering_pings_is_given_up)
{
    auto options = quick();
    options.ping_every = 5ms;
    options.pong_timeout = 20ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            const auto second = co_await s.cloud.ping();
            s.cloud.pong("another");
            s.cloud.post(1); // it talks, but does not answer
            const auto end = co_await s.end();
            BOOST_TEST(!second.empty());
            BOOST_TEST((end.what == kind::silent));
            BOOST_TEST((end.where == stage::serving));
            BOOST_TEST(s.cloud.wire->is_over());
            BOOST_TEST(s.log.says("a pong for none of our pings"));
        },
        options);
}

BOOST_AUTO_TEST_CASE(a_peer_that_stops_reading_is_given_up)
{
    auto options = quick();
    options.ping_every = 5ms;
    options.pong_timeout = 20ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            s.cloud.wire->stops_reading();
            const auto end = co_await s.end();
            BOOST_TEST((end.what == kind::silent || end.what == kind::closed));
        },
        options);
}

BOOST_AUTO_TEST_CASE(a_peer_that_answers_is_pinged_again_and_again)
{
    auto options = quick();
    options.ping_every = 1ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            for (int n = 0; n < 5; ++n)
            {
                const auto id = co_await s.cloud.ping();
                BOOST_TEST(!id.empty());
                s.cloud.pong(id);
            }
            s.cloud.post(1);
            co_await s.cloud.acked("e1");
            BOOST_TEST(s.listener.pongs == 6u);
            BOOST_TEST(s.listener.ready == 1u);
        },
        options);
}

BOOST_AUTO_TEST_CASE(after_a_sleep_the_peer_is_asked_at_once_and_a_dead_one_given_up)
{
    auto options = quick();
    options.clock_jump = 20ms; // looked for every ten
    options.pong_timeout = 50ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            s.wall += 1h;
            const auto id = co_await s.cloud.ping();
            BOOST_TEST(!id.empty()); // fifteen seconds before its time
            const auto end = co_await s.end();
            BOOST_TEST((end.what == kind::slept));
        },
        options);
}

BOOST_AUTO_TEST_CASE(an_announced_shutdown_ends_it_at_once)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1);
        s.cloud.wire->says(R"({"type":"shutdown"})");
        const auto end = co_await s.end();
        BOOST_TEST((end.what == kind::announced));
        const bool handed_over = co_await s.stored(1);
        BOOST_TEST(handed_over);
    });
}

BOOST_AUTO_TEST_CASE(missing_numbers_are_told_as_a_hint)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(3);
        s.cloud.post(6);
        s.cloud.post(6); // twice
        s.cloud.event("u2c.cache-invalidation");
        co_await s.cloud.acked("x");
        BOOST_TEST(s.listener.missing == 2u);
        BOOST_TEST(s.listener.catalogue == 1u);
    });
}

BOOST_AUTO_TEST_CASE(cancelled_it_says_goodbye)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.channel_task.stop(net::cancellation_type::total);
        const bool gone = co_await s.cloud.wire->over(deadline::after(1s));
        BOOST_TEST(gone);
        BOOST_TEST((s.cloud.wire->closed_with() == 1000));
        BOOST_TEST(s.cloud.wire->close_reason() == "Done");
    });
}

// Wherever it waits, a cancellation ends it promptly and leaves nothing behind; play() looks for the latter.

BOOST_AUTO_TEST_CASE(at_every_wait_a_cancellation_is_heard)
{
    using script = std::function<awaitable<void>(scene&)>;
    const std::vector<std::pair<const char*, script>> waits{
        {"for the ready signal", [](scene& s) -> awaitable<void> { co_await s.cloud.hear(); }},
        {"for the first pong",
         [](scene& s) -> awaitable<void> {
             s.cloud.ready();
             co_await s.cloud.ping();
         }},
        {"for a frame", [](scene& s) -> awaitable<void> { co_await s.cloud.let_in(); }},
        {"for a peer that takes what we write",
         [](scene& s) -> awaitable<void> {
             s.cloud.wire->stops_reading();
             s.cloud.ready();
             co_await pause_for(1ms);
         }},
        {"for the peer's goodbye",
         [](scene& s) -> awaitable<void> {
             co_await s.cloud.let_in();
             s.cloud.wire->ignores_close();
         }},
        {"for the journal",
         [](scene& s) -> awaitable<void> {
             co_await s.cloud.let_in();
             s.journal.hangs = true;
             s.cloud.post(1);
             while (s.journal.asked == 0)
                 co_await pause_for(1ms);
         }},
        {"for room in the inbox",
         [](scene& s) -> awaitable<void> {
             co_await s.cloud.let_in();
             s.journal.hangs = true;
             for (unsigned n = 1; n <= 5000; ++n)
                 s.cloud.post(n);
             while (s.events.waiting() < s.options.queue_limit)
                 co_await pause_for(1ms);
         }},
        {"between two tries to store",
         [](scene& s) -> awaitable<void> {
             s.options.again = {1min, 1min};
             co_await s.cloud.let_in();
             s.journal.refusals = {errc::journal_full};
             s.cloud.post(1);
             while (s.journal.asked == 0)
                 co_await pause_for(1ms);
         }},
        {"for a lookup",
         [](scene& s) -> awaitable<void> {
             s.client->hang();
             co_await s.cloud.let_in();
             s.cloud.post(1, "conv-k.wbx2.com");
             while (s.client->requests().size() < 2)
                 co_await pause_for(1ms);
         }},
    };
    auto options = quick();
    options.queue_limit = 8;
    for (const auto& [where, reach] : waits)
    {
        BOOST_TEST_CONTEXT("waiting " << where)
        play(
            [&](scene& s) -> awaitable<void> {
                s.connect();
                co_await reach(s);
                const auto before = std::chrono::steady_clock::now();
                co_await s.stop();
                BOOST_TEST((std::chrono::steady_clock::now() - before < 1s));
                BOOST_TEST(s.cloud.wire->is_over());
            },
            options);
    }
}

BOOST_AUTO_TEST_CASE(a_handshake_under_way_is_cut_short_too)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, quick());
        s.client = std::make_shared<test::scripted_http_client>();
        s.client->hang();
        signed_calls calls(s.client, secret("t"), s.calls.hosts(), {});
        source::channel one(s.strand, s.options, calls, s.events, s.listener, s.log.writer);
        auto task = [&one]() -> awaitable<void> { co_await one.run(socket_url); };
        s.channel_task.spawn(s.strand, task);
        while (s.client->requests().empty())
            co_await pause_for(1ms);
        co_await s.stop();
    });
}

BOOST_AUTO_TEST_SUITE_END()
