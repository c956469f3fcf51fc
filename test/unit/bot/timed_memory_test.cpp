#include "postern/bot/commands/timed_memory.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;
using memory_of_ints = matching::timed_memory<int>;

BOOST_AUTO_TEST_SUITE(timed_memory)

BOOST_AUTO_TEST_CASE(what_was_learnt_is_known_until_its_time_is_over)
{
    memory_of_ints m(10s, 10);
    const deadline::clock::time_point start{};
    m.learn("a", 1, start);
    BOOST_TEST((m.find("a", start + 9s) == 1));
    BOOST_TEST((m.find("a", start + 10s) == std::nullopt));
    BOOST_TEST((m.find("b", start) == std::nullopt));
    m.learn("a", 2, start + 9s);
    BOOST_TEST((m.find("a", start + 18s) == 2));
    m.forget_all();
    BOOST_TEST((m.find("a", start + 9s) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(the_oldest_is_forgotten_first_and_what_was_learnt_again_is_young)
{
    memory_of_ints m(1h, 3);
    const deadline::clock::time_point start{};
    m.learn("a", 1, start);
    m.learn("b", 1, start);
    m.learn("a", 2, start);
    m.learn("c", 1, start);
    m.learn("d", 1, start);
    BOOST_TEST((m.find("a", start) == 2));
    BOOST_TEST((m.find("b", start) == std::nullopt));
    BOOST_TEST((m.find("d", start) == 1));
    for (int i = 0; i < 1000; ++i)
        m.learn(std::to_string(i), i, start);
    int kept = 0;
    for (int i = 0; i < 1000; ++i)
        kept += m.find(std::to_string(i), start) ? 1 : 0;
    BOOST_TEST(kept == 3);
}

BOOST_AUTO_TEST_SUITE_END()
