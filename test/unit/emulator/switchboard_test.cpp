// Who is told what over websockets, in which order, and what becomes of it while nobody listens.

#include "postern/emulator/switchboard.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::emulator;
using namespace std::chrono_literals;
using action = mercury_step::action;

namespace {

struct board_fixture
{
    switchboard board;
    moment now{*parse_time("2026-02-11T09:14:27.318Z"), std::chrono::steady_clock::time_point(1h)};
    int woken = 0;

    void pass(std::chrono::milliseconds time)
    {
        now.wall += time;
        now.steady += time;
    }
    socket_id open(mercury_caller who = {}, std::string registration = "r1")
    {
        who.registration = std::move(registration);
        who.person = "p1";
        who.origin = "http://cloud.test";
        return board.open(
            std::move(who), [this] { ++woken; }, 30s, now);
    }
    socket_id ready(mercury_caller who = {}, std::string registration = "r1")
    {
        const auto id = open(std::move(who), std::move(registration));
        board.authorise(id, now);
        hear(id);
        return id;
    }
    bool tell(std::string text, std::string registration = "r1")
    {
        return board.tell(registration,
                          {std::make_shared<const std::string>("{\"n\":\"" + text + "\"}"), now.wall}, now);
    }
    json::object hear(socket_id id)
    {
        const auto step = board.next(id, now);
        BOOST_TEST_REQUIRE((step.what == action::send), "nothing is sent");
        return json::parse(step.frame.payload).as_object();
    }
    std::string told(socket_id id) // the texts of all that is due
    {
        std::string all;
        for (auto step = board.next(id, now); step.what == action::send; step = board.next(id, now))
        {
            const auto frame = json::parse(step.frame.payload).as_object();
            if (const auto* data = get_object(frame, "data"))
                all += text_or(*data, "n");
        }
        return all;
    }
    static std::string buffer_state(const json::object& ready)
    {
        return text_or(ready.at("data").at("bufferState").as_object(), "conversation");
    }
    // A socket that ended, whatever the reason.
    void lose(socket_id id)
    {
        board.end(id, {1006, "", true});
        board.gone(id);
    }
    mercury_end end_of(socket_id id)
    {
        const auto step = board.next(id, now);
        BOOST_TEST_REQUIRE((step.what == action::end), "it does not end");
        return step.end;
    }
};

std::string keys_of(const json::object& o)
{
    std::string all;
    for (const auto& [key, value] : o)
        all += (all.empty() ? "" : ",") + std::string(key);
    return all;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(switchboard, board_fixture)

BOOST_AUTO_TEST_CASE(the_ready_signal_comes_first_and_once)
{
    const auto id = open();
    BOOST_TEST((board.next(id, now).what == action::wait));
    BOOST_TEST(!tell("before")); // nobody is there yet
    board.ping(id, "p", now);
    BOOST_TEST((board.next(id, now).what == action::wait));
    board.authorise(id, now);
    board.authorise(id, now);
    BOOST_TEST(tell("a"));
    const auto first = hear(id);
    BOOST_TEST(
        keys_of(first) ==
        "id,data,timestamp,trackingId,alertType,sequenceNumber,filterMessage,headers,wsWriteTimestamp");
    BOOST_TEST(text_or(first.at("data").as_object(), "eventType") == "mercury.buffer_state");
    BOOST_TEST(buffer_state(first) == "UNKNOWN");
    BOOST_TEST(first.at("timestamp").is_int64());
    const auto second = hear(id);
    BOOST_TEST(second.at("sequenceNumber").to_number<int>() ==
               first.at("sequenceNumber").to_number<int>() + 1);
    BOOST_TEST((board.next(id, now).what == action::wait));
}

BOOST_AUTO_TEST_CASE(the_other_ready_signal_is_for_those_who_ask)
{
    mercury_caller who;
    who.registration_status = true;
    const auto id = open(who);
    board.authorise(id, now);
    const auto data = hear(id).at("data").as_object();
    BOOST_TEST(text_or(data, "eventType") == "mercury.registration_status");
    BOOST_TEST(text_or(data.at("localClusterServiceUrls").as_object(),
                       "mercuryConnectionServiceClusterUrl") == "ws://cloud.test/v1");
}

BOOST_AUTO_TEST_CASE(whoever_does_not_authorise_in_time_is_closed_with_1008)
{
    const auto id = open();
    const auto step = board.next(id, now);
    BOOST_TEST_REQUIRE(step.until.has_value());
    BOOST_TEST((*step.until == now.steady + 30s));
    pass(30s);
    BOOST_TEST(end_of(id).code == 1008);
    BOOST_TEST(end_of(id).reason.starts_with("authentication did not happen"));
}

BOOST_AUTO_TEST_CASE(pongs_have_the_pings_id_and_a_number_of_their_own)
{
    const auto id = ready();
    board.ping(id, "ping-1", now);
    BOOST_TEST(woken == 2);
    const auto pong = hear(id);
    BOOST_TEST(keys_of(pong) == "id,type,sequenceNumber,wsWriteTimestamp");
    BOOST_TEST(text_or(pong, "id") == "ping-1");
    tell("a");
    BOOST_TEST(hear(id).at("sequenceNumber").to_number<int>() ==
               pong.at("sequenceNumber").to_number<int>() + 1);
    board.mode.wrong_pong = true;
    board.ping(id, "ping-2", now);
    BOOST_TEST(text_or(hear(id), "id") != "ping-2");
    board.mode.no_pong = true;
    board.ping(id, "ping-3", now);
    BOOST_TEST((board.next(id, now).what == action::wait));
}

BOOST_AUTO_TEST_CASE(frames_are_text_only_for_those_who_asked)
{
    mercury_caller wants_text;
    wants_text.text = true;
    const auto text = ready(wants_text, "r1");
    const auto plain = ready({}, "r2");
    tell("a", "r1");
    tell("a", "r2");
    BOOST_TEST(!board.next(text, now).frame.binary);
    BOOST_TEST(board.next(plain, now).frame.binary);
    board.mode.binary = true;
    tell("b", "r1");
    BOOST_TEST(board.next(text, now).frame.binary);
}

BOOST_AUTO_TEST_CASE(a_second_socket_replaces_the_first_unless_it_allows_several)
{
    const auto first = ready();
    const auto second = ready();
    BOOST_TEST(end_of(first).code == 4000);
    BOOST_TEST(end_of(first).reason == "replaced");
    mercury_caller several;
    several.many = true;
    const auto third = ready(several);
    tell("a");
    BOOST_TEST(told(second) == "a");
    BOOST_TEST(told(third) == "a");
}

BOOST_AUTO_TEST_CASE(after_an_announced_shutdown_the_old_socket_goes_with_4001)
{
    const auto old = ready();
    board.announce_shutdown(old, 10s, now);
    const auto notice = hear(old);
    BOOST_TEST(text_or(notice, "type") == "shutdown");
    BOOST_TEST(!text_or(notice, "id").empty());
    tell("a");
    BOOST_TEST(told(old) == "a"); // it still hears
    const auto fresh = ready();
    BOOST_TEST(end_of(old).code == 4001);
    board.announce_shutdown(fresh, 10s, now);
    pass(10s);
    BOOST_TEST(end_of(fresh).code == 4001); // nobody came
}

BOOST_AUTO_TEST_CASE(without_a_buffer_what_nobody_heard_is_lost)
{
    lose(ready());
    BOOST_TEST(!tell("a"));
    const auto id = open();
    board.authorise(id, now);
    BOOST_TEST(buffer_state(hear(id)) == "UNKNOWN");
    BOOST_TEST(told(id).empty());
}

BOOST_AUTO_TEST_CASE(a_buffer_keeps_it_and_says_so)
{
    board.mode.buffer = 3;
    const auto first = ready();
    tell("a");
    const auto a = hear(first);
    tell("b");
    hear(first);
    board.acknowledge(first, text_or(a, "id"));
    tell("c");   // not yet sent
    lose(first); // b was sent, but nobody said that it arrived
    tell("d");
    auto next = open();
    board.authorise(next, now);
    BOOST_TEST(buffer_state(hear(next)) == "IN_SYNC");
    BOOST_TEST(told(next) == "bcd");

    lose(next);
    tell("e"); // one too many
    next = open();
    board.authorise(next, now);
    BOOST_TEST(buffer_state(hear(next)) == "UNKNOWN");
    BOOST_TEST(told(next) == "cde");
}

BOOST_AUTO_TEST_CASE(what_is_kept_too_long_is_lost)
{
    board.mode.buffer = 10;
    board.mode.buffer_for = 5s;
    lose(ready());
    tell("a");
    pass(4s);
    tell("b");
    pass(2s);
    const auto id = open();
    board.authorise(id, now);
    BOOST_TEST(buffer_state(hear(id)) == "UNKNOWN");
    BOOST_TEST(told(id) == "b");
}

BOOST_AUTO_TEST_CASE(the_replaced_sockets_leftovers_go_to_the_new_one)
{
    board.mode.buffer = 10;
    const auto first = ready();
    tell("a");
    const auto second = open();
    board.authorise(second, now);
    BOOST_TEST(buffer_state(hear(second)) == "IN_SYNC");
    BOOST_TEST(told(second) == "a");
    board.gone(first); // and not a second time
    BOOST_TEST(told(second).empty());
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_too_slow_is_closed_with_1011)
{
    const auto id = ready();
    for (int i = 0; i < 10'000; ++i)
        BOOST_TEST_REQUIRE(tell("x"));
    BOOST_TEST(!tell("x"));
    BOOST_TEST(end_of(id).code == 1011);
}

BOOST_AUTO_TEST_CASE(a_stalled_socket_says_nothing_and_is_cut_in_the_end)
{
    const auto id = ready();
    board.stall(id, true);
    tell("a");
    BOOST_TEST((board.next(id, now).what == action::wait));
    BOOST_TEST(board.stalled(id));
    board.stall(id, false);
    BOOST_TEST(told(id) == "a");
    board.stall(id, true);
    board.end(id, {4000, "replaced", false});
    BOOST_TEST(end_of(id).cut);
    BOOST_TEST(board.to_be_cut(id));
}

BOOST_AUTO_TEST_CASE(events_come_twice_late_swapped_or_without_id_as_the_mode_asks)
{
    const auto id = ready();
    board.mode = {};
    board.mode.duplicate = true;
    tell("a");
    const auto one = hear(id), other = hear(id);
    BOOST_TEST(json::serialize(one.at("data")) == json::serialize(other.at("data")));
    BOOST_TEST(text_or(one, "id") != text_or(other, "id"));

    board.mode = {};
    board.mode.delay = 100ms;
    tell("b");
    board.ping(id, "p", now);
    BOOST_TEST(text_or(hear(id), "type") == "pong"); // pongs are not late
    BOOST_TEST((*board.next(id, now).until == now.steady + 100ms));
    board.mode.delay = 0ms;
    tell("c"); // does not overtake
    BOOST_TEST(told(id).empty());
    pass(100ms);
    BOOST_TEST(told(id) == "bc");

    board.mode = {};
    board.mode.reorder = true;
    tell("d");
    BOOST_TEST(told(id).empty()); // waits for a neighbour
    tell("e");
    tell("f");
    BOOST_TEST(told(id) == "ed");
    pass(200ms);
    BOOST_TEST(told(id) == "f");

    board.mode = {};
    board.mode.omit_ids = true;
    board.mode.sequence_gap = true;
    tell("g");
    tell("h");
    const auto g = hear(id), h = hear(id);
    BOOST_TEST(!g.contains("id"));
    BOOST_TEST(h.at("sequenceNumber").to_number<int>() == g.at("sequenceNumber").to_number<int>() + 2);
}

BOOST_AUTO_TEST_CASE(a_silent_cloud_accepts_and_says_nothing_but_what_it_is_made_to)
{
    board.mode.silent = true;
    const auto id = open();
    board.authorise(id, now);
    tell("a");
    board.ping(id, "p", now);
    BOOST_TEST((board.next(id, now).what == action::wait));
    board.raw(id, "garbage", {}, now);
    BOOST_TEST(board.next(id, now).frame.payload == "garbage");
}

BOOST_AUTO_TEST_CASE(the_ready_signal_may_be_late_and_nothing_overtakes_it)
{
    board.mode.ready_delay = 1s;
    const auto id = open();
    board.authorise(id, now);
    tell("a");
    board.ping(id, "p", now);
    BOOST_TEST((*board.next(id, now).until == now.steady + 1s));
    pass(1s);
    BOOST_TEST(buffer_state(hear(id)) == "UNKNOWN");
    BOOST_TEST(told(id) == "a");
}

BOOST_AUTO_TEST_CASE(sockets_to_come_can_be_closed_instead_of_becoming_ready)
{
    board.end_next({4401, "no", false}, 1);
    const auto first = open();
    board.authorise(first, now);
    BOOST_TEST(end_of(first).code == 4401);
    const auto second = open();
    board.authorise(second, now);
    BOOST_TEST(buffer_state(hear(second)) == "UNKNOWN");
}

BOOST_AUTO_TEST_CASE(acknowledgements_of_any_kind_are_remembered)
{
    const auto id = ready();
    for (int i = 0; i < 12; ++i)
        board.acknowledge(id, "ack-" + std::to_string(i));
    board.acknowledge(id, std::string(1000, 'x'));
    const auto shown = board.show().at(0);
    BOOST_TEST(shown.acknowledgements == 13u);
    BOOST_TEST(shown.last_acknowledged.size() == 10u);
    BOOST_TEST(shown.last_acknowledged.back().size() == 200u);
}

BOOST_AUTO_TEST_CASE(many_pings_of_a_client_that_does_not_read_end_it)
{
    const auto id = ready();
    for (int i = 0; i <= 10'000; ++i)
        board.ping(id, "p", now);
    BOOST_TEST(end_of(id).code == 1011);
}

BOOST_AUTO_TEST_CASE(after_a_hang_up_everything_ends_and_nothing_begins)
{
    const auto id = ready();
    board.hang_up();
    BOOST_TEST(end_of(id).code == 1001);
    BOOST_TEST(end_of(open()).code == 1001);
}

BOOST_AUTO_TEST_SUITE_END()
