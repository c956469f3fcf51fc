#include "postern/source/device/device_keeper.hpp"

#include "unit/source/device_source_fixture.hpp"

using namespace postern;
using namespace postern::source;
using namespace postern::test::source_play;
using namespace std::chrono_literals;

// Each remedy is really performed, and what has to be done beside an open channel is done.
BOOST_AUTO_TEST_SUITE(device_keeper)

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

// At a guessed place the channel would look healthy and stay deaf for ever.
BOOST_AUTO_TEST_CASE(at_the_hard_coded_place_the_catalogue_is_asked_until_it_tells_the_right_one)
{
    auto options = quick();
    options.rebuild_after = 20ms;
    play(
        [](scene& s) -> awaitable<void> {
            auto& guessed = s.refuses(503).registers("d1").opens();
            auto& right = s.finds_home("r").finds_home("r").deletes().registers("d2").opens();
            co_await come_up(s, guessed);
            BOOST_TEST(s.log.says("NO SERVICE CATALOGUE"));
            co_await right.let_in();
            const bool back = co_await s.ready(2);
            BOOST_TEST(back);
            const auto& all = s.client->requests();
            BOOST_TEST_REQUIRE(all.size() == 10u);
            BOOST_TEST(all[8].url.starts_with("https://wdm-r.wbx2.com/wdm/api/v1/devices"));
        },
        options);
}

BOOST_AUTO_TEST_SUITE_END()
