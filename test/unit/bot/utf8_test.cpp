#include "postern/bot/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::matching;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(every_code_point_survives_being_written_and_taken)
{
    for (char32_t code = 0; code <= 0x10FFFF; ++code)
    {
        if (code == 0xD800)
            code = 0xE000;
        std::string text;
        append_utf8(text, code);
        std::string_view rest = text;
        const char32_t taken = take_code_point(rest);
        BOOST_REQUIRE(taken == code && rest.empty());
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_taken_one_by_one)
{
    // overlong "/", a surrogate, beyond Unicode, cut short, a lone continuation
    for (const std::string_view bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80",
                                       "\xFF", "\xE0\x80\x80", "\xF0\x80\x80\x80"})
    {
        std::string_view rest = bad;
        BOOST_TEST(static_cast<unsigned>(take_code_point(rest)) ==
                   0xDC00u + static_cast<unsigned char>(bad.front()));
        BOOST_TEST(rest.size() == bad.size() - 1);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_character_is_written_as_the_replacement_character)
{
    std::string text;
    append_utf8(text, 0xD800);
    append_utf8(text, 0x110000);
    BOOST_TEST(text == "\uFFFD\uFFFD");
}

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
