#include "postern/base/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;

// The computed vectors of protocol/webex-rest.md 3.2, and the lengths of its table.
BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(known_ids_are_built_and_read_exactly)
{
    const std::pair<public_id, std::string> rows[] = {
        {{"us", "PEOPLE", "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10"},
         "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA"},
        {{"us", "ROOM", "a96861e0-ff8c-11f0-8b2a-6d4e5f601723"},
         "Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz"},
        {{"urn:TEAM:us-west-2_r", "ROOM", "a96861e0-ff8c-11f0-8b2a-6d4e5f601723"},
         "Y2lzY29zcGFyazovL3VybjpURUFNOnVzLXdlc3QtMl9yL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzI"
         "z"},
        {{"urn:TEAM:eu-central-1_k", "MESSAGE", "108ec950-072a-11f1-b1c7-3e5d7f902b46"},
         "Y2lzY29zcGFyazovL3VybjpURUFNOmV1LWNlbnRyYWwtMV9rL01FU1NBR0UvMTA4ZWM5NTAtMDcyYS0xMWYxLWIxYzctM2U1ZDd"
         "mOTAyYjQ"
         "2"},
        {{"us", "MEMBERSHIP", "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10:a96861e0-ff8c-11f0-8b2a-6d4e5f601723"},
         "Y2lzY29zcGFyazovL3VzL01FTUJFUlNISVAvMWI2ZjBjNTItN2QwZS00YjFhLTljNTUtMmYzYThlNmQ0YzEwOmE5Njg2MWUwLWZ"
         "mOGMtMTFm"
         "MC04YjJhLTZkNGU1ZjYwMTcyMw"},
        {{"us", "CONTENT", "108ec950-072a-11f1-b1c7-3e5d7f902b46/0"},
         "Y2lzY29zcGFyazovL3VzL0NPTlRFTlQvMTA4ZWM5NTAtMDcyYS0xMWYxLWIxYzctM2U1ZDdmOTAyYjQ2LzA"},
        {{"us", "ORGANIZATION", "consumer"}, "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9jb25zdW1lcg"},
    };
    for (const auto& [parts, text] : rows)
    {
        BOOST_TEST(format_id(parts) == text);
        const auto read = parse_id(text);
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST((*read == parts));
    }
    BOOST_TEST(format_id({"us", "PEOPLE", std::string(36, 'a')}).size() == 79u);
    BOOST_TEST(format_id({"urn:TEAM:us-west-2_r", "MESSAGE", std::string(36, 'a')}).size() == 104u);
}

BOOST_AUTO_TEST_CASE(padding_and_the_other_alphabet_are_accepted_on_input)
{
    const auto plain = parse_id("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9jb25zdW1lcg");
    BOOST_TEST((parse_id("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9jb25zdW1lcg==") == plain));
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_stays_opaque)
{
    for (const std::string text : {"", "x", "===", "not base64!", "Y2lzY29zcGFyazovLw", "aGVsbG8gd29ybGQ",
                                   "Y2lzY29zcGFyazovL3VzL1JPT00", "Y2lzY29zcGFyazovL3VzL1JPT00v"})
        BOOST_TEST(!parse_id(text).has_value(), text);
    BOOST_TEST(uuid_of("opaque") == "opaque");
}

BOOST_AUTO_TEST_CASE(the_uuid_is_the_part_that_both_apis_share)
{
    BOOST_TEST(uuid_of(format_id({"us", "CONTENT", "108ec950-072a-11f1-b1c7-3e5d7f902b46/0"})) ==
               "108ec950-072a-11f1-b1c7-3e5d7f902b46");
    const auto membership = parse_id(format_id({"us", "MEMBERSHIP", "person:room"}));
    BOOST_TEST_REQUIRE(membership.has_value());
    const auto halves = parse_membership(*membership);
    BOOST_TEST_REQUIRE(halves.has_value());
    BOOST_TEST(halves->person == "person");
    BOOST_TEST(halves->room == "room");
    BOOST_TEST(!parse_membership({"us", "ROOM", "person:room"}).has_value());
    BOOST_TEST(!parse_membership({"us", "MEMBERSHIP", "person"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
