#include "postern/source/device/device_source.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "support/captured_log.hpp"
#include "support/mercury.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <algorithm>
#include <functional>
#include <list>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

const std::string my_id = format_id({"us", "PEOPLE", "f5b36187-c8dd-4727-8b2f-f9c447f29046"});

device_options quick()
{
    device_options o;
    o.name = "postern-test";
    o.again = {1ms, 2ms};
    o.goodbye_timeout = 50ms;
    o.clock_jump = 1min;
    o.list_again = 1ms;
    return o;
}

std::string catalogue(const std::string& region)
{
    return R"({"serviceLinks":{"wdm":"https://wdm-)" + region +
           R"(.wbx2.com/wdm/api/v1"},"hostCatalog":{"conv-a.wbx2.com":[{"host":"conv-a.wbx2.com","ttl":-1,)"
           R"("priority":10,"id":"urn:TEAM:us-east-2_a:identityLookup"}]}})";
}

std::string device_text(const std::string& id)
{
    return R"({"url":"https://wdm-a.wbx2.com/wdm/api/v1/devices/)" + id +
           R"(","webSocketUrl":"wss://mercury-a.wbx2.com/v1/apps/wx2/registrations/)" + id +
           R"(-r/messages","name":"postern-test","deviceType":"DESKTOP"})";
}

using words = std::vector<std::string>;

// A way in with a scripted cloud.
struct scene
{
    scene(net::io_context& io, device_options o) : options(std::move(o)), strand(io.get_executor()) {}

    device_options options;
    net::any_io_executor strand;
    std::shared_ptr<test::scripted_http_client> client = std::make_shared<test::scripted_http_client>();
    std::shared_ptr<test::scripted_intake> journal = std::make_shared<test::scripted_intake>();
    test::captured_log log;
    std::vector<channel_state> shown;
    unsigned token_doubts = 0;
    std::list<test::mercury_peer> peers;
    std::unique_ptr<device_source> source;
    task_scope tasks{[](std::exception_ptr) { BOOST_ERROR("the way in threw"); }};

    // --- the script ---
    scene& finds_home(const std::string& region = "a")
    {
        client->answer(200, catalogue(region));
        return *this;
    }
    scene& registers(const std::string& id = "d1") // finds none, and makes one
    {
        client->answer(404).answer(200, device_text(id));
        return *this;
    }
    scene& refreshes(const std::string& id = "d1")
    {
        client->answer(200, device_text(id));
        return *this;
    }
    scene& deletes()
    {
        client->answer(204);
        return *this;
    }
    scene& refuses(unsigned status)
    {
        client->answer(status);
        return *this;
    }
    test::mercury_peer& opens()
    {
        auto& peer = peers.emplace_back();
        client->answer_websocket(peer.wire);
        return peer;
    }

    // --- the play ---
    void start()
    {
        device_source::setup s;
        s.options = options;
        s.client = client;
        s.token = secret("t0ken");
        s.me = {my_id, {}, true};
        s.intake = journal;
        s.on_token_rejected = [this] { ++token_doubts; };
        s.watch = [this](const channel_state& now) { shown.push_back(now); };
        auto made = device_source::make(std::move(s), log.writer);
        BOOST_TEST_REQUIRE(made.has_value());
        source = std::move(*made);
        tasks.spawn(strand, [this] { return source->run(); });
    }
    awaitable<void> stop()
    {
        tasks.stop(net::cancellation_type::total);
        const bool empty = co_await tasks.drained(deadline::after(2s));
        BOOST_TEST(empty, "the way in hangs after its cancellation");
        if (!empty)
        {
            tasks.stop(net::cancellation_type::terminal);
            co_await tasks.drained(deadline::after(2s));
        }
    }
    awaitable<bool> until(std::function<bool()> holds)
    {
        const auto limit = deadline::after(2s);
        while (!holds() && !limit.passed())
            co_await pause_for(1ms);
        co_return holds();
    }
    awaitable<bool> ready(std::uint64_t times = 1)
    {
        auto holds = [this, times] {
            return source->state().phase == channel_phase::ready && source->state().connections == times;
        };
        const bool held = co_await until(holds);
        co_return held;
    }
    awaitable<bool> asked_for(std::size_t count)
    {
        auto holds = [this, count] { return client->requests().size() >= count; };
        const bool held = co_await until(holds);
        co_return held;
    }
    // "GET catalog", "POST devices", "PUT d1", "WEBSOCKET d1-r"
    words asked(std::size_t from = 0) const
    {
        words all;
        for (const auto& r : client->requests())
        {
            auto path = r.url.substr(0, r.url.find('?'));
            if (path.ends_with("/messages") && r.method == "WEBSOCKET")
                path.resize(path.size() - 9);
            all.push_back(r.method + ' ' + path.substr(path.rfind('/') + 1));
        }
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(from, all.size())));
        return all;
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
        co_await s.stop();
        if (thrown)
            std::rethrow_exception(thrown);
    });
}

// From nothing to a channel that is ready.
awaitable<void> come_up(scene& s, test::mercury_peer& cloud)
{
    s.start();
    const auto authorised = co_await cloud.let_in();
    const bool ready = co_await s.ready();
    BOOST_TEST_REQUIRE((!authorised.empty() && ready));
}

const words beginning{"GET catalog", "GET devices", "POST devices", "WEBSOCKET d1-r"};

} // namespace

BOOST_AUTO_TEST_SUITE(device_source)

BOOST_AUTO_TEST_CASE(it_discovers_registers_connects_and_hands_over)
{
    play([](scene& s) -> awaitable<void> {
        auto& cloud = s.finds_home().registers().opens();
        co_await come_up(s, cloud);
        cloud.post(1);
        const bool acked = co_await cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.asked() == beginning, boost::test_tools::per_element());
        BOOST_TEST(s.journal->taken.size() == 1u);

        const auto state = s.source->state();
        BOOST_TEST(state.device == "d1");
        BOOST_TEST(state.connections == 1u);
        BOOST_TEST(state.events == 1u);
        BOOST_TEST(state.attempts == 0u);
        BOOST_TEST(state.ready_since.has_value());
        BOOST_TEST(state.last_pong.has_value());
        BOOST_TEST(state.last_event.has_value());
        BOOST_TEST(!state.last_gap.has_value());
        BOOST_TEST(s.log.says("channel ready"));
        BOOST_TEST(s.log.says("mercury-a.wbx2.com"));
        BOOST_TEST(!s.log.says("t0ken"));
    });
}

BOOST_AUTO_TEST_CASE(who_watches_sees_every_phase_in_order)
{
    play([](scene& s) -> awaitable<void> {
        auto& cloud = s.finds_home().registers().opens();
        co_await come_up(s, cloud);
        co_await s.stop();
        words phases;
        for (const auto& state : s.shown)
            if (phases.empty() || phases.back() != to_string(state.phase))
                phases.emplace_back(to_string(state.phase));
        const words expected{"discovering", "registering", "connecting", "authorising", "ready", "idle"};
        BOOST_TEST(phases == expected, boost::test_tools::per_element());
        BOOST_TEST(!s.source->state().ready_since.has_value());
    });
}

BOOST_AUTO_TEST_CASE(a_lost_channel_comes_back_to_the_same_device_and_records_the_gap)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        s.client->fail(errc::cannot_connect, false).answer(503);
        s.refreshes(); // the third failure in a row asks for the device first
        auto& second = s.opens();
        co_await come_up(s, first);
        first.post(1);
        co_await first.acked("e1");
        const auto before = std::chrono::system_clock::now();
        first.wire->ends(1001);
        co_await second.let_in();
        const bool back = co_await s.ready(2);
        BOOST_TEST(back);

        const auto gap = s.source->state().last_gap;
        BOOST_TEST_REQUIRE(gap.has_value());
        BOOST_TEST((gap->from <= before && gap->to >= before));
        BOOST_TEST(gap->last_event == test::mercury_peer::message_uuid(1));
        BOOST_TEST(!gap->buffered);
        BOOST_TEST((s.shown.back().last_gap && s.shown.back().last_gap->to == gap->to));
        BOOST_TEST(s.log.says("channel lost: closed by the cloud with 1001 (going away); trying again "));
        BOOST_TEST(s.log.says("still no channel: "));
        BOOST_TEST(s.log.says("channel ready again after "));
        BOOST_TEST(s.log.says(", 3 tries; events between "));
        BOOST_TEST(s.log.says(" may have been missed"));
        BOOST_TEST(!s.source->state().last_error.empty());
        const words expected{"WEBSOCKET d1-r", "WEBSOCKET d1-r", "PUT d1", "WEBSOCKET d1-r"};
        BOOST_TEST(s.asked(4) == expected, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_cloud_that_kept_everything_is_believed)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        auto& second = s.opens();
        co_await come_up(s, first);
        first.wire->ends(1006);
        co_await second.let_in("IN_SYNC");
        const bool back = co_await s.ready(2);
        BOOST_TEST(back);
        BOOST_TEST((s.source->state().last_gap && s.source->state().last_gap->buffered));
        BOOST_TEST(s.log.says("the cloud kept what was said meanwhile"));
    });
}

BOOST_AUTO_TEST_CASE(a_missing_pong_is_a_loss_like_any_other)
{
    auto options = quick();
    options.ping_every = 5ms;
    options.pong_timeout = 20ms;
    play(
        [](scene& s) -> awaitable<void> {
            auto& first = s.finds_home().registers().opens();
            auto& second = s.opens();
            co_await come_up(s, first);
            co_await second.let_in();
            const bool back = co_await s.ready(2);
            BOOST_TEST(back);
            BOOST_TEST(s.log.says("channel lost: no pong"));
        },
        options);
}

BOOST_AUTO_TEST_CASE(an_announced_shutdown_is_followed_at_once)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        auto& second = s.opens();
        co_await come_up(s, first);
        first.wire->says(R"({"id":"s","type":"shutdown"})");
        co_await second.let_in();
        const bool back = co_await s.ready(2);
        BOOST_TEST(back);
        BOOST_TEST(s.log.says("announced that it will close the channel; trying again at once"));
    });
}

// --- each remedy is performed -----------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_404_at_the_handshake_drops_the_device_and_registers_another_at_once)
{
    play([](scene& s) -> awaitable<void> {
        auto& cloud = s.finds_home().registers("d1").refuses(404).deletes().registers("d2").opens();
        s.start();
        co_await cloud.let_in();
        const bool ready = co_await s.ready();
        BOOST_TEST(ready);
        BOOST_TEST(s.source->state().device == "d2");
        const words expected{"WEBSOCKET d1-r", "DELETE d1", "GET devices", "POST devices", "WEBSOCKET d2-r"};
        BOOST_TEST(s.asked(3) == expected, boost::test_tools::per_element());
        BOOST_TEST(s.log.says("registering anew, trying again at once"));
    });
}

BOOST_AUTO_TEST_CASE(a_registration_that_the_channel_does_not_know_is_refreshed)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        auto& second = s.refreshes().opens();
        s.start();
        first.wire->ends(4404);
        co_await second.let_in();
        const bool ready = co_await s.ready();
        BOOST_TEST(ready);
        const words expected{"PUT d1", "WEBSOCKET d1-r"};
        BOOST_TEST(s.asked(4) == expected, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_device_that_is_gone_is_replaced)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        auto& second = s.refuses(404).registers("d2").opens();
        s.start();
        first.wire->ends(1005);
        co_await second.let_in();
        const bool ready = co_await s.ready();
        BOOST_TEST(ready);
        const words expected{"PUT d1", "GET devices", "POST devices", "WEBSOCKET d2-r"};
        BOOST_TEST(s.asked(4) == expected, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(after_a_set_silence_catalogue_device_and_socket_are_made_anew)
{
    auto options = quick();
    options.rebuild_after = 0ms; // any silence is long enough
    play(
        [](scene& s) -> awaitable<void> {
            auto& cloud =
                s.finds_home().registers("d1").refuses(503).finds_home().deletes().registers("d2").opens();
            s.start();
            co_await cloud.let_in();
            const bool ready = co_await s.ready();
            BOOST_TEST(ready);
            const words expected{"GET catalog", "DELETE d1", "GET devices", "POST devices", "WEBSOCKET d2-r"};
            BOOST_TEST(s.asked(4) == expected, boost::test_tools::per_element());
            BOOST_TEST(s.client->requests()[4].url.find("timestamp=") != std::string::npos); // no cache
        },
        options);
}

BOOST_AUTO_TEST_CASE(a_catalogue_that_is_down_alone_does_not_keep_the_channel_down)
{
    auto options = quick();
    options.rebuild_after = 0ms;
    play(
        [](scene& s) -> awaitable<void> {
            s.finds_home().registers("d1").refuses(503);
            s.client->fail(errc::cannot_connect, false);
            auto& cloud = s.deletes().registers("d2").opens();
            s.start();
            co_await cloud.let_in();
            const bool ready = co_await s.ready();
            BOOST_TEST(ready);
            BOOST_TEST(s.log.says("going on with what it said before"));
        },
        options);
}

BOOST_AUTO_TEST_CASE(a_doubtful_token_is_told_and_tried_again)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        auto& second = s.refuses(401).opens();
        s.start();
        first.wire->ends(4401);
        co_await second.let_in();
        const bool ready = co_await s.ready();
        BOOST_TEST(ready);
        BOOST_TEST(s.token_doubts == 2u);
        const words expected{"WEBSOCKET d1-r", "WEBSOCKET d1-r"};
        BOOST_TEST(s.asked(4) == expected, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(what_needs_a_person_is_an_error_in_the_log_and_ends_nothing)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        co_await come_up(s, first);
        first.wire->ends(4403, "not entitled");
        auto waiting = [&] { return s.source->state().phase == channel_phase::waiting; };
        const bool waits = co_await s.until(waiting);
        BOOST_TEST(waits);
        BOOST_TEST(s.log.says("error"));
        BOOST_TEST(s.log.says("a person must look; trying again in 5 min"));
        BOOST_TEST(s.source->state().last_error.find("4403") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(nothing_at_the_start_is_final_either)
{
    play([](scene& s) -> awaitable<void> {
        s.client->fail(errc::cannot_connect, false);
        s.finds_home().refuses(404).refuses(500);
        s.client->fail(errc::timed_out, false);
        auto& cloud = s.registers().opens();
        s.start();
        co_await cloud.let_in();
        const bool ready = co_await s.ready();
        BOOST_TEST(ready);
        BOOST_TEST(!s.source->state().last_gap.has_value()); // nothing was there to be interrupted
    });
}

// --- while connected --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_device_is_refreshed_on_time_without_touching_the_channel)
{
    auto options = quick();
    options.refresh_device = 30ms;
    play(
        [](scene& s) -> awaitable<void> {
            auto& cloud = s.finds_home().registers().opens();
            s.refreshes().refreshes();
            s.client->hang();
            co_await come_up(s, cloud);
            const bool twice = co_await s.asked_for(6);
            BOOST_TEST(twice);
            const auto asked = s.asked(4);
            BOOST_TEST(asked.front() == "PUT d1");
            BOOST_TEST((s.source->state().phase == channel_phase::ready));
            BOOST_TEST(s.source->state().connections == 1u);
        },
        options);
}

BOOST_AUTO_TEST_CASE(a_device_that_vanished_under_the_channel_is_replaced)
{
    auto options = quick();
    options.refresh_device = 30ms;
    play(
        [](scene& s) -> awaitable<void> {
            auto& first = s.finds_home().registers().opens();
            auto& second = s.refuses(404).registers("d2").opens();
            s.client->hang();
            co_await come_up(s, first);
            co_await second.let_in();
            const bool back = co_await s.ready(2);
            BOOST_TEST(back);
            BOOST_TEST(s.source->state().device == "d2");
            BOOST_TEST(first.wire->is_over());
        },
        options);
}

BOOST_AUTO_TEST_CASE(moved_services_are_looked_up_and_the_same_ones_change_nothing)
{
    play([](scene& s) -> awaitable<void> {
        auto& cloud = s.finds_home().registers().opens();
        s.finds_home();
        co_await come_up(s, cloud);
        cloud.event("u2c.cache-invalidation");
        cloud.event("ActiveClusterStatusEvent"); // the cloud can't make us ask all the time
        const bool asked = co_await s.asked_for(5);
        BOOST_TEST(asked);
        auto told = [&] { return s.log.says("catalogue refreshed"); };
        const bool refreshed = co_await s.until(told);
        BOOST_TEST(refreshed);
        cloud.post(1);
        const bool acked = co_await cloud.acked("e1");
        BOOST_TEST(acked);
        BOOST_TEST(s.client->requests().size() == 5u);
        BOOST_TEST(s.source->state().connections == 1u);
    });
}

BOOST_AUTO_TEST_CASE(another_registration_service_gets_another_device)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home("a").registers("d1").opens();
        auto& second = s.finds_home("r").finds_home("r").deletes().registers("d2").opens();
        co_await come_up(s, first);
        first.event("ActiveClusterStatusEvent");
        co_await second.let_in();
        const bool back = co_await s.ready(2);
        BOOST_TEST(back);
        const auto& all = s.client->requests();
        BOOST_TEST_REQUIRE(all.size() == 10u);
        BOOST_TEST(all[6].method == "DELETE");
        BOOST_TEST(all[8].url.starts_with("https://wdm-r.wbx2.com/wdm/api/v1/devices"));
    });
}

BOOST_AUTO_TEST_CASE(what_one_connection_brought_is_handed_over_while_the_next_is_made)
{
    play([](scene& s) -> awaitable<void> {
        auto& first = s.finds_home().registers().opens();
        auto& second = s.opens();
        co_await come_up(s, first);
        s.journal->refusals.assign(20, errc::journal_full);
        for (unsigned n = 1; n <= 10; ++n)
            first.post(n);
        first.wire->ends(1006);
        co_await second.let_in();
        second.post(10); // the cloud repeats what was not acknowledged
        second.post(11);
        const bool acked = co_await second.acked("e11");
        BOOST_TEST(acked);
        BOOST_TEST(s.journal->taken.size() == 12u); // the journal knows the repeated one by its key
        BOOST_TEST(s.source->state().events == 12u);
    });
}

// --- the end ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(stopped_it_says_goodbye_and_deletes_its_device)
{
    play([](scene& s) -> awaitable<void> {
        auto& cloud = s.finds_home().registers().opens();
        s.deletes();
        co_await come_up(s, cloud);
        co_await s.stop();
        BOOST_TEST((cloud.wire->closed_with() == 1000));
        BOOST_TEST(cloud.wire->close_reason() == "Done");
        const auto tidied = co_await s.source->tidy(deadline::after(1s));
        BOOST_TEST(tidied.has_value());
        BOOST_TEST(s.asked().back() == "DELETE d1");
        BOOST_TEST(s.client->used_up());
    });
}

BOOST_AUTO_TEST_CASE(a_device_that_is_to_be_kept_is_kept)
{
    auto options = quick();
    options.keep_device = true;
    play(
        [](scene& s) -> awaitable<void> {
            auto& cloud = s.finds_home().registers().opens();
            co_await come_up(s, cloud);
            co_await s.stop();
            const auto tidied = co_await s.source->tidy(deadline::after(1s));
            BOOST_TEST(tidied.has_value());
            BOOST_TEST(s.client->requests().size() == 4u);
        },
        options);
}

BOOST_AUTO_TEST_CASE(a_registration_that_was_cut_off_leaves_no_device_either)
{
    play([](scene& s) -> awaitable<void> {
        s.finds_home().refuses(404);
        s.client->hang(); // the registration: perhaps it took effect
        s.client->answer(200, R"({"devices":[)" + device_text("d9") + "]}");
        s.deletes().refuses(404);
        s.start();
        const bool asked = co_await s.asked_for(3);
        BOOST_TEST(asked);
        co_await s.stop();
        const auto tidied = co_await s.source->tidy(deadline::after(1s));
        BOOST_TEST(tidied.has_value());
        BOOST_TEST(s.asked()[4] == "DELETE d9");
    });
}

BOOST_AUTO_TEST_CASE(a_device_that_can_not_be_deleted_is_told)
{
    play([](scene& s) -> awaitable<void> {
        auto& cloud = s.finds_home().registers().opens();
        s.refuses(500);
        co_await come_up(s, cloud);
        co_await s.stop();
        const auto tidied = co_await s.source->tidy(deadline::after(1s));
        BOOST_TEST_REQUIRE(tidied.has_error());
        BOOST_TEST(tidied.error().status == 500u);
    });
}

BOOST_AUTO_TEST_CASE(at_every_wait_a_stop_is_heard)
{
    using script = std::function<awaitable<void>(scene&)>;
    const std::vector<std::pair<const char*, script>> waits{
        {"for the catalogue",
         [](scene& s) -> awaitable<void> {
             s.client->hang();
             s.start();
             co_await s.asked_for(1);
         }},
        {"for the list of devices",
         [](scene& s) -> awaitable<void> {
             s.finds_home().client->hang();
             s.start();
             co_await s.asked_for(2);
         }},
        {"for the registration",
         [](scene& s) -> awaitable<void> {
             s.finds_home().refuses(404).client->hang();
             s.start();
             co_await s.asked_for(3);
         }},
        {"for the handshake",
         [](scene& s) -> awaitable<void> {
             s.finds_home().registers().client->hang();
             s.start();
             co_await s.asked_for(4);
         }},
        {"for the ready signal",
         [](scene& s) -> awaitable<void> {
             auto& cloud = s.finds_home().registers().opens();
             s.start();
             co_await cloud.hear();
         }},
        {"for frames",
         [](scene& s) -> awaitable<void> {
             auto& cloud = s.finds_home().registers().opens();
             co_await come_up(s, cloud);
         }},
        {"for the peer's goodbye",
         [](scene& s) -> awaitable<void> {
             auto& cloud = s.finds_home().registers().opens();
             co_await come_up(s, cloud);
             cloud.wire->ignores_close();
         }},
        {"for a refresh while connected",
         [](scene& s) -> awaitable<void> {
             auto& cloud = s.finds_home().registers().opens();
             s.client->hang();
             co_await come_up(s, cloud);
             cloud.event("u2c.cache-invalidation");
             co_await s.asked_for(5);
         }},
        {"for the journal",
         [](scene& s) -> awaitable<void> {
             auto& cloud = s.finds_home().registers().opens();
             co_await come_up(s, cloud);
             s.journal->hangs = true;
             cloud.post(1);
             auto asked = [&] { return s.journal->asked != 0; };
             co_await s.until(asked);
         }},
        {"for minutes, before the next try",
         [](scene& s) -> awaitable<void> {
             s.finds_home().registers().refuses(403);
             s.start();
             auto waiting = [&] { return s.source->state().phase == channel_phase::waiting; };
             co_await s.until(waiting);
         }},
    };
    for (const auto& [where, reach] : waits)
    {
        BOOST_TEST_CONTEXT("waiting " << where)
        play([&](scene& s) -> awaitable<void> {
            co_await reach(s);
            const auto before = std::chrono::steady_clock::now();
            co_await s.stop();
            BOOST_TEST((std::chrono::steady_clock::now() - before < 1s));
            BOOST_TEST((s.source->state().phase == channel_phase::idle));
            BOOST_TEST(s.client->used_up());
        });
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused_before_anything_runs)
{
    for (auto change : {+[](device_options& o) { o.u2c_url = "u2c"; },
                        +[](device_options& o) { o.fallback_wdm_url = "ftp://x"; }})
    {
        source::device_source::setup s;
        change(s.options);
        const auto made = source::device_source::make(std::move(s), quiet_log());
        BOOST_TEST_REQUIRE(made.has_error());
        BOOST_TEST(made.error().is(errc::bad_configuration));
    }
}

BOOST_AUTO_TEST_SUITE_END()
