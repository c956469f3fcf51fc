#include "postern/bot/arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

using namespace postern;

namespace {

parsed_arguments some()
{
    parsed_arguments a;
    for (const char* name : {"text", "whole", "number", "who", "absent"})
        a.declare(name);
    a.set("text", std::string("words"));
    a.set("whole", std::int64_t{300});
    a.set("number", 0.1);
    a.set("who", addressee{"id", "", "Ana"});
    return a;
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(an_argument_is_read_as_the_type_it_has)
{
    const auto a = some();
    BOOST_TEST(a.get<std::string>("text") == "words");
    BOOST_TEST(a.get<int>("whole") == 300);
    BOOST_TEST(a.get<std::uint16_t>("whole") == 300);
    BOOST_TEST(a.get<double>("whole") == 300.0);
    BOOST_TEST(a.get<double>("number") == 0.1);
    BOOST_TEST(a.get<std::string>("number") == "0.1");
    BOOST_TEST(a.get<std::string>("whole") == "300");
    BOOST_TEST(a.get<addressee>("who").name == "Ana");
}

BOOST_AUTO_TEST_CASE(what_was_left_out_is_empty_and_asking_for_more_is_a_mistake_of_the_program)
{
    const auto a = some();
    BOOST_TEST(!a.find<int>("absent").has_value());
    BOOST_TEST(!a.given("absent"));
    BOOST_TEST(a.given("text"));
    BOOST_CHECK_THROW(a.get<int>("absent"), std::logic_error);
    BOOST_CHECK_THROW(a.find<int>("unheard-of"), std::logic_error);
    BOOST_CHECK_THROW(a.given("unheard-of"), std::logic_error);
    BOOST_CHECK_THROW(a.get<int>("text"), std::logic_error);
    BOOST_CHECK_THROW(a.get<int>("number"), std::logic_error);
    BOOST_CHECK_THROW(a.get<double>("text"), std::logic_error);
    BOOST_CHECK_THROW(a.get<std::string>("who"), std::logic_error);
    BOOST_CHECK_THROW(a.get<addressee>("text"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_number_that_the_type_does_not_hold_is_the_mistake_of_who_typed_it)
{
    auto a = some();
    BOOST_CHECK_THROW(a.get<std::uint8_t>("whole"), usage_error);
    a.set("whole", std::int64_t{-1});
    BOOST_CHECK_THROW(a.get<unsigned>("whole"), usage_error);
    BOOST_CHECK_THROW(a.get<std::uint64_t>("whole"), usage_error);
    BOOST_TEST(a.get<int>("whole") == -1);
    a.set("whole", std::int64_t{1} << 40);
    BOOST_CHECK_THROW(a.get<int>("whole"), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
