#include "postern/bot/commands/did_you_mean.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

BOOST_AUTO_TEST_SUITE(did_you_mean)

BOOST_AUTO_TEST_CASE(letters_added_dropped_changed_or_exchanged_are_counted)
{
    const auto d = [](const char* a, const char* b) { return matching::distance(a, b, 2); };
    BOOST_TEST(d("number", "number") == 0u);
    BOOST_TEST(d("NUMBER", "number") == 0u);
    BOOST_TEST(d("nubmer", "number") == 1u);
    BOOST_TEST(d("numbers", "number") == 1u);
    BOOST_TEST(d("umber", "number") == 1u);
    BOOST_TEST(d("mumbar", "number") == 2u);
    BOOST_TEST(d("nomad", "number") == 3u);
    BOOST_TEST(d("größe", "grösse") == 2u);
    BOOST_TEST(d("", "ab") == 2u);
    BOOST_TEST(d("\xFF", "\xFE") == 1u);
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_meant_and_of_equals_the_first)
{
    const std::vector<std::string> names{"/chuck", "/number", "/show status", "/up"};
    const auto mean = [&names](const char* text) { return matching::did_you_mean(text, names); };
    BOOST_TEST(mean("/nubmer 7") == "/number");
    BOOST_TEST(mean("/NUMBR") == "/number");
    BOOST_TEST(mean("chuk") == "/chuck");
    BOOST_TEST(mean("/show  statsu now") == "/show status");
    BOOST_TEST(mean("/show") == "");
    BOOST_TEST(mean("/ip") == "/up");
    BOOST_TEST(mean("/at") == ""); // two of two letters are another word
    BOOST_TEST(mean("/weather") == "");
    BOOST_TEST(mean("/") == "");
    BOOST_TEST(mean("") == "");
    BOOST_TEST(matching::did_you_mean("/bar", {"/baz", "/bat"}) == "/baz");
}

BOOST_AUTO_TEST_CASE(a_huge_word_is_like_nothing)
{
    BOOST_TEST(matching::did_you_mean(std::string(1'000'000, 'x'), {std::string(1'000'000, 'x')}) == "");
    BOOST_TEST(matching::distance(std::string(65, 'x'), std::string(65, 'x'), 2) == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
