#include "postern/source/tunnel/redaction.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;

namespace {

using hider = redaction; // the suite below has the class's name

hider hiding(std::string text)
{
    hider h;
    h.hide(secret(std::move(text)));
    return h;
}

} // namespace

BOOST_AUTO_TEST_SUITE(redaction)

BOOST_AUTO_TEST_CASE(a_secret_is_hidden_wherever_it_stands)
{
    BOOST_TEST(hiding("2abcDEF")("a 2abcDEF b2abcDEF2abcDEF") == "a *** b******");
}

BOOST_AUTO_TEST_CASE(a_token_that_we_were_not_told_is_hidden_behind_its_label)
{
    const hider h;
    BOOST_TEST(h("Your authtoken: 2xyz\r\nInstructions") == "Your authtoken: ***\r\nInstructions");
    BOOST_TEST(h(R"({"err":"Your authtoken: 2xyz\r\nmore"})") == R"({"err":"Your authtoken: ***\r\nmore"})");
    BOOST_TEST(h("AUTHTOKEN=2xyz authtoken=\"3abc\"") == "AUTHTOKEN=*** authtoken=\"***\"");
    BOOST_TEST(h("authtoken:") == "authtoken:");
    BOOST_TEST(h("the authtoken you specified") == "the authtoken you specified");
}

BOOST_AUTO_TEST_CASE(what_is_too_short_to_be_a_secret_hides_nothing)
{
    BOOST_TEST(hiding("abc")("abc") == "abc");
    BOOST_TEST(hiding("")("abc") == "abc");
}

BOOST_AUTO_TEST_SUITE_END()
