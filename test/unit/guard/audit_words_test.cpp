#include "audit_scene.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;

namespace {

guard::audit_report report()
{
    guard::audit_report r;
    r.rooms = r.looked_at = 12;
    r.complete = true;
    r.failures = 1;
    guard::audited_room yard;
    yard.room = room_id("yard");
    yard.title = "J\xc3\xa4ger \x1b[2J";
    yard.type = "group";
    yard.finding.reason = "1 of 3 members does not belong here";
    yard.finding.outsiders = {{person_id("eve@c"), "eve@c.example", "m", guard::standing::outsider},
                              {person_id("gus@x"), "", "m", guard::standing::guest}};
    yard.action = "left";
    yard.mended = true;
    auto pond = yard;
    pond.room = room_id("pond");
    pond.title = "";
    pond.finding.outsiders.assign(5, yard.finding.outsiders[0]);
    pond.action = "would leave";
    pond.mended = false;
    auto nook = yard;
    nook.room = room_id("nook");
    nook.title = "Eve";
    nook.type = "direct";
    nook.action = "";
    nook.mended = false;
    nook.failed = "it is direct, and can't be left: refused by Webex";
    r.bad = {yard, pond, nook};
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(audit_words)

BOOST_AUTO_TEST_CASE(a_person_reads_a_table_the_failures_and_one_line_that_says_it_all)
{
    const auto text = tell(report());
    BOOST_TEST(text == "TITLE          TYPE    ROOM                                  ACTION       OUTSIDERS\n"
                       "J\xc3\xa4ger \\x1b[2J  group   " +
                           uuid_for("yard") + "  left         eve@c.example, person " + uuid_for("gus@x") +
                           " (guest)\n"
                           "(no title)     group   " +
                           uuid_for("pond") +
                           "  would leave  eve@c.example, eve@c.example, eve@c.example and 2 more\n"
                           "Eve            direct  " +
                           uuid_for("nook") + "  FAILED       eve@c.example, person " + uuid_for("gus@x") +
                           " (guest)\n\n"
                           "failed: Eve (" +
                           uuid_for("nook") +
                           "): it is direct, and can't be left: refused by Webex\n"
                           "12 rooms looked at: 3 are bad, 1 mended, 1 failed\n");
}

BOOST_AUTO_TEST_CASE(nothing_bad_is_one_line)
{
    guard::audit_report r;
    r.rooms = r.looked_at = 1;
    r.complete = true;
    BOOST_TEST(tell(r) == "1 room looked at: none is bad\n");
    r.complete = false;
    r.rooms = 2000;
    r.looked_at = 840;
    BOOST_TEST(tell(r) == "cut short, 840 of 2000 rooms looked at: none is bad\n");
}

BOOST_AUTO_TEST_CASE(a_program_reads_one_object)
{
    BOOST_TEST(to_json(guard::audit_report()) ==
               R"({"rooms":0,"lookedAt":0,"complete":false,"failures":0,"bad":[]})");
    auto r = report();
    r.bad.resize(1);
    BOOST_TEST(to_json(r) ==
               R"({"rooms":12,"lookedAt":12,"complete":true,"failures":1,"bad":[{"room":")" +
                   room_id("yard") +
                   R"(","title":"J)"
                   "\xc3\xa4"
                   R"(ger \\x1b[2J","type":"group","reason":"1 of 3 members does not belong here",)"
                   R"("outsiders":[{"person":")" +
                   person_id("eve@c") + R"(","email":"eve@c.example","guest":false},{"person":")" +
                   person_id("gus@x") +
                   R"(","email":"","guest":true}],"action":"left","mended":true,"failed":""}]})");
}

BOOST_AUTO_TEST_SUITE_END()
