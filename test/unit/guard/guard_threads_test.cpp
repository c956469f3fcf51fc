// The guard is asked and told from several threads at once.

#include "guard_scene.hpp"

#include "postern/base/task_scope.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>

using namespace postern;
using namespace postern::test;

namespace {

// Fit for several threads; an outsider comes into all rooms at once.
class shared_api : public fake_webex_api
{
public:
    std::atomic<std::size_t> walks{0};
    std::atomic<bool> outsider{false};

    awaitable<result<std::vector<webex::membership>>> list_memberships(std::string room, deadline) override
    {
        ++walks;
        std::vector<webex::membership> all{member("bot@a"), member("ann@a")};
        if (outsider)
            all.push_back(member("eve@c"));
        for (auto& m : all)
            m.room_id = room;
        co_await pause_for(1ms);
        co_return all;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(guard_threads)

BOOST_AUTO_TEST_CASE(nothing_is_admitted_after_an_outsider_was_heard_of)
{
    const std::vector<std::string> rooms{"r0", "r1", "r2", "r3", "r4"};
    const auto api = std::make_shared<shared_api>();
    guard::guard_options options;
    options.organisations = {"own"};
    const auto gate = guard::room_guard::make(options, api, person("bot@a", "bot"), quiet_log());

    std::atomic<unsigned> admitted{0}, refused{0}, errors{0}, wrong{0};
    std::atomic<bool> heard_of_all{false};
    task_scope tasks([&](std::exception_ptr) { ++errors; });
    net::thread_pool pool(4);
    for (int t = 0; t < 40; ++t)
    {
        const auto mine = rooms[static_cast<std::size_t>(t) % rooms.size()];
        tasks.spawn(net::make_strand(pool), [&, mine]() -> awaitable<void> {
            event e; // not happened(): that counts, and is for one thread
            e.resource = "messages";
            e.name = "created";
            e.room = room_id(mine);
            e.actor = person_id("ann@a");
            for (int i = 0; i < 100; ++i)
            {
                const bool closed = heard_of_all;
                gate->heard(e);
                const auto j = co_await gate->judge(e, deadline::after(20s));
                if (!j)
                    ++errors;
                else if (j->what == verdict::admitted)
                    closed ? ++wrong : ++admitted;
                else
                    ++refused;
                if (i % 10 == 9)
                    co_await pause_for(1ms);
            }
        });
    }
    tasks.spawn(net::make_strand(pool), [&]() -> awaitable<void> {
        for (int round = 0; round < 5; ++round)
        {
            co_await pause_for(2ms);
            if (round == 4)
                api->outsider = true;
            for (const auto& r : rooms)
            {
                event e;
                e.resource = "memberships";
                e.name = "updated";
                e.key = r + ' ' + std::to_string(round);
                e.room = room_id(r);
                gate->heard(e);
            }
        }
        heard_of_all = true;
    });

    auto over = net::co_spawn(
        net::make_strand(pool),
        [&]() -> awaitable<bool> {
            const bool done = co_await tasks.drained(deadline::after(30s));
            co_await gate->close();
            co_return done;
        },
        net::use_future);
    const bool ended = over.get();
    pool.join();
    BOOST_TEST(ended);
    BOOST_TEST(errors == 0u);
    BOOST_TEST(wrong == 0u);
    BOOST_TEST(admitted + refused == 4'000u);
    BOOST_TEST(gate->counted().asked == 4'000u);
    // Each after a round of news, but the first.
    BOOST_TEST(api->walks <= 5u * (5 + 1));
}

BOOST_AUTO_TEST_SUITE_END()
