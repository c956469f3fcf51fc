#include "audit_scene.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include <sys/stat.h>

using namespace postern;
using namespace postern::test;
using how = guard::audit_memory::how;

namespace {

guard::audit_memory memory()
{
    guard::audit_memory m;
    m.basis = "basis";
    m.begun = *parse_time("2026-02-11T12:00:00.125Z");
    m.good = {room_id("hall"), room_id("pond")};
    guard::audited_room yard;
    yard.room = room_id("yard");
    yard.title = "The \"yard\"\n\x1b[2J \xc3\xa4";
    yard.type = "group";
    yard.action = "left";
    yard.finding.reason = "1 of 2 members does not belong here";
    yard.finding.outsiders = {{"p1", "eve@c.example", "m1", guard::standing::outsider},
                              {"p2", "", "m2", guard::standing::guest}};
    m.bad.emplace(yard.room, guard::audit_memory::bad_room{yard, how::under_way});
    auto nook = yard;
    nook.room = room_id("nook");
    nook.mended = true;
    m.bad.emplace(nook.room, guard::audit_memory::bad_room{nook, how::mended});
    return m;
}

} // namespace

BOOST_AUTO_TEST_SUITE(audit_file)

BOOST_AUTO_TEST_CASE(what_was_written_is_read)
{
    const folder files;
    const auto path = files.path + "/new/audit-progress.json";
    BOOST_TEST(!guard::read_audit_file(path).has_value());
    BOOST_TEST(guard::write_audit_file(path, memory()).has_value());
    const auto back = guard::read_audit_file(path);
    BOOST_TEST_REQUIRE(back.has_value());
    BOOST_TEST(to_text(*back) == to_text(memory()));
    BOOST_TEST((back->begun == memory().begun));
    BOOST_TEST(back->good == memory().good, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(back->bad.size() == 2u);
    const auto& yard = back->bad.at(room_id("yard"));
    BOOST_TEST((yard.stands == how::under_way));
    BOOST_TEST(!yard.room.mended);
    BOOST_TEST(yard.room.title == memory().bad.at(room_id("yard")).room.title);
    BOOST_TEST_REQUIRE(yard.room.finding.outsiders.size() == 2u);
    BOOST_TEST((yard.room.finding.outsiders[1].as == guard::standing::guest));
    BOOST_TEST(back->bad.at(room_id("nook")).room.mended);

    BOOST_TEST(guard::remove_audit_file(path).has_value());
    BOOST_TEST(!guard::read_audit_file(path).has_value());
    BOOST_TEST(guard::remove_audit_file(path).has_value());
}

BOOST_AUTO_TEST_CASE(it_is_for_our_eyes_only)
{
    const folder files;
    const auto path = files.path + "/new/audit-progress.json";
    BOOST_TEST(guard::write_audit_file(path, memory()).has_value());
    struct stat s
    {
    };
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &s) == 0);
    BOOST_TEST((s.st_mode & 0777) == 0600u);
    BOOST_TEST_REQUIRE(::stat((files.path + "/new").c_str(), &s) == 0);
    BOOST_TEST((s.st_mode & 0777) == 0700u);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_none_is_an_error_that_names_it)
{
    const folder files;
    const auto done = guard::write_audit_file(files.file("f", "", 0600) + "/x.json", memory());
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST(has(describe(done.error()), files.path));
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_progress)
{
    const auto good = to_text(memory());
    for (std::size_t i = 0; i + 2 < good.size(); i += 7)
        BOOST_TEST(!guard::parse_audit_memory(good.substr(0, i)).has_value());
    const auto with = [&good](const std::string& what, const std::string& instead) {
        auto text = good;
        const auto at = text.find(what);
        BOOST_TEST_REQUIRE(at != text.npos);
        return text.replace(at, what.size(), instead);
    };
    for (const auto& text :
         {std::string("null"), std::string("[]"), std::string("{}"), with("\"version\":1", "\"version\":2"),
          with("2026-02-11T12:00:00.125Z", "yesterday"), with("\"good\":[", "\"good\":[null,"),
          with("\"bad\":[", "\"bad\":[{},"), with("\"under way\"", "\"no such\""),
          with("\"room\":\"" + room_id("yard"), "\"room\":\"\",\"was\":\"")})
        BOOST_TEST(!guard::parse_audit_memory(text).has_value(), text);
    BOOST_TEST(guard::parse_audit_memory(good).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
