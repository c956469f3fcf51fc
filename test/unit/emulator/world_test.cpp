// The small parts the world is made of.

#include "postern/base/utf8.hpp"
#include "postern/emulator/public_ids.hpp"
#include "postern/emulator/time_uuid.hpp"
#include "postern/emulator/world.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace postern;
using namespace postern::emulator;

BOOST_AUTO_TEST_SUITE(world)

BOOST_AUTO_TEST_CASE(time_uuids_are_of_version_1_and_never_equal)
{
    time_uuids uuids;
    const auto now = *parse_time("2026-02-11T09:14:27.318Z");
    std::set<std::string> all;
    for (int i = 0; i < 1000; ++i)
    {
        const auto uuid = uuids.next(i == 500 ? wall_time{} : now); // the clock may even go back
        BOOST_TEST_REQUIRE(looks_like_uuid(uuid));
        BOOST_TEST_REQUIRE(uuid[14] == '1');
        BOOST_TEST_REQUIRE(std::string_view("89ab").find(uuid[19]) != std::string_view::npos);
        all.insert(uuid);
    }
    BOOST_TEST(all.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(a_time_uuid_holds_its_time)
{
    // RFC 4122 counts 100 ns from 1582-10-15; the Unix epoch is 0x01b21dd213814000 of them later.
    BOOST_TEST(time_uuids().next(wall_time{}).starts_with("13814000-1dd2-11b2-"));
}

BOOST_AUTO_TEST_CASE(ids_have_the_documented_form)
{
    message m;
    m.uuid = "108ec950-072a-11f1-b1c7-3e5d7f902b46";
    m.cluster = "urn:TEAM:eu-central-1_k";
    BOOST_TEST(id_of(m) ==
               "Y2lzY29zcGFyazovL3VybjpURUFNOmV1LWNlbnRyYWwtMV9rL01FU1NBR0UvMTA4ZWM5NTAtMDcyYS0xMWYxLWIx"
               "YzctM2U1ZDdmOTAyYjQ2");
    m.cluster = "us";
    BOOST_TEST(content_id(m, 0) ==
               "Y2lzY29zcGFyazovL3VzL0NPTlRFTlQvMTA4ZWM5NTAtMDcyYS0xMWYxLWIxYzctM2U1ZDdmOTAyYjQ2LzA");
    membership in;
    in.cluster = "us";
    in.person = "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10";
    in.room = "a96861e0-ff8c-11f0-8b2a-6d4e5f601723";
    BOOST_TEST(id_of(in) == "Y2lzY29zcGFyazovL3VzL01FTUJFUlNISVAvMWI2ZjBjNTItN2QwZS00YjFhLTljNTUtMmYzYThlNmQ0"
                            "YzEwOmE5Njg2MWUwLWZmOGMt"
                            "MTFmMC04YjJhLTZkNGU1ZjYwMTcyMw");
}

BOOST_AUTO_TEST_CASE(references_are_ids_of_the_right_type_or_bare_uuids)
{
    const auto id = person_id("1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10");
    BOOST_TEST(*read_reference(id, "PEOPLE")->cluster == "us");
    BOOST_TEST(!read_reference("1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10", "PEOPLE")->cluster.has_value());
    BOOST_TEST(read_reference(id, "ROOM").error().status == 404u);
    for (const auto* wrong : {"", "x", "====", "Y2lzY29zcGFyazovL3Vz", "\xff\xfe"})
        BOOST_TEST(read_reference(wrong, "PEOPLE").error().status == 400u);
}

BOOST_AUTO_TEST_CASE(nobody_has_anothers_address_or_name)
{
    emulator::world w;
    const auto org = w.add(organisation{{}, "o", "us"}).uuid;
    person p;
    p.name = "a";
    p.org = org;
    p.email = "A@x.example";
    BOOST_TEST(w.add(p).has_value());
    p.name = "b";
    BOOST_TEST(w.add(p).error().status == 409u);
    p.name = "a";
    p.email = "b@x.example";
    BOOST_TEST(w.add(p).error().status == 409u);
    BOOST_TEST(w.person_by_email("a@X.EXAMPLE")->name == "a");
}

BOOST_AUTO_TEST_CASE(only_well_formed_utf8_passes)
{
    for (const auto* good :
         {"", "a", "caf\xc3\xa9", "\xe2\x98\x95", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
        BOOST_TEST(is_utf8(good));
    for (const auto* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80", "\xe2\x98", "a\xff"})
        BOOST_TEST(!is_utf8(bad));
}

BOOST_AUTO_TEST_SUITE_END()
