#include "postern/base/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

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

BOOST_AUTO_TEST_CASE(what_is_well_formed_is_told_from_what_is_not)
{
    for (const std::string_view good : {"", "plain", "é ☕ 🙂", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
        BOOST_TEST(is_utf8(good), good);
    for (const std::string_view bad :
         {"\xC0\xAF", "a\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "ok\xFF"})
        BOOST_TEST(!is_utf8(bad));
    BOOST_TEST(utf8_of_latin1("caf\xE9") == "café");
}

BOOST_AUTO_TEST_SUITE_END()
