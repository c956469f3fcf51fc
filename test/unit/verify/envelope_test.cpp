#include "postern/verify/envelope.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using postern::verify::canonical_data;
using postern::verify::read_envelope;

namespace {

postern::verify::envelope read(std::string_view text)
{
    boost::system::error_code ec;
    auto found = read_envelope(text, ec);
    BOOST_TEST(!ec, text << ": " << ec.message());
    return found;
}

bool is_json(std::string_view text)
{
    boost::system::error_code ec;
    read_envelope(text, ec);
    return !ec;
}

} // namespace

BOOST_AUTO_TEST_SUITE(envelope)

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_found_wherever_it_stands)
{
    const auto e = read(R"({"data":{"roomId":"R","x":[1,{"id":"no"}],"id":"M","updated":"u","created":"c"},
        "id":"webhook","event":"created","actorId":"A","resource":"messages"})");
    BOOST_TEST(e.is_object);
    BOOST_TEST(e.resource == "messages");
    BOOST_TEST(e.event == "created");
    BOOST_TEST(e.actor_id == "A");
    BOOST_TEST(e.has_data);
    BOOST_TEST(e.data.id == "M");
    BOOST_TEST(e.data.room_id == "R");
    BOOST_TEST(e.data.created == "c");
    BOOST_TEST(e.data.updated == "u");
}

BOOST_AUTO_TEST_CASE(the_same_names_elsewhere_are_not_meant)
{
    const auto e = read(R"({"other":{"resource":"x","data":{"id":"x"}},"list":[{"id":"x","actorId":"x"}],
        "data":{"deep":{"id":"x","roomId":"x","data":{"created":"x"}},"list":["id","created"]},
        "created":"x","roomId":"x"})");
    BOOST_TEST(e.resource.empty());
    BOOST_TEST(e.actor_id.empty());
    BOOST_TEST(e.has_data);
    BOOST_TEST(e.data.id.empty());
    BOOST_TEST(e.data.room_id.empty());
    BOOST_TEST(e.data.created.empty());
}

BOOST_AUTO_TEST_CASE(escapes_are_read_in_names_and_in_values)
{
    const auto e =
        read(R"({"reso\u0075rce":"mess\u0061ges\n","d\u0061ta":{"\u0069d":"M\\\u00e9\ud83d\ude00"}})");
    BOOST_TEST(e.resource == "messages\n");
    BOOST_TEST(e.has_data);
    BOOST_TEST(e.data.id == "M\\\xc3\xa9\xf0\x9f\x98\x80");
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_none)
{
    for (const auto* value :
         {"1", "-1.5e3", "18446744073709551615", "true", "null", "{}", R"({"id":"x"})", R"(["x"])", "[]"})
    {
        const auto e = read(R"({"resource":)" + std::string(value) + R"(,"event":"created","data":{"id":)" +
                            value + "}}");
        BOOST_TEST(e.resource.empty(), value);
        BOOST_TEST(e.event == "created", value);
        BOOST_TEST(e.has_data, value);
        BOOST_TEST(e.data.id.empty(), value);
    }
}

BOOST_AUTO_TEST_CASE(of_two_members_of_one_name_the_last_one_counts)
{
    BOOST_TEST(read(R"({"resource":"a","resource":"b"})").resource == "b");
    BOOST_TEST(read(R"({"resource":"a","resource":3})").resource.empty());
    const auto e = read(R"({"data":{"id":"1","roomId":"R"},"data":{"id":"2","id":"3"}})");
    BOOST_TEST(e.data.id == "3");
    BOOST_TEST(e.data.room_id.empty());
    BOOST_TEST(!read(R"({"data":{"id":"1"},"data":[]})").has_data);
    BOOST_TEST(!read(R"({"data":{"id":"1"},"data":{}})").has_data);
    BOOST_TEST(read(R"({"data":{"id":"1"},"data":{}})").data.id.empty());
}

BOOST_AUTO_TEST_CASE(only_an_object_is_an_envelope)
{
    for (const auto* text :
         {"[]", R"(["resource"])", R"([{"resource":"x","data":{"id":"M"}}])", "1", "null", R"("resource")"})
    {
        const auto e = read(text);
        BOOST_TEST(!e.is_object, text);
        BOOST_TEST(!e.has_data, text);
        BOOST_TEST(e.resource.empty(), text);
    }
    BOOST_TEST(read(" {} ").is_object);
}

BOOST_AUTO_TEST_CASE(all_of_the_text_must_be_json_of_bounded_depth)
{
    BOOST_TEST(is_json("{}\r\n\t "));
    for (const auto* text : {"", " ", "{", "{}x", "{}{}", R"({"a":1,})", R"({'a':1})", "{\"a\":\"\xff\"}",
                             "{\"a\":\"\n\"}", R"({"a":01})", "// no\n{}", R"({"resource":"x")"})
        BOOST_TEST(!is_json(text), text);
    const std::string deep(1000, '[');
    BOOST_TEST(!is_json(deep + std::string(1000, ']')));
}

BOOST_AUTO_TEST_CASE(equal_data_is_equal_text)
{
    BOOST_TEST(
        canonical_data(R"({"data":{"id":"M","n":[1,2]},"name":"one"})") ==
        canonical_data("{ \"name\" : \"two\", \"data\" : { \"id\" : \"\\u004d\", \"n\" : [ 1, 2 ] } }"));
    BOOST_TEST(canonical_data(R"({"data":{"id":"M"}})") != canonical_data(R"({"data":{"id":"N"}})"));
    BOOST_TEST(canonical_data("{}").empty());
}

BOOST_AUTO_TEST_SUITE_END()
