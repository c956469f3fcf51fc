#include "postern/bot/hear/letters.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::matching;

BOOST_AUTO_TEST_SUITE(letters)

BOOST_AUTO_TEST_CASE(latin_greek_and_cyrillic_fold_to_small_letters)
{
    BOOST_TEST(folded("ECHO Zz09_/") == "echo zz09_/");
    BOOST_TEST(folded("ÄÖÜÉÇÑ×ß") == "äöüéçñ×ß");
    BOOST_TEST(folded("ŁŻĆŠŸĐ") == "łżćšÿđ");
    BOOST_TEST(folded("ΑΒΓΣΩς") == "αβγσωσ");
    BOOST_TEST(folded("ПРИВЕТ ЁЇ") == "привет ёї");
    BOOST_TEST(folded("日本 🙂") == "日本 🙂");
}

BOOST_AUTO_TEST_CASE(folding_leaves_bytes_that_are_no_utf8_alone)
{
    BOOST_TEST(folded("A\xFF\xC3") == "a\xFF\xC3");
}

BOOST_AUTO_TEST_CASE(trimming_takes_ascii_and_unicode_white_space_off_the_ends_only)
{
    BOOST_TEST(trimmed(" \t\r\n\u00A0\u3000a  b\u200B\uFEFF ") == "a  b");
    BOOST_TEST(trimmed("\u00A0 ") == "");
    BOOST_TEST(trimmed("") == "");
    BOOST_TEST(single_spaced(" \u00A0show\n\t status  ") == "show status");
    BOOST_TEST(single_spaced(" \n") == "");
}

BOOST_AUTO_TEST_SUITE_END()
