#include "postern/bot/commands/typed_words.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

namespace {

// "word|rest", "open quote|..." or "no option".
std::string word(std::string_view rest)
{
    const auto taken = matching::take_word(rest);
    return (taken ? (taken->quoted ? "quoted " : "") + taken->text : "open quote") + '|' + std::string(rest);
}

std::string option(std::string_view rest)
{
    const auto taken = matching::take_option_name(rest);
    return taken.value_or("no option") + '|' + std::string(rest);
}

bool ends_options(std::string_view rest) { return matching::take_end_of_options(rest); }

} // namespace

BOOST_AUTO_TEST_SUITE(typed_words)

BOOST_AUTO_TEST_CASE(a_word_ends_at_any_white_space)
{
    BOOST_TEST(word("one two") == "one| two");
    BOOST_TEST(word("one\u00A0two") == "one|\u00A0two");
    BOOST_TEST(word("one") == "one|");
    BOOST_TEST(word("\xFF\xC3 x") == "\xFF\xC3| x");
}

BOOST_AUTO_TEST_CASE(quotes_of_keyboards_and_of_phones_keep_words_together)
{
    for (const char* typed : {"\"a b\" c", "'a b' c", "“a b” c", "‘a b’ c", "„a b“ c", "«a b» c", "”a b\" c"})
        BOOST_TEST(word(typed) == "quoted a b| c");
    BOOST_TEST(word("\"\" c") == "quoted | c");
    BOOST_TEST(word("\"it's\"") == "quoted it's|");
}

BOOST_AUTO_TEST_CASE(a_quote_inside_a_word_is_a_letter)
{
    BOOST_TEST(word("don't stop") == "don't| stop");
    BOOST_TEST(word("don’t stop") == "don’t| stop");
    BOOST_TEST(word("5\" wide") == "5\"| wide");
    BOOST_TEST(word("'the dog's bone' x") == "quoted the dog's bone| x");
}

BOOST_AUTO_TEST_CASE(a_single_quote_that_is_never_closed_is_an_apostrophe_and_a_double_one_is_open)
{
    BOOST_TEST(word("'tis true") == "'tis| true");
    BOOST_TEST(word("“tis true") == "open quote|“tis true");
    BOOST_TEST(word("\"a\"b") == "open quote|\"a\"b");
    BOOST_TEST(word("\"") == "open quote|\"");
}

BOOST_AUTO_TEST_CASE(a_backslash_makes_a_quote_a_letter_and_nothing_else)
{
    BOOST_TEST(word(R"("a \" b" c)") == "quoted a \" b| c");
    BOOST_TEST(word(R"("C:\dir" c)") == R"(quoted C:\dir| c)");
    BOOST_TEST(word(R"("a \\" c)") == R"(quoted a \| c)");
    BOOST_TEST(word(R"(a\ b)") == R"(a\| b)");
}

BOOST_AUTO_TEST_CASE(an_option_begins_with_two_dashes_or_what_phones_make_of_them)
{
    BOOST_TEST(option("--kind x") == "kind| x");
    BOOST_TEST(option("—kind x") == "kind| x");
    BOOST_TEST(option("–kind=x") == "kind|=x");
    BOOST_TEST(option("-k") == "no option|-k");
    BOOST_TEST(option("--5") == "no option|--5");
    BOOST_TEST(option("–5") == "no option|–5");
    BOOST_TEST(option("--") == "no option|--");
    BOOST_TEST(option("") == "no option|");
}

BOOST_AUTO_TEST_CASE(two_dashes_alone_end_the_options)
{
    BOOST_TEST(ends_options("-- x"));
    BOOST_TEST(ends_options("—"));
    BOOST_TEST(!ends_options("--x"));
    BOOST_TEST(!ends_options("x"));
    BOOST_TEST(!ends_options(""));
}

BOOST_AUTO_TEST_SUITE_END()
