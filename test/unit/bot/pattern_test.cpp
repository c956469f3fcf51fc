#include "postern/bot/commands/pattern.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace postern;

namespace {

// "all|group 1|group 2", or "none".
std::string find(const char* expression, std::string_view text)
{
    const auto found = matching::pattern(expression).find_in(text);
    if (!found)
        return "none";
    std::string out;
    for (std::size_t i = 0; i < found->texts.size(); ++i)
        out += (i == 0 ? "" : "|") + found->texts[i];
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pattern)

BOOST_AUTO_TEST_CASE(an_expression_is_found_anywhere_in_whatever_case_with_its_groups)
{
    BOOST_TEST(find("([a-z]+)-([0-9]+)", "see NET-12, please") == "NET-12|NET|12");
    BOOST_TEST(find("^help$", "Help") == "Help");
    BOOST_TEST(find("^help$", "Help me") == "none");
    BOOST_TEST(find("(?-i)help", "HELP") == "none");
    BOOST_TEST(find("(a)|(b)", "b") == "b||b");
    BOOST_TEST(find("über", "ÜBER") == "ÜBER");
    BOOST_TEST(find("x*", "") == "");
}

BOOST_AUTO_TEST_CASE(groups_have_names)
{
    const auto found = matching::pattern("(?P<team>[a-z]+)-(?P<number>\\d+)").find_in("net-7");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->texts.at(found->names.find("team")->second) == "net");
    BOOST_TEST(found->texts.at(found->names.find("number")->second) == "7");
}

BOOST_AUTO_TEST_CASE(what_is_no_expression_or_a_huge_one_is_refused_when_it_is_registered)
{
    for (const char* bad :
         {"", "(", "[a", "a**", "(?=x)", "\\1", "\xFF", "((((((x{100}){100}){100}){100})))"})
        BOOST_CHECK_THROW(matching::pattern{bad}, std::invalid_argument);
}

// A backtracking engine would need longer than the universe has lasted.
BOOST_AUTO_TEST_CASE(a_hostile_text_is_answered_in_linear_time)
{
    const std::string text(100'000, 'a');
    BOOST_TEST(find("(a*)*b", text + 'c') == "none");
    BOOST_TEST(find("^(a|a)*$", text + 'b') == "none");
    BOOST_TEST(find("(\\w+\\s?)*!", text) == "none");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_harm_nothing)
{
    BOOST_TEST(find("b", "\xFF\xC3 b") == "b");
    BOOST_TEST(find("^.$", "\xFF") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
