#include "postern/emulator/canonical_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace postern;
using namespace postern::emulator;

namespace {

namespace json = boost::json;

std::string again(std::string_view text) { return to_js_json(json::parse(text)); }

} // namespace

BOOST_AUTO_TEST_SUITE(canonical_json)

BOOST_AUTO_TEST_CASE(members_keep_their_order_and_no_whitespace_is_written)
{
    BOOST_TEST(again(R"( { "z" : [ 1 , true , false , null ] , "a" : { } , "b" : [ ] } )") ==
               R"({"z":[1,true,false,null],"a":{},"b":[]})");
}

BOOST_AUTO_TEST_CASE(slashes_and_everything_outside_ascii_stay_as_they_are)
{
    BOOST_TEST(
        again(
            R"({"url":"https:\/\/x\/y","name":"caf\u00e9 \u2615 \ud83d\ude00","line":"\u2028","del":"\u007f"})") ==
        "{\"url\":\"https://x/y\",\"name\":\"café ☕ 😀\",\"line\":\"\u2028\",\"del\":\"\x7f\"}");
}

BOOST_AUTO_TEST_CASE(control_characters_are_short_escapes_or_lower_case_hex)
{
    BOOST_TEST(again(R"("\" \\ \b \f \n \r \t \u0000 \u000B \u001F")") ==
               R"("\" \\ \b \f \n \r \t \u0000 \u000b \u001f")");
}

BOOST_AUTO_TEST_CASE(names_of_members_are_escaped_like_texts)
{
    BOOST_TEST(again(R"({"a\"\n\/":1})") == R"({"a\"\n/":1})");
}

BOOST_AUTO_TEST_CASE(numbers_look_as_javascript_prints_them)
{
    BOOST_TEST(again("[0,-0,-0.0,7,-7,9007199254740992,-9007199254740992]") ==
               "[0,0,0,7,-7,9007199254740992,-9007199254740992]");
    BOOST_TEST(again("[1.0,1e3,1.5,-2.25,0.1,100.125,123456789.5]") ==
               "[1,1000,1.5,-2.25,0.1,100.125,123456789.5]");
    BOOST_TEST(again("[1e20,1e21,1.5e21]") == "[100000000000000000000,1e+21,1.5e+21]");
    BOOST_TEST(to_js_json(123456789012345678901234.0) == "1.2345678901234569e+23");
    BOOST_TEST(again("[0.000001,0.0000001,1.25e-7,0.00001234]") == "[0.000001,1e-7,1.25e-7,0.00001234]");
    BOOST_TEST(to_js_json(13894898132.36589) == "13894898132.36589");
    BOOST_TEST(to_js_json(4.665592998748247e-15) == "4.665592998748247e-15");
    BOOST_TEST(to_js_json(3604608.0) == "3604608");
    BOOST_TEST(to_js_json(0.1 + 0.2) == "0.30000000000000004");
    BOOST_TEST(to_js_json(5e-324) == "5e-324");
    BOOST_TEST(to_js_json(1.7976931348623157e308) == "1.7976931348623157e+308");
}

BOOST_AUTO_TEST_CASE(integers_that_javascript_cannot_hold_are_the_nearest_it_can)
{
    BOOST_TEST(again("9007199254740993") == "9007199254740992");
    BOOST_TEST(to_js_json(std::numeric_limits<std::int64_t>::min()) == "-9223372036854776000");
    BOOST_TEST(to_js_json(std::numeric_limits<std::uint64_t>::max()) == "18446744073709552000");
    BOOST_TEST(to_js_json(std::uint64_t{42}) == "42");
}

BOOST_AUTO_TEST_CASE(numbers_that_json_cannot_say_become_null)
{
    BOOST_TEST(to_js_json(std::numeric_limits<double>::infinity()) == "null");
    BOOST_TEST(to_js_json(std::numeric_limits<double>::quiet_NaN()) == "null");
}

BOOST_AUTO_TEST_CASE(members_named_like_array_indices_come_first_as_in_javascript)
{
    BOOST_TEST(again(R"({"b":1,"10":2,"2":3,"01":4,"a":5,"4294967295":6,"4294967294":7,"-1":8,"":9})") ==
               R"({"2":3,"10":2,"4294967294":7,"b":1,"01":4,"a":5,"4294967295":6,"-1":8,"":9})");
}

BOOST_AUTO_TEST_CASE(a_webhook_envelope_survives_byte_for_byte)
{
    const std::string body =
        R"({"id":"W2","name":"café ☕","resource":"rooms","event":"updated","data":{"id":"R1"}})";
    BOOST_TEST(again(body) == body);
}

BOOST_AUTO_TEST_SUITE_END()
