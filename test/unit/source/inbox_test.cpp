#include "postern/source/device/inbox.hpp"

#include "unit/source/channel_fixture.hpp"

using namespace postern;
using namespace postern::source;
using namespace postern::test::channel_play;
using namespace std::chrono_literals;

namespace {

std::string data_id(const raw_event& raw)
{
    const auto envelope = json::parse(raw.body).as_object();
    const auto* data = get_object(envelope, "data");
    return data ? uuid_of(text_or(*data, "id")) : std::string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(inbox)

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

BOOST_AUTO_TEST_SUITE_END()
