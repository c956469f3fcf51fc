#include "postern/emulator/delivery_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::emulator;

namespace {

outgoing delivery(std::string webhook, std::string id)
{
    outgoing out;
    out.webhook_id = std::move(webhook);
    out.data_id = std::move(id);
    return out;
}

// The ids in the order in which they leave; a lost one in brackets, a doubled one with a plus.
std::string drain(emulator::delivery_queue& queue, const std::string& webhook)
{
    std::string out;
    while (queue.pause_before(webhook))
    {
        const auto next = queue.take(webhook);
        BOOST_TEST_REQUIRE(next.has_value());
        out += next->copies == 0 ? '[' + next->what.data_id + ']' : next->what.data_id;
        out += next->copies == 2 ? "+" : "";
    }
    return out;
}

void fill(emulator::delivery_queue& queue, std::string_view ids, const std::string& webhook = "W")
{
    for (const char id : ids)
        queue.push(delivery(webhook, std::string(1, id)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(delivery_queue)

BOOST_AUTO_TEST_CASE(deliveries_of_one_webhook_leave_in_order)
{
    emulator::delivery_queue queue;
    BOOST_TEST(queue.idle());
    fill(queue, "abc");
    BOOST_TEST(!queue.idle());
    BOOST_TEST(drain(queue, "W") == "abc");
    BOOST_TEST(queue.idle());
}

BOOST_AUTO_TEST_CASE(one_worker_a_webhook_is_asked_for)
{
    emulator::delivery_queue queue;
    BOOST_TEST(queue.push(delivery("W", "a")).start);
    BOOST_TEST(!queue.push(delivery("W", "b")).start);
    BOOST_TEST(queue.push(delivery("V", "c")).start);
    BOOST_TEST(drain(queue, "W") == "ab");
    BOOST_TEST(!queue.idle()); // V's worker has not ended
    BOOST_TEST(queue.push(delivery("W", "d")).start);
    BOOST_TEST(drain(queue, "V") == "c");
    BOOST_TEST(drain(queue, "W") == "d");
    BOOST_TEST(queue.idle());
}

BOOST_AUTO_TEST_CASE(a_worker_with_its_last_delivery_in_hand_is_not_idle)
{
    emulator::delivery_queue queue;
    fill(queue, "a");
    BOOST_TEST(queue.take("W").has_value());
    BOOST_TEST(!queue.idle());
    BOOST_TEST(!queue.push(delivery("W", "b")).start); // it will find that one
    BOOST_TEST(drain(queue, "W") == "b");
}

BOOST_AUTO_TEST_CASE(a_full_queue_drops_its_oldest)
{
    emulator::delivery_queue queue(2);
    fill(queue, "ab");
    const auto third = queue.push(delivery("W", "c"));
    BOOST_TEST_REQUIRE(third.displaced.has_value());
    BOOST_TEST(third.displaced->data_id == "a");
    BOOST_TEST(!queue.push(delivery("V", "x")).displaced.has_value()); // each webhook has a bound of its own
    BOOST_TEST(drain(queue, "W") == "bc");
}

BOOST_AUTO_TEST_CASE(duplicate_sends_everything_twice)
{
    emulator::delivery_queue queue;
    queue.set_mode({true, false, {}, 0});
    fill(queue, "ab");
    BOOST_TEST(drain(queue, "W") == "a+b+");
}

BOOST_AUTO_TEST_CASE(reorder_swaps_neighbours_and_starves_nobody)
{
    emulator::delivery_queue queue;
    queue.set_mode({false, true, {}, 0});
    fill(queue, "abcdefg");
    BOOST_TEST(drain(queue, "W") == "badcfeg");
}

BOOST_AUTO_TEST_CASE(reorder_forgets_an_overtaken_delivery_that_was_dropped)
{
    emulator::delivery_queue queue(2);
    queue.set_mode({false, true, {}, 0});
    fill(queue, "ab");
    BOOST_TEST(queue.take("W")->what.data_id == "b"); // a was overtaken
    fill(queue, "cd");                                // and is dropped
    BOOST_TEST(drain(queue, "W") == "dc");
}

BOOST_AUTO_TEST_CASE(drop_next_counts_across_webhooks)
{
    emulator::delivery_queue queue;
    queue.set_mode({true, false, {}, 2});
    fill(queue, "a", "V");
    fill(queue, "bc", "W");
    BOOST_TEST(drain(queue, "V") == "[a]");
    BOOST_TEST(drain(queue, "W") == "[b]c+");
}

BOOST_AUTO_TEST_CASE(the_delay_is_the_mode_s)
{
    emulator::delivery_queue queue;
    fill(queue, "a");
    BOOST_TEST(queue.pause_before("W")->count() == 0);
    queue.set_mode({false, false, std::chrono::milliseconds(70), 0});
    BOOST_TEST(queue.pause_before("W")->count() == 70);
}

BOOST_AUTO_TEST_CASE(what_was_taken_away_is_not_sent)
{
    emulator::delivery_queue queue;
    fill(queue, "ab");
    fill(queue, "c", "V");
    BOOST_TEST(queue.take_all().size() == 3u);
    BOOST_TEST(!queue.take("W").has_value());
    BOOST_TEST(!queue.take("unheard of").has_value());
    BOOST_TEST(!queue.idle()); // until the workers have seen it
    BOOST_TEST(!queue.pause_before("W").has_value());
    BOOST_TEST(!queue.pause_before("V").has_value());
    BOOST_TEST(queue.idle());
}

BOOST_AUTO_TEST_SUITE_END()
