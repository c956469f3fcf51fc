#include "postern/source/device/channel.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/within.hpp"
#include "support/captured_log.hpp"
#include "support/mercury.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <functional>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;
using kind = setback::kind;

namespace {

const std::string my_uuid = "f5b36187-c8dd-4727-8b2f-f9c447f29046";
const std::string my_id = format_id({"us", "PEOPLE", my_uuid});
const std::string socket_url = "wss://mercury-a.wbx2.com/v1/apps/wx2/registrations/r1/messages";

device_options quick()
{
    device_options o;
    o.again = {1ms, 2ms};
    o.goodbye_timeout = 50ms;
    o.clock_jump = 1min; // a slow machine is not asleep
    return o;
}

struct heard_of final : channel_listener
{
    unsigned opened = 0, ready = 0, frames = 0, pongs = 0, catalogue = 0;
    std::uint64_t missing = 0;
    bool in_sync = false;

    void channel_open() override { ++opened; }
    void channel_ready(bool synced) override { ++ready, in_sync = synced; }
    void frame_seen() override { ++frames; }
    void pong_seen() override { ++pongs; }
    void frames_missing(std::uint64_t n) override { missing += n; }
    void catalogue_changed() override { ++catalogue; }
};

// One channel with everything around it; the test is the cloud.
struct scene
{
    explicit scene(net::io_context& io, device_options o) : options(std::move(o)), strand(io.get_executor())
    {
        client->answer_websocket(cloud.wire);
    }

    device_options options;
    net::any_io_executor strand;
    std::shared_ptr<test::scripted_http_client> client = std::make_shared<test::scripted_http_client>();
    test::mercury_peer cloud;
    test::scripted_intake journal;
    test::captured_log log;
    heard_of listener;
    wall_time wall{};

    cluster_book clusters;
    signed_calls calls{client,
                       secret("t0ken"),
                       trusted_hosts(*transport::parse_url(options.u2c_url), options.trusted_suffixes),
                       {}};
    activity_map map{{my_id, {}, true}, [this](std::string_view url) {
                         if (url.find("conv-a.") != url.npos)
                             return std::optional<std::string>("us");
                         return clusters.cluster_of(url);
                     }};
    unsigned accepted = 0;
    inbox events{strand,
                 {options, calls, clusters, map, journal, my_id, [this](std::string) { ++accepted; }},
                 log.writer};
    channel one{strand, options, calls, events, listener, log.writer, [this] { return wall; }};
    std::optional<setback> ended;
    bell over{strand};
    task_scope channel_task{[](std::exception_ptr) { BOOST_ERROR("the channel threw"); }};
    task_scope inbox_task{[](std::exception_ptr) { BOOST_ERROR("the inbox threw"); }};

    void connect(std::string url = socket_url)
    {
        inbox_task.spawn(strand, [this] { return events.run(); });
        channel_task.spawn(strand, [this, url] { return live(url); });
    }
    awaitable<void> live(std::string url)
    {
        ended = co_await one.run(url);
        over.ring();
    }
    // How it ended; a channel that did not end in time is a failure and says so with a status of its own.
    awaitable<setback> end()
    {
        co_await channel_task.drained(deadline::after(2s));
        BOOST_TEST(ended.has_value(), "the channel still lives");
        setback none;
        none.status = 999;
        co_return ended.value_or(none);
    }
    awaitable<void> stop()
    {
        for (auto* scope : {&channel_task, &inbox_task})
        {
            scope->stop(net::cancellation_type::terminal);
            const bool empty = co_await scope->drained(deadline::after(2s));
            BOOST_TEST(empty, "a task hangs after its cancellation");
        }
    }
    // Until that many events are stored; false after two seconds.
    awaitable<bool> stored(std::size_t count)
    {
        const auto limit = deadline::after(2s);
        while (journal.taken.size() < count && !limit.passed())
            co_await pause_for(1ms);
        co_return journal.taken.size() >= count;
    }
};

void play(const std::function<awaitable<void>(scene&)>& script, const device_options& options = quick())
{
    test::run([&](net::io_context& io) -> awaitable<void> {
        scene s(io, options);
        std::exception_ptr thrown;
        try
        {
            co_await script(s);
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        co_await s.stop(); // nothing is left running, however the test went
        if (thrown)
            std::rethrow_exception(thrown);
    });
}

std::string data_id(const raw_event& raw)
{
    const auto envelope = json::parse(raw.body).as_object();
    const auto* data = get_object(envelope, "data");
    return data ? uuid_of(text_or(*data, "id")) : std::string();
}

} // namespace

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

BOOST_AUTO_TEST_CASE(a_message_reaches_the_journal_as_an_event_of_ours)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(7);
        const bool acked = co_await s.cloud.acked("e7");
        BOOST_TEST(acked);
        BOOST_TEST_REQUIRE(s.journal.taken.size() == 1u);
        const auto& raw = s.journal.taken.front();
        BOOST_TEST((raw.from == origin::websocket));
        BOOST_TEST(raw.bot == my_id);
        BOOST_TEST(raw.signature.empty());
        BOOST_TEST(data_id(raw) == test::mercury_peer::message_uuid(7));
        BOOST_TEST(s.accepted == 1u);
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

BOOST_AUTO_TEST_CASE(a_thousand_messages_arrive_once_each_in_order_and_acknowledged)
{
    auto options = quick();
    options.queue_limit = 16;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            for (unsigned n = 1; n <= 1000; ++n)
                s.cloud.post(n);
            const bool last = co_await s.cloud.acked("e1000");
            BOOST_TEST(last);
            BOOST_TEST_REQUIRE(s.journal.taken.size() == 1000u);
            for (unsigned n = 1; n <= 1000; ++n)
            {
                BOOST_TEST(data_id(s.journal.taken[n - 1]) == test::mercury_peer::message_uuid(n));
                BOOST_TEST(s.cloud.has_acked("e" + std::to_string(n)));
            }
            BOOST_TEST(s.listener.missing == 0u);
        },
        options);
}

BOOST_AUTO_TEST_CASE(nothing_is_acknowledged_before_it_is_stored)
{
    play([](scene& s) -> awaitable<void> {
        s.journal.refusals = {errc::journal_full, errc::timed_out, errc::journal_full};
        s.connect();
        co_await s.cloud.let_in();
        s.journal.hangs = true;
        s.cloud.post(1);
        s.cloud.event("locus.difference"); // acknowledged at once, ahead of the message
        const bool other = co_await s.cloud.acked("x");
        BOOST_TEST(other);
        BOOST_TEST(!s.cloud.has_acked("e1"));
        BOOST_TEST(s.journal.taken.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_full_journal_is_asked_again_until_it_takes_the_event)
{
    play([](scene& s) -> awaitable<void> {
        s.journal.refusals = {errc::journal_full, errc::timed_out, errc::journal_full};
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1);
        s.cloud.post(2);
        const bool second = co_await s.cloud.acked("e2");
        BOOST_TEST(second);
        BOOST_TEST(s.cloud.has_acked("e1"));
        BOOST_TEST(s.journal.taken.size() == 2u);
        BOOST_TEST(data_id(s.journal.taken[0]) == test::mercury_peer::message_uuid(1));
        BOOST_TEST(s.log.says("an event can't be stored"));
        BOOST_TEST(s.log.says("events are taken again"));
    });
}

BOOST_AUTO_TEST_CASE(while_the_journal_is_full_reading_pauses_and_silence_is_not_death)
{
    auto options = quick();
    options.queue_limit = 3;
    options.pong_timeout = 30ms;
    options.accept_timeout = 5ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            s.journal.hangs = true;
            for (unsigned n = 1; n <= 50; ++n)
                s.cloud.post(n);
            co_await pause_for(150ms); // five times the patience with a pong
            BOOST_TEST(!s.ended.has_value());
            BOOST_TEST(s.cloud.wire->unread() >= 40u);
            BOOST_TEST(s.journal.taken.empty());
            s.journal.hangs = false;
            const bool all = co_await s.cloud.acked("e50");
            BOOST_TEST(all);
            BOOST_TEST(s.journal.taken.size() == 50u);
        },
        options);
}

BOOST_AUTO_TEST_CASE(the_inbox_is_bounded_by_bytes_as_well)
{
    auto options = quick();
    options.frame_limit = 1500; // the inbox holds twice that: three messages at most
    play(
        [](scene& s) -> awaitable<void> {
            s.connect();
            co_await s.cloud.let_in();
            s.journal.hangs = true;
            for (unsigned n = 1; n <= 20; ++n)
                s.cloud.post(n);
            while (s.journal.asked == 0)
                co_await pause_for(1ms);
            co_await pause_for(5ms);
            BOOST_TEST(s.events.waiting() <= 5u);
            BOOST_TEST(s.cloud.wire->unread() >= 14u);
        },
        options);
}

BOOST_AUTO_TEST_CASE(what_is_no_event_for_the_journal_is_left_out_and_acknowledged)
{
    play([](scene& s) -> awaitable<void> {
        s.journal.refusals = {errc::not_an_event};
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1);
        s.cloud.post(2);
        const bool second = co_await s.cloud.acked("e2");
        BOOST_TEST(second);
        BOOST_TEST(s.cloud.has_acked("e1"));
        BOOST_TEST(s.journal.taken.size() == 1u);
        BOOST_TEST(s.log.says("an event is left out"));
    });
}

BOOST_AUTO_TEST_CASE(what_holds_nothing_for_us_is_acknowledged_and_told_with_its_reason)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.wire->says(test::mercury_peer::post_frame(1, "conv-a.wbx2.com", my_uuid));
        const bool acked = co_await s.cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.journal.asked == 0u);
        BOOST_TEST(s.events.without_event() == 1u);
        BOOST_TEST(s.log.says("own message"));
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

BOOST_AUTO_TEST_CASE(what_was_read_before_the_end_is_still_handed_over)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.journal.refusals = {errc::journal_full, errc::journal_full};
        for (unsigned n = 1; n <= 20; ++n)
            s.cloud.post(n);
        s.cloud.wire->ends(1006);
        co_await s.end();
        const bool all = co_await s.stored(20);
        BOOST_TEST(all);
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

BOOST_AUTO_TEST_CASE(an_unknown_cluster_is_asked_for_once_and_early_404s_are_forgiven)
{
    play([](scene& s) -> awaitable<void> {
        s.client->answer(404).answer(404).answer(
            200, R"({"id":")" +
                     format_id({"urn:TEAM:eu-central-1_k", "MESSAGE", test::mercury_peer::message_uuid(1)}) +
                     "\"}");
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1, "conv-k.wbx2.com");
        s.cloud.post(2, "conv-k.wbx2.com");
        const bool second = co_await s.cloud.acked("e2");
        BOOST_TEST(second);
        BOOST_TEST(s.client->requests().size() == 4u); // the handshake, and three tries for the first message
        BOOST_TEST(s.client->requests().back().url ==
                   "https://conv-k.wbx2.com/conversation/api/v1/messages/" +
                       test::mercury_peer::message_uuid(1));
        BOOST_TEST_REQUIRE(s.journal.taken.size() == 2u);
        const auto id = text_or(*get_object(json::parse(s.journal.taken[1].body).as_object(), "data"), "id");
        const auto parts = parse_id(id);
        BOOST_TEST_REQUIRE(parts.has_value());
        BOOST_TEST(parts->cluster == "urn:TEAM:eu-central-1_k");
    });
}

BOOST_AUTO_TEST_CASE(a_cluster_nobody_knows_costs_one_message_and_a_line_that_says_so)
{
    play([](scene& s) -> awaitable<void> {
        s.client->answer(403);
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1, "conv-k.wbx2.com");
        s.cloud.post(2);
        const bool second = co_await s.cloud.acked("e2");
        BOOST_TEST(second);
        BOOST_TEST(s.cloud.has_acked("e1"));
        BOOST_TEST(s.journal.taken.size() == 1u);
        BOOST_TEST(s.log.says("activity can't be made an event"));
        BOOST_TEST(s.log.says("403"));
    });
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_for_a_cluster_who_may_not_see_the_token)
{
    play([](scene& s) -> awaitable<void> {
        s.connect();
        co_await s.cloud.let_in();
        s.cloud.post(1, "evil.example");
        const bool acked = co_await s.cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.client->requests().size() == 1u);
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
