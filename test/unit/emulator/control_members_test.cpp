// People of several kinds, who is in which room, and many of both.

#include "mercury_fixture.hpp"

#include "postern/base/ids.hpp"

#include <boost/json/serialize.hpp>

#include <fstream>
#include <iterator>
#include <set>

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct members_fixture : mercury_fixture
{
    answered command(std::string path, const json::value& body, std::string method = "POST")
    {
        return cloud_fixture::control(std::move(method), std::move(path), body);
    }
    // All pages, as a client walks through them.
    json::array walk(std::string_view as, std::string path, std::size_t* pages = nullptr)
    {
        json::array all;
        for (std::size_t page = 1;; ++page)
        {
            const auto a = get(as, path);
            BOOST_TEST_REQUIRE(a.status == 200u);
            for (const auto& item : a.items())
                all.push_back(item);
            if (pages)
                *pages = page;
            const auto link = a.header("Link");
            if (link.empty())
                return all;
            const auto from = link.find("/v1") + 3;
            path = link.substr(from, link.find('>') - from);
        }
    }
    json::object membership(std::string_view room, std::string_view who)
    {
        const auto found = get("alice", "/memberships?roomId=" + std::string(room) + "&personId=" + id(who));
        return found.items().empty() ? json::object() : found.items()[0].as_object();
    }
    // "memberships/created by alice, rooms/updated by alice"
    std::string told(const answered& a)
    {
        std::string all;
        for (std::size_t i = 0; i < a.deliveries.size(); ++i)
        {
            const auto e = a.event(i);
            all += (i == 0 ? "" : ", ") + text_or(e, "resource") + '/' + text_or(e, "event") + " by ";
            for (const auto* name : {"alice", "bob", "carol", "bot"})
                if (text_or(e, "actorId") == id(name))
                    all += name;
        }
        return all;
    }
    json::object heard_activity(socket_id socket)
    {
        return hear(socket).at("data").at("activity").as_object();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(control_members, members_fixture)

BOOST_AUTO_TEST_CASE(a_guest_has_no_organisation_of_his_own)
{
    const auto gina = command("/people", {{"name", "gina"}, {"organisation", "consumer"}});
    BOOST_TEST_REQUIRE(gina.status == 200u);
    BOOST_TEST(gina.text("orgId") == "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9jb25zdW1lcg");
    BOOST_TEST(gina.text("type") == "person");
    BOOST_TEST(gina.text("token").ends_with("_PF84_consumer"));
    BOOST_TEST(command("/members", {{"room", "Night shift"}, {"person", "gina"}}).status == 200u);
    BOOST_TEST(text_or(membership(night_shift(), "gina"), "personOrgId") == gina.text("orgId"));
    BOOST_TEST(get("bot", "/people/" + gina.text("id")).text("orgId") == gina.text("orgId"));
    BOOST_TEST(get("alice", "/people?email=gina@example.com").items().empty());
    BOOST_TEST(command("/organisations", {{"name", "consumer"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(app_users_and_bots_of_other_organisations_are_told_apart)
{
    BOOST_TEST(command("/people", {{"name", "app"}, {"type", "appuser"}}).text("type") == "appuser");
    const auto robot = command("/bots", {{"name", "robot"}, {"organisation", "Elsewhere"}});
    const auto seen = get("bot", "/people/" + robot.text("id"));
    BOOST_TEST(seen.text("type") == "bot");
    BOOST_TEST(seen.text("orgId") == get("alice", "/people/" + id("carol")).text("orgId"));
    BOOST_TEST(command("/people", {{"name", "x"}, {"type", "bot"}}).status == 400u);
    BOOST_TEST(command("/people", {{"name", "x"}, {"type", "cat"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_compliance_account_is_a_monitor_in_its_rooms)
{
    command("/people", {{"name", "auditor"}, {"monitor", true}});
    command("/members", {{"room", "Night shift"}, {"person", "auditor"}});
    BOOST_TEST(membership(night_shift(), "auditor").at("isMonitor").as_bool());
    BOOST_TEST(!membership(night_shift(), "bob").at("isMonitor").as_bool());
    BOOST_TEST(command("/people", {{"name", "x"}, {"monitor", 1}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(somebody_is_added_and_removed_by_others_and_leaves_by_himself)
{
    hook("bot", "memberships", "all");
    const auto added = command("/members", {{"room", "Night shift"}, {"person", "carol"}, {"by", "bob"}});
    BOOST_TEST(told(added) == "memberships/created by bob");
    BOOST_TEST(text_or(added.event(0).at("data").as_object(), "personId") == id("carol"));
    BOOST_TEST(command("/members", {{"room", "Night shift"}, {"person", "carol"}}).status == 409u);
    const json::object removal{{"room", "Night shift"}, {"person", "carol"}, {"by", "alice"}};
    BOOST_TEST(told(command("/members", removal, "DELETE")) == "memberships/deleted by alice");
    BOOST_TEST(command("/members", removal, "DELETE").status == 404u);
    command("/members", {{"room", night_shift()}, {"person", "carol"}});
    BOOST_TEST(told(command("/members", {{"room", "Night shift"}, {"person", "carol"}}, "DELETE")) ==
               "memberships/deleted by carol");
    BOOST_TEST(command("/members", {{"room", "Nowhere"}, {"person", "carol"}}).status == 404u);
    BOOST_TEST(command("/members", {{"room", "Night shift"}, {"person", "nobody"}}).status == 404u);
    BOOST_TEST(command("/members", {{"room", "Night shift"}, {"person", "carol"}, {"by", "carol"}}).status ==
               502u);
}

BOOST_AUTO_TEST_CASE(whoever_is_added_may_speak_in_the_same_instant)
{
    hook("bot", "memberships", "created");
    hook("bot", "messages", "created");
    const auto both = command("/members", {{"room", "Night shift"},
                                           {"person", "carol"},
                                           {"by", "alice"},
                                           {"says", "/echo hi"},
                                           {"mention", "bot"}});
    BOOST_TEST_REQUIRE(both.status == 200u);
    BOOST_TEST(told(both) == "memberships/created by alice, messages/created by carol");
    BOOST_TEST(text_or(both.body.at("message").as_object(), "text") == "Postern /echo hi");
    BOOST_TEST(command("/members", {{"room", "Night shift"}, {"person", "carol"}, {"says", 5}}).status ==
               400u);
}

BOOST_AUTO_TEST_CASE(a_moderator_comes_and_goes_and_the_room_is_locked_meanwhile)
{
    hook("bot", "memberships", "updated");
    hook("bot", "rooms", "updated");
    const json::object bob{{"room", "Night shift"}, {"person", "bob"}, {"by", "bob"}};
    auto on = bob, off = bob;
    on["on"] = true;
    off["on"] = false;
    const auto made = command("/moderators", on);
    BOOST_TEST(told(made) == "memberships/updated by bob, rooms/updated by bob");
    BOOST_TEST(made.event(0).at("data").at("isModerator").as_bool());
    BOOST_TEST(made.event(1).at("data").at("isLocked").as_bool());
    const auto by_alice =
        command("/moderators", {{"room", "Night shift"}, {"person", "alice"}, {"by", "alice"}, {"on", true}});
    BOOST_TEST(by_alice.status == 403u);
    BOOST_TEST(told(command("/moderators", off)) == "memberships/updated by bob, rooms/updated by bob");
    BOOST_TEST(command("/moderators", bob).status == 400u);
}

BOOST_AUTO_TEST_CASE(filters_choose_among_the_events_of_memberships)
{
    hook("bot", "memberships", "created", "personEmail=carol@elsewhere.example");
    hook("bot", "memberships", "all", "roomId=" + room("alice", "Vendors"));
    hook("bot", "memberships", "updated", "isModerator=true");
    BOOST_TEST(told(command("/members", {{"room", "Vendors"}, {"person", "bob"}, {"by", "alice"}})) ==
               "memberships/created by alice");
    BOOST_TEST(told(command("/members", {{"room", "Night shift"}, {"person", "carol"}})) ==
               "memberships/created by alice");
    BOOST_TEST(told(command("/members", {{"room", "Night shift"}, {"person", "bob"}}, "DELETE")) == "");
    const json::object alice{{"room", "Night shift"}, {"person", "alice"}, {"by", "alice"}, {"on", true}};
    BOOST_TEST(told(command("/moderators", alice)) == "memberships/updated by alice");
}

BOOST_AUTO_TEST_CASE(websockets_tell_the_same_as_webhooks)
{
    const auto device = enrol("bot");
    const auto socket = ready(device, "bot");
    const auto act = [&](std::string method, std::string path, const json::object& body) {
        happen(request("", std::move(method), "/_emulator" + path, json::serialize(body)));
        return heard_activity(socket);
    };
    const json::object carol{{"room", "Night shift"}, {"person", "carol"}, {"by", "alice"}};
    const auto added = act("POST", "/members", carol);
    BOOST_TEST(text_or(added, "verb") == "add");
    BOOST_TEST(text_or(added.at("actor").as_object(), "id") == uuid_of(id("alice")));
    BOOST_TEST(text_or(added.at("object").as_object(), "id") == uuid_of(id("carol")));
    BOOST_TEST(added.at("object").as_object().contains("orgId"));
    const auto removed = act("DELETE", "/members", carol);
    BOOST_TEST(text_or(removed, "verb") == "leave");
    BOOST_TEST(text_or(removed.at("actor").as_object(), "id") == uuid_of(id("alice")));
    act("POST", "/members", carol);
    const auto left = act("DELETE", "/members", {{"room", "Night shift"}, {"person", "carol"}});
    BOOST_TEST(text_or(left, "verb") == "leave");
    BOOST_TEST(text_or(left.at("actor").as_object(), "id") == uuid_of(id("carol")));
    const json::object bob{{"room", "Night shift"}, {"person", "bob"}, {"by", "bob"}, {"on", true}};
    BOOST_TEST(text_or(act("POST", "/moderators", bob), "verb") == "assignModerator");
    BOOST_TEST(text_or(heard_activity(socket), "verb") == "lock");
    happen(request("bob", "PUT", "/v1/rooms/" + night_shift(), R"({"title":"Late shift","isLocked":true})"));
    BOOST_TEST(text_or(heard_activity(socket), "verb") == "update");
    BOOST_TEST(quiet(socket));
}

BOOST_AUTO_TEST_CASE(memberships_may_come_without_an_organisation)
{
    const auto lacks = [&](std::string_view who) {
        return !membership(night_shift(), who).contains("personOrgId");
    };
    command("/quirks", {{"membershipsWithoutOrganisation", "bob"}});
    BOOST_TEST(lacks("bob"));
    BOOST_TEST(!lacks("alice"));
    command("/quirks", {{"membershipsWithoutOrganisation", {"bob", "bot"}}});
    BOOST_TEST(lacks("bot"));
    command("/quirks", {{"membershipsWithoutOrganisation", true}});
    BOOST_TEST(lacks("alice"));
    hook("bot", "memberships", "created");
    const auto device = enrol("bot");
    const auto socket = ready(device, "bot");
    const auto told_by_hook = command("/members", {{"room", "Vendors"}, {"person", "bob"}, {"by", "alice"}});
    BOOST_TEST(!told_by_hook.event(0).at("data").as_object().contains("personOrgId"));
    happen(request("", "POST", "/_emulator/members", R"({"room":"Night shift","person":"carol"})"));
    BOOST_TEST(!heard_activity(socket).at("object").as_object().contains("orgId"));
    command("/quirks", json::object());
    BOOST_TEST(!lacks("alice"));
    BOOST_TEST(command("/quirks", {{"membershipsWithoutOrganisation", "nobody"}}).status == 404u);
    BOOST_TEST(command("/quirks", {{"membershipsWithoutOrganisation", 5}}).status == 400u);
    BOOST_TEST(command("/quirks", {{"membershipsWithoutOrganisation", {"bob", 5}}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_crowd_fills_a_new_room_with_an_outsider_at_a_wanted_place)
{
    hook("bot", "all", "all");
    const auto made = command("/crowd", {{"members", 250},
                                         {"title", "All hands"},
                                         {"with", {"alice", "bot"}},
                                         {"outsider", "carol"},
                                         {"at", 230}});
    BOOST_TEST_REQUIRE(made.status == 200u);
    BOOST_TEST(made.deliveries.empty());
    BOOST_TEST(made.text("roomId") == room("alice", "All hands"));
    std::size_t pages = 0;
    const auto all = walk("bot", "/memberships?max=100&roomId=" + made.text("roomId"), &pages);
    BOOST_TEST(pages == 3u);
    BOOST_TEST_REQUIRE(all.size() == 250u);
    BOOST_TEST(text_or(all[0].as_object(), "personId") == id("alice"));
    BOOST_TEST(text_or(all[230].as_object(), "personId") == id("carol"));
    std::set<std::string> ids, organisations;
    for (const auto& m : all)
    {
        ids.insert(text_or(m.as_object(), "personId"));
        organisations.insert(text_or(m.as_object(), "personOrgId"));
    }
    BOOST_TEST(ids.size() == 250u);
    BOOST_TEST(organisations.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_crowd_joins_a_room_that_is_there_with_organisation_and_domain)
{
    command("/organisations", {{"name", "Partner"}});
    const auto grown = command("/crowd", {{"members", 2000},
                                          {"room", "Night shift"},
                                          {"organisation", "Partner"},
                                          {"domain", "partner.example"}});
    BOOST_TEST_REQUIRE(grown.status == 200u);
    const auto all = walk("bot", "/memberships?max=1000&roomId=" + night_shift());
    BOOST_TEST_REQUIRE(all.size() == 2000u);
    BOOST_TEST(text_or(all[3].as_object(), "personEmail").ends_with("@partner.example"));
    BOOST_TEST(text_or(all[0].as_object(), "personOrgId") != text_or(all[3].as_object(), "personOrgId"));
    BOOST_TEST(mention().text("created") == "2026-02-11T09:14:27.321Z"); // a crowd takes no time
}

BOOST_AUTO_TEST_CASE(a_crowd_that_makes_no_sense_makes_nothing)
{
    const std::initializer_list<json::object> wrong{
        json::object(),
        {{"members", 10}},
        {{"members", 10}, {"with", {"nobody"}}},
        {{"members", 10}, {"with", {"alice", "alice"}}},
        {{"members", 10}, {"with", "alice"}},
        {{"members", 10}, {"room", "Night shift"}, {"with", {"alice"}}},
        {{"members", 10}, {"room", room("alice", "Postern")}},
        {{"members", 2}, {"room", "Night shift"}},
        {{"members", 5001}, {"with", {"alice"}}},
        {{"members", 10}, {"with", {"alice"}}, {"outsider", "carol"}, {"at", 10}},
        {{"members", 10}, {"with", {"alice"}}, {"outsider", "carol"}, {"at", 0}},
        {{"members", 10}, {"with", {"alice"}}, {"outsider", "carol"}, {"at", {1, 2}}},
        {{"members", 10}, {"with", {"alice"}}, {"colour", 1}}};
    for (const auto& body : wrong)
        BOOST_TEST(command("/crowd", body).status == 400u, json::serialize(body));
    BOOST_TEST(command("/crowd", {{"members", 10}, {"with", {"alice"}}, {"organisation", "none"}}).status ==
               404u);
    BOOST_TEST(command("/crowd", {{"members", 10}, {"with", {"alice"}}, {"outsider", "alice"}}).status ==
               409u);
    const auto state = command("/state", json::object(), "GET");
    BOOST_TEST(state.body.at("people").as_array().size() == 5u);
    BOOST_TEST(state.body.at("rooms").as_array().size() == 3u);
}

BOOST_AUTO_TEST_CASE(two_thousand_rooms_are_made_at_once_with_an_outsider_in_some)
{
    hook("bot", "all", "all");
    const auto made = command("/rooms", {{"count", 2000},
                                         {"title", "Project"},
                                         {"members", {"alice", "bot"}},
                                         {"outsider", "carol"},
                                         {"at", {7, 1999}}});
    BOOST_TEST_REQUIRE(made.status == 200u);
    BOOST_TEST(made.deliveries.empty());
    BOOST_TEST_REQUIRE(made.items().size() == 2000u);
    std::size_t pages = 0;
    BOOST_TEST(walk("bot", "/rooms?max=1000", &pages).size() == 2003u);
    BOOST_TEST(pages == 3u);
    BOOST_TEST(walk("bot", "/memberships?max=1000").size() == 2003u);
    const auto with_carol = get("carol", "/rooms").items();
    BOOST_TEST(with_carol.size() == 3u);
    const auto bad = std::string(made.items()[7].as_string());
    BOOST_TEST(get("carol", "/rooms/" + bad).text("title") == "Project 7");
}

BOOST_AUTO_TEST_CASE(rooms_that_are_made_at_once_may_be_moderated)
{
    const auto made =
        command("/rooms", {{"count", 2}, {"members", {"alice", "bot", "bob"}}, {"moderators", {"bot"}}});
    const auto one = std::string(made.items()[0].as_string());
    BOOST_TEST(get("bot", "/rooms/" + one).body.at("isLocked").as_bool());
    BOOST_TEST(membership(one, "bot").at("isModerator").as_bool());
    const auto of_bob = text_or(membership(one, "bob"), "id");
    BOOST_TEST(del("bot", "/memberships/" + of_bob).status == 204u);
    const std::initializer_list<json::object> wrong{
        json::object(),
        {{"count", 2}},
        {{"count", 0}, {"members", {"alice"}}},
        {{"count", 2}, {"members", {"alice"}}, {"moderators", {"bob"}}},
        {{"count", 2}, {"members", {"alice"}}, {"outsider", "carol"}},
        {{"count", 2}, {"members", {"alice"}}, {"at", 1}},
        {{"count", 2}, {"members", {"alice"}}, {"outsider", "alice"}, {"at", 1}},
        {{"count", 2}, {"members", {"alice"}}, {"outsider", "carol"}, {"at", 2}}};
    for (const auto& body : wrong)
        BOOST_TEST(command("/rooms", body).status == 400u, json::serialize(body));
}

// What an audit with --fix meets: protocol/webex-rest.md 4.3, 10.3, 13.
BOOST_AUTO_TEST_CASE(a_bot_that_is_no_moderator_removes_nobody_from_a_moderated_room_but_may_leave_it)
{
    const auto made = command("/rooms", {{"count", 1},
                                         {"members", {"alice", "bot"}},
                                         {"moderators", {"alice"}},
                                         {"outsider", "carol"},
                                         {"at", 0}});
    const auto where = std::string(made.items()[0].as_string());
    const auto refused = del("bot", "/memberships/" + text_or(membership(where, "carol"), "id"));
    BOOST_TEST(refused.status == 403u);
    BOOST_TEST(!refused.body.as_object().contains("errors"));
    const auto own = text_or(membership(where, "bot"), "id");
    BOOST_TEST(del("bot", "/memberships/" + own).status == 204u);
    BOOST_TEST(get("bot", "/memberships?roomId=" + where).text("message") ==
               "Could not find a room with provided ID.");
}

BOOST_AUTO_TEST_CASE(the_state_tells_who_moderates)
{
    command("/moderators", {{"room", "Night shift"}, {"person", "bob"}, {"by", "bob"}, {"on", true}});
    const auto state = command("/state", json::object(), "GET");
    for (const auto& r : state.body.at("rooms").as_array())
        BOOST_TEST(r.at("moderators").as_array().size() ==
                   (r.at("title").as_string() == "Night shift" ? 1u : 0u));
}

BOOST_AUTO_TEST_CASE(the_seed_for_audits_has_two_bad_rooms)
{
    std::ifstream file(POSTERN_TEST_SEEDS "/two_bad_rooms.json", std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto parsed = parse_seed(text, "two_bad_rooms.json");
    BOOST_TEST_REQUIRE(parsed.has_value(), describe(parsed.error()));
    emulator::world w;
    plant(complete(*parsed, now), w);
    const auto& bot = *w.person_named("bot");
    std::set<std::string> bad;
    for (const auto* r : w.rooms_of(bot))
        for (const auto* m : w.members(r->uuid))
            if (w.find_person(m->person)->org != bot.org)
                bad.insert(r->title);
    const std::set<std::string> expected{"Steering", "Vendors"};
    BOOST_TEST(bad == expected, boost::test_tools::per_element());
    BOOST_TEST(w.find_membership(w.room_titled("Steering")->uuid, bot.uuid)->moderator);
    BOOST_TEST(w.find_membership(w.room_titled("Records")->uuid, w.person_named("auditor")->uuid)->monitor);
}

BOOST_AUTO_TEST_SUITE_END()
