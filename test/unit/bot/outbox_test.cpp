#include "postern/base/within.hpp"
#include "postern/bot/say/outbox.hpp"
#include "support/run.hpp"
#include "talk.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <map>
#include <mutex>

using namespace postern;
using namespace std::chrono_literals;

namespace {

deadline soon() { return deadline::after(2s); }

struct speakers
{
    matching::outbox turns;
    std::vector<std::string> order;
    std::size_t now = 0;
    std::size_t most = 0;

    explicit speakers(matching::outbox::limits l = {}) : turns(l) {}

    awaitable<void> speak(std::string room, std::string words)
    {
        auto turn = co_await turns.enter(room, soon());
        BOOST_TEST_REQUIRE(turn.has_value());
        most = std::max(most, ++now);
        order.push_back(room + ' ' + words + " begins");
        co_await pause_for(2ms);
        order.push_back(room + ' ' + words + " ends");
        --now;
    }

    void begin(net::io_context& io, std::string room, std::string words)
    {
        net::co_spawn(
            io, [this, room, words] { return speak(room, words); },
            [](std::exception_ptr thrown) { BOOST_TEST(!thrown); });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(outbox)

BOOST_AUTO_TEST_CASE(in_one_room_one_speaks_after_another_in_the_order_they_came)
{
    speakers all;
    net::io_context io(1);
    for (const auto* words : {"one", "two", "three"})
        all.begin(io, "room", words);
    io.run_for(2s);
    BOOST_TEST(all.order ==
                   (std::vector<std::string>{"room one begins", "room one ends", "room two begins",
                                             "room two ends", "room three begins", "room three ends"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rooms_are_spoken_to_side_by_side_but_not_more_than_allowed)
{
    speakers all(matching::outbox::limits{3, 100});
    net::io_context io(1);
    for (int i = 0; i < 20; ++i)
        all.begin(io, "room " + std::to_string(i % 10), std::to_string(i));
    io.run_for(2s);
    BOOST_TEST(all.order.size() == 40u);
    BOOST_TEST(all.most == 3u);
    std::map<std::string, int> last;
    for (const auto& line : all.order)
    {
        const auto room = line.substr(0, 6);
        const int said = std::stoi(line.substr(7));
        BOOST_TEST(said >= last[room]);
        last[room] = said;
    }
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_goes_without_a_turn_and_the_next_one_gets_it)
{
    matching::outbox turns;
    test::run([&](net::io_context&) -> awaitable<void> {
        {
            auto first = co_await turns.enter("room", soon());
            const auto late = co_await turns.enter("room", deadline::after(5ms));
            BOOST_TEST(late.error().is(errc::timed_out));
            BOOST_TEST(turns.waiting() == 0u);
        }
        const auto next = co_await turns.enter("room", soon());
        BOOST_TEST(next.has_value());
    });
}

BOOST_AUTO_TEST_CASE(who_is_stopped_while_waiting_leaves_the_queue)
{
    matching::outbox turns;
    net::io_context io(1);
    net::cancellation_signal stop;
    std::optional<result<matching::outbox::turn>> first;
    std::optional<error> second;
    auto hold = [&]() -> awaitable<void> {
        auto got = co_await turns.enter("room", soon());
        first.emplace(std::move(got));
    };
    auto wait = [&]() -> awaitable<void> {
        auto got = co_await turns.enter("room", soon());
        second = got.error();
    };
    net::co_spawn(io, hold, [](std::exception_ptr) {});
    net::co_spawn(io, wait, net::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    io.poll();
    net::post(io, [&] { stop.emit(net::cancellation_type::terminal); });
    io.run_for(1s);
    BOOST_TEST_REQUIRE(second.has_value());
    BOOST_TEST(second->is(errc::stopped));
    BOOST_TEST(turns.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(too_many_who_wait_are_sent_away_with_a_reason)
{
    matching::outbox turns(matching::outbox::limits{16, 0});
    test::run([&](net::io_context&) -> awaitable<void> {
        const auto first = co_await turns.enter("room", soon());
        BOOST_TEST(first.has_value());
        const auto second = co_await turns.enter("room", soon());
        BOOST_TEST(second.error().is(errc::too_large));
    });
}

BOOST_AUTO_TEST_CASE(on_many_threads_no_turn_is_given_twice_and_none_is_lost)
{
    matching::outbox turns(matching::outbox::limits{4, 10'000});
    std::atomic<int> inside[8] = {};
    std::atomic<int> spoken{0};
    std::atomic<bool> twice{false};
    net::thread_pool pool(4);
    auto speak = [&](int room) -> awaitable<void> {
        for (int i = 0; i < 20; ++i)
        {
            const auto turn = co_await turns.enter(std::to_string(room), deadline::after(20s));
            if (!turn || inside[room].fetch_add(1) != 0)
                twice = true;
            co_await net::post(net::use_awaitable);
            inside[room].fetch_sub(1);
            ++spoken;
        }
    };
    for (int i = 0; i < 40; ++i)
    {
        auto work = [&speak, room = i % 8] { return speak(room); };
        net::co_spawn(net::make_strand(pool), work, [&](std::exception_ptr thrown) {
            if (thrown)
                twice = true;
        });
    }
    pool.join();
    BOOST_TEST(!twice);
    BOOST_TEST(spoken == 800);
}

BOOST_AUTO_TEST_CASE(the_pieces_of_a_long_reply_are_not_mixed_with_another_reply)
{
    test::talk t;
    net::io_context io(1);
    const auto first = t.take_up(1);
    const auto second = t.take_up(2);
    auto reply = [&](std::shared_ptr<matching::conversation> c, std::string words) {
        net::co_spawn(
            io, [c, words] { return context(c).reply(words); },
            [](std::exception_ptr thrown, result<webex::message> said) { BOOST_TEST((!thrown && said)); });
    };
    reply(first, std::string(20'000, 'a'));
    reply(second, std::string(8'000, 'b'));
    io.run_for(2s);
    std::string order;
    for (const auto& m : t.api->posted)
        order += m.markdown.front();
    BOOST_TEST(order == "aaabb");
}

BOOST_AUTO_TEST_SUITE_END()
