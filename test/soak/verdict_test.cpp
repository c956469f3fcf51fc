#include "soak/verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::test;

namespace {

room_line asks(std::string words) { return {false, "Postern /echo " + std::move(words), 1}; }
room_line says(std::string words, unsigned life = 1) { return {true, std::move(words), life}; }

verdict of_direct(std::vector<room_line> lines) { return judge({{"a room", true, std::move(lines)}}); }
verdict of_group(std::vector<room_line> lines) { return judge({{"a room", false, std::move(lines)}}); }

} // namespace

// The judge of the crash test: it must see what is wrong.
BOOST_AUTO_TEST_SUITE(verdict)

BOOST_AUTO_TEST_CASE(each_answered_once_in_order_is_good)
{
    const auto v = of_direct({asks("1"), says("Hello."), asks("2"), says("1"), says("2", 2)});
    BOOST_TEST(v.good());
    BOOST_TEST(v.asked == 2u);
    BOOST_TEST(v.answered == 2u);
}

BOOST_AUTO_TEST_CASE(a_question_without_an_answer_is_lost)
{
    const auto v = of_direct({asks("1"), asks("2"), says("2")});
    BOOST_TEST(v.lost() == 1u);
    BOOST_TEST(!v.good());
}

BOOST_AUTO_TEST_CASE(answers_that_change_places_are_seen)
{
    BOOST_TEST(of_direct({asks("1"), asks("2"), says("2"), says("1")}).out_of_order == 1u);
}

BOOST_AUTO_TEST_CASE(no_double_is_permitted_in_a_direct_room)
{
    BOOST_TEST(of_direct({asks("1"), says("1", 1), says("1", 2)}).doubles == 1u);
}

BOOST_AUTO_TEST_CASE(a_double_in_a_group_is_permitted_over_a_kill_only)
{
    const auto over_a_kill = of_group({asks("1"), says("1", 1), says("1", 2)});
    BOOST_TEST(over_a_kill.doubles_in_window == 1u);
    BOOST_TEST(over_a_kill.good());
    BOOST_TEST(of_group({asks("1"), says("1", 1), says("1", 1)}).doubles == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_last_answer_before_the_kill_may_come_again)
{
    BOOST_TEST(of_group({asks("1"), asks("2"), says("1", 1), says("2", 1), says("1", 2)}).doubles == 1u);
}

BOOST_AUTO_TEST_CASE(greetings_count_as_doubles_too)
{
    BOOST_TEST(of_direct({says("Hello.", 1), asks("1"), says("Hello.", 2), says("1", 2)}).doubles == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
