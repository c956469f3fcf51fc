#include "unit/source/device_source_fixture.hpp"

using namespace postern;
using namespace postern::source;
using namespace postern::test::source_play;
using namespace std::chrono_literals;

namespace {

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
