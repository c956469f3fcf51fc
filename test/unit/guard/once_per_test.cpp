#include "postern/guard/once_per.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(once_per)

BOOST_AUTO_TEST_CASE(each_name_has_its_turn_once_in_the_period)
{
    guard::once_per hour(1h, 10);
    const auto start = deadline::clock::now();
    BOOST_TEST(hour.due("a", start));
    BOOST_TEST(!hour.due("a", start));
    BOOST_TEST(hour.due("b", start + 1s));
    BOOST_TEST(!hour.due("a", start + 59min));
    BOOST_TEST(hour.due("a", start + 1h));
    BOOST_TEST(!hour.due("b", start + 1h));
    BOOST_TEST(!hour.due("a", start + 2h - 1s));
}

BOOST_AUTO_TEST_CASE(beyond_the_bound_the_oldest_is_forgotten)
{
    guard::once_per hour(1h, 2);
    const auto start = deadline::clock::now();
    BOOST_TEST(hour.due("a", start));
    BOOST_TEST(hour.due("b", start));
    BOOST_TEST(hour.due("c", start));
    BOOST_TEST(!hour.due("b", start));
    BOOST_TEST(hour.due("a", start));
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_has_its_turn_again)
{
    guard::once_per hour(1h, 2);
    const auto start = deadline::clock::now();
    BOOST_TEST(hour.due("a", start));
    BOOST_TEST(hour.due("b", start));
    hour.forget("a");
    hour.forget("c");
    BOOST_TEST(hour.due("a", start + 1min));
    BOOST_TEST(!hour.due("b", start + 1min));
    BOOST_TEST(hour.due("b", start + 1h));
    BOOST_TEST(!hour.due("a", start + 1h)); // its hour began later
}

BOOST_AUTO_TEST_SUITE_END()
