#include "integration/company.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

// What the guard costs.
BOOST_AUTO_TEST_SUITE(guard_counting)

BOOST_AUTO_TEST_CASE(a_thousand_messages_in_fifty_rooms_cost_a_walk_each_room)
{
    constexpr std::size_t rounds = 20;
    company them;
    const auto rooms = them.rooms(50, {"alice", "bob", "bot"});
    server gateway(them.webex, mode_under_test(), {"--allow-org", "own"});
    gateway.ready();
    for (std::size_t round = 0; round < rounds; ++round)
        for (const auto& room : rooms)
            them.ask(room);
    for (const auto& room : rooms)
        BOOST_TEST(them.answers(room, rounds, "alice", 60s));
    BOOST_TEST(them.walks() <= rooms.size());
    BOOST_TEST(them.walks() >= 1u); // it did look
    BOOST_TEST(them.counted("requests", "/v1/people/{id}") == 0u);

    const auto steady = them.counted("requests", "/v1/memberships?roomId");
    const auto asked = them.ask(rooms.front());
    BOOST_TEST(them.answers(rooms.front(), rounds + 1));
    BOOST_TEST(becomes(gateway, asked, journal::progress::done));
    BOOST_TEST(journal::last_judgement(delivery_of(gateway, asked))->cached);
    BOOST_TEST(them.counted("requests", "/v1/memberships?roomId") == steady);
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
