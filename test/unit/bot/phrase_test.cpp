#include "postern/bot/hear/phrase.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using postern::matching::after_phrase;

namespace {

std::string after(std::string_view text, std::string_view phrase, std::string_view stops = {})
{
    const auto rest = after_phrase(text, phrase, stops);
    return rest ? '[' + std::string(*rest) + ']' : "no";
}

} // namespace

BOOST_AUTO_TEST_SUITE(phrase)

BOOST_AUTO_TEST_CASE(a_phrase_is_found_as_whole_words_in_any_case)
{
    BOOST_TEST(after("/echo hi", "/echo") == "[ hi]");
    BOOST_TEST(after("/ECHO", "/echo") == "[]");
    BOOST_TEST(after("  /Echo\nhi", "/eCHO") == "[\nhi]");
    BOOST_TEST(after("ÜBERSICHT heute", "übersicht") == "[ heute]");
    BOOST_TEST(after("/echoes", "/echo") == "no");
    BOOST_TEST(after("/ech", "/echo") == "no");
    BOOST_TEST(after("/echo-x", "/echo") == "no");
    BOOST_TEST(after("say /echo", "/echo") == "no");
    BOOST_TEST(after("", "/echo") == "no");
}

BOOST_AUTO_TEST_CASE(one_run_of_white_space_counts_as_any_other)
{
    BOOST_TEST(after("show \t\u00A0 status\u00A0now", "show status") == "[\u00A0now]");
    BOOST_TEST(after("show status", " show\n status ") == "[]");
    BOOST_TEST(after("showstatus", "show status") == "no");
    BOOST_TEST(after("show", "show status") == "no");
    BOOST_TEST(after("show ", "show status") == "no");
}

BOOST_AUTO_TEST_CASE(a_phrase_without_words_is_in_nothing)
{
    BOOST_TEST(after("hi", "") == "no");
    BOOST_TEST(after("hi", " \u00A0") == "no");
    BOOST_TEST(after("", "") == "no");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_phrase_only_where_it_was_allowed)
{
    BOOST_TEST(after("Postern, hi", "postern", ",:") == "[, hi]");
    BOOST_TEST(after("Postern; hi", "postern", ",:") == "no");
    BOOST_TEST(after("Postern, hi", "postern") == "no");
}

BOOST_AUTO_TEST_CASE(names_are_compared_and_never_interpreted)
{
    BOOST_TEST(after(".* hi", ".*") == "[ hi]");
    BOOST_TEST(after("abc hi", ".*") == "no");
    BOOST_TEST(after("(a+)+$[ x", "(a+)+$[") == "[ x]");
    BOOST_TEST(after("aaaa", "(a+)+$[") == "no");
    BOOST_TEST(after("C++ now", "c++") == "[ now]");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_match_only_themselves)
{
    BOOST_TEST(after("\xFF\xFE x", "\xFF\xFE") == "[ x]");
    BOOST_TEST(after("\xFF", "\xFE") == "no");
    BOOST_TEST(after("\xC3", "\xC3\xA4") == "no");
}

BOOST_AUTO_TEST_SUITE_END()
