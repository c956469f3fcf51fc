#include "postern/bot/no_code/program_output.hpp"

#include <boost/test/unit_test.hpp>

using writing = postern::no_code::program_output;

BOOST_AUTO_TEST_SUITE(program_output)

BOOST_AUTO_TEST_CASE(what_is_written_is_said_line_by_line)
{
    writing it(100, 1000);
    it.out("one");
    it.out("");
    it.out("  two");
    it.out("");
    BOOST_TEST(it.said().text == "one\n\n  two");
    BOOST_TEST(!it.said().cut);
    BOOST_TEST(!it.flooded());
}

BOOST_AUTO_TEST_CASE(a_long_output_is_cut_between_two_characters)
{
    writing it(6, 1000);
    it.out("ab€");
    it.out("€€€");
    BOOST_TEST(it.said().text == "ab€");
    BOOST_TEST(it.said().cut);

    writing half(4, 1000);
    half.out("ab€d");
    BOOST_TEST(half.said().text == "ab");
    BOOST_TEST(half.said().cut);
}

BOOST_AUTO_TEST_CASE(an_output_that_just_fits_is_not_cut)
{
    writing it(3, 1000);
    it.out("abc");
    BOOST_TEST(it.said().text == "abc");
    BOOST_TEST(!it.said().cut);
}

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_becomes_utf_8_and_control_characters_go)
{
    writing it(100, 1000);
    it.out(std::string_view("a\xff\0b\x1b[31m\tc", 11));
    BOOST_TEST(it.said().text == "a\uFFFDb[31m\tc");
}

BOOST_AUTO_TEST_CASE(a_flood_is_seen_whichever_stream_it_comes_from)
{
    writing it(10, 100);
    for (int i = 0; i < 10; ++i)
        it.err("123456789");
    BOOST_TEST(!it.flooded());
    it.out("");
    BOOST_TEST(it.flooded());
}

BOOST_AUTO_TEST_CASE(the_last_error_with_words_in_it_is_kept)
{
    writing it(100, 1000);
    it.err("first");
    it.err("  no such disk ");
    it.err("   ");
    BOOST_TEST(it.last_error() == "no such disk");
}

BOOST_AUTO_TEST_SUITE_END()
