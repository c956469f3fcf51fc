// The protocol surface: protocol/webex-rest.md 10.3, 1-8.

#include "cloud_fixture.hpp"

#include "postern/base/ids.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

BOOST_FIXTURE_TEST_SUITE(rest, cloud_fixture)

BOOST_AUTO_TEST_CASE(creation_answers_200_with_the_whole_object_and_deletion_204_with_nothing)
{
    const auto made = post("alice", "/rooms", {{"title", "War room"}});
    BOOST_TEST(made.status == 200u);
    BOOST_TEST(keys_of(made.body.as_object()) ==
               "id,title,type,isLocked,lastActivity,creatorId,created,ownerId,isPublic");
    const auto gone = del("alice", "/rooms/" + made.text("id"));
    BOOST_TEST(gone.status == 204u);
    BOOST_TEST(gone.bytes.empty());
    BOOST_TEST(get("alice", "/rooms/" + made.text("id")).status == 404u);
}

BOOST_AUTO_TEST_CASE(an_empty_list_still_has_items)
{
    const auto none = get("bob", "/webhooks");
    BOOST_TEST(none.status == 200u);
    BOOST_TEST(none.bytes == R"({"items":[]})");
}

BOOST_AUTO_TEST_CASE(an_error_has_the_live_shape_and_its_tracking_id_is_the_header)
{
    const auto no =
        get("alice", "/rooms/Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz");
    BOOST_TEST(no.status == 404u);
    BOOST_TEST(no.header("Content-Type") == "application/json;charset=UTF-8");
    BOOST_TEST(no.header("Cache-Control") == "no-cache");
    BOOST_TEST(no.text("message") == "Could not find a room with provided ID.");
    BOOST_TEST(no.text("trackingId") == no.header("TrackingID"));
    BOOST_TEST(no.text("trackingId").starts_with("ROUTERGW_"));
    BOOST_TEST(no.body.at("errors").at(0).at("description").as_string() == no.text("message"));
}

BOOST_AUTO_TEST_CASE(every_answer_has_a_tracking_id)
{
    BOOST_TEST(!get("bot", "/people/me").header("TrackingID").empty());
    BOOST_TEST(!get("bot", "/nothing").header("TrackingID").empty());
}

BOOST_AUTO_TEST_CASE(a_missing_or_wrong_or_expired_token_is_401)
{
    const auto nobody = get("", "/people/me");
    BOOST_TEST(nobody.status == 401u);
    BOOST_TEST(nobody.text("message") ==
               "The request requires a valid access token set in the Authorization request header.");
    auto wrong = request("", "GET", "/v1/people/me");
    wrong.headers.add("Authorization", "Bearer a_PF84_b");
    BOOST_TEST(send(wrong).status == 401u);
    BOOST_TEST(get("bot", "/people/me").status == 200u);
    control("POST", "/tokens/expire", {{"person", "bot"}});
    BOOST_TEST(get("bot", "/people/me").status == 401u);
}

BOOST_AUTO_TEST_CASE(a_token_has_three_parts_and_the_last_is_the_organisation)
{
    const auto token = c.token_of("bot");
    const auto last = token.substr(token.rfind('_') + 1);
    BOOST_TEST(std::count(token.begin(), token.end(), '_') == 2);
    BOOST_TEST(uuid_of(get("bot", "/people/me").text("orgId")) == last);
}

BOOST_AUTO_TEST_CASE(a_token_without_the_scope_is_403_without_errors)
{
    const auto token =
        control("POST", "/tokens", {{"person", "alice"}, {"scopes", {"spark:people_read"}}}).text("token");
    auto r = request("", "GET", "/v1/rooms");
    r.headers.add("Authorization", "Bearer " + token);
    const auto no = send(r);
    BOOST_TEST(no.status == 403u);
    BOOST_TEST(keys_of(no.body.as_object()) == "message,trackingId");
    r.target = "/v1/people/me";
    BOOST_TEST(send(r).status == 200u);
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404_and_a_known_one_with_another_method_405)
{
    BOOST_TEST(get("bot", "/nothing").status == 404u);
    BOOST_TEST(send(request("bot", "DELETE", "/v1/rooms")).status == 405u);
    BOOST_TEST(send(request("bot", "PATCH", "/v1/people/me")).status == 405u);
}

BOOST_AUTO_TEST_CASE(a_slash_before_the_query_and_unknown_parameters_do_not_matter)
{
    BOOST_TEST(get("alice", "/rooms/?max=1&unknown=7&&flag").items().size() == 1u);
    BOOST_TEST(get("alice", "/people/me/").status == 200u);
}

BOOST_AUTO_TEST_CASE(people_are_asked_for_by_ids_as_the_js_sdk_batches_them)
{
    const auto gone = format_id({"us", "PEOPLE", "1b6f0c52-7d0e-4b1a-9c55-2f3a8e6d4c10"});
    const auto found =
        get("bot", "/people/?id=" + id("alice") + "," + gone + "," + id("carol") + "&showAllTypes=false");
    BOOST_TEST_REQUIRE(found.items().size() == 2u);
    BOOST_TEST(found.items()[0].at("id").as_string() == id("alice"));
    BOOST_TEST(found.body.at("notFoundIds").at(0).as_string() == gone);
    BOOST_TEST(get("bot", "/people?id=%FF%FE").status == 400u);
    BOOST_TEST(!get("bot", "/people?id=" + id("bob")).body.as_object().contains("notFoundIds"));
    std::string many = "x";
    for (int i = 0; i < 85; ++i)
        many += ",x";
    BOOST_TEST(get("bot", "/people?id=" + many).status == 400u);
}

BOOST_AUTO_TEST_CASE(people_are_looked_up_within_ones_own_organisation)
{
    BOOST_TEST(get("bot", "/people?email=ALICE@example.com").items().size() == 1u);
    BOOST_TEST(get("bot", "/people?email=carol%40elsewhere.example").items().empty());
    BOOST_TEST(get("bot", "/people?email=nobody@example.com").bytes == R"({"items":[]})");
    BOOST_TEST(get("bot", "/people?displayName=bob").items().size() == 1u);
    const auto all = get("bot", "/people");
    BOOST_TEST(all.status == 400u);
    BOOST_TEST(all.text("message") == "Email, displayName, or id list should be specified.");
    BOOST_TEST(get("admin", "/people").items().size() == 4u);
    BOOST_TEST(get("bot", "/people/" + id("carol")).text("displayName") == "Carol Clark");
    BOOST_TEST(get("bot", "/people/nonsense").text("message") == "Person not found");
}

BOOST_AUTO_TEST_CASE(a_person_looks_as_the_service_shows_one)
{
    BOOST_TEST(keys_of(get("bot", "/people/me").body.as_object()) ==
               "id,emails,phoneNumbers,displayName,nickName,avatar,orgId,created,status,type");
    BOOST_TEST(get("bot", "/people/me").text("type") == "bot");
    BOOST_TEST(get("bot", "/people/me").text("created") == "2026-02-11T09:14:27.318Z");
}

BOOST_AUTO_TEST_CASE(ids_of_people_are_always_of_us_and_those_of_rooms_of_the_creators_cluster)
{
    const auto vendors = room("alice", "Vendors"); // Carol's
    BOOST_TEST(parse_id(vendors)->cluster == "urn:TEAM:us-west-2_r");
    BOOST_TEST(parse_id(id("carol"))->cluster == "us");
    const auto said = post("alice", "/messages", {{"roomId", vendors}, {"text", "hi"}});
    BOOST_TEST(parse_id(said.text("id"))->cluster == "urn:TEAM:us-west-2_r");
    BOOST_TEST(parse_id(said.text("personId"))->cluster == "us");
    BOOST_TEST(uuid_of(said.text("id"))[14] == '1');
    BOOST_TEST(uuid_of(id("carol"))[14] == '4');

    const auto moved = format_id({"us", "MESSAGE", uuid_of(said.text("id"))});
    BOOST_TEST(get("alice", "/messages/" + moved).status == 404u); // a wrong cluster
}

BOOST_AUTO_TEST_CASE(a_bare_uuid_names_objects_of_the_first_cluster_only_unless_told_otherwise)
{
    const auto here = post("alice", "/messages", {{"roomId", night_shift()}, {"text", "hi"}}).text("id");
    const auto there =
        post("alice", "/messages", {{"roomId", room("alice", "Vendors")}, {"text", "hi"}}).text("id");
    BOOST_TEST(get("alice", "/messages/" + uuid_of(here)).text("id") == here);
    BOOST_TEST(get("alice", "/messages/" + uuid_of(there)).status == 404u);
    control("POST", "/quirks", {{"bareUuidsEverywhere", true}});
    BOOST_TEST(get("alice", "/messages/" + uuid_of(there)).text("id") == there);
    BOOST_TEST(get("alice", "/messages/nonsense").text("message") == "Expect base64 ID or UUID.");
}

BOOST_AUTO_TEST_CASE(padding_of_an_id_is_accepted)
{
    const auto said = post("alice", "/messages", {{"roomId", night_shift()}, {"text", "hi"}}).text("id");
    BOOST_TEST(get("alice", "/messages/" + said + "%3D%3D").text("id") == said);
}

BOOST_AUTO_TEST_CASE(a_long_list_has_one_next_link_to_where_the_client_called_us)
{
    now += std::chrono::seconds(1);
    for (int i = 0; i < 5; ++i)
        post("bob", "/rooms", {{"title", "room " + std::to_string(i)}});
    std::vector<std::string> seen;
    std::string path = "/rooms?max=2&type=group";
    for (int pages = 0; !path.empty(); ++pages)
    {
        BOOST_TEST_REQUIRE(pages < 5);
        const auto page = get("bob", path);
        for (const auto& r : page.items())
            seen.push_back(text_or(r.as_object(), "title"));
        const auto link = page.header("Link");
        BOOST_TEST(page.headers.count("Link") == (link.empty() ? 0u : 1u));
        path.clear();
        if (link.empty())
            break;
        BOOST_TEST(link.starts_with("<http://cloud.test:8080/v1/rooms?type=group&max=2&cursor="));
        BOOST_TEST(link.ends_with(">; rel=\"next\""));
        BOOST_TEST(link.find(';') == link.rfind(';')); // naive readers split there
        path = link.substr(26, link.find('>') - 26);
    }
    BOOST_TEST(seen.size() == 6u);
    BOOST_TEST(seen.front() == "Night shift");
    BOOST_TEST(seen.back() == "room 4");
}

BOOST_AUTO_TEST_CASE(a_huge_max_is_lowered_and_nonsense_is_refused)
{
    BOOST_TEST(get("alice", "/rooms?max=99999999999999999999999").status == 200u);
    BOOST_TEST(get("alice", "/rooms?max=null").status == 200u);
    BOOST_TEST(get("alice", "/rooms?max=").status == 200u);
    BOOST_TEST(get("alice", "/rooms?max=0").status == 400u);
    BOOST_TEST(get("alice", "/rooms?max=-1").status == 400u);
    BOOST_TEST(get("alice", "/rooms?max=1x").status == 400u);
    BOOST_TEST(get("alice", "/rooms?cursor=nonsense").status == 400u);
    BOOST_TEST(get("alice", "/rooms?cursor=c3RhcnQ9LTE").status == 400u); // start=-1
    BOOST_TEST(get("alice", "/rooms?cursor=c3RhcnQ9OTk5OTk5OTk5OTk5OTk5OTk5OTk5").items().empty());
}

BOOST_AUTO_TEST_CASE(a_body_of_another_type_is_415_and_a_broken_one_400)
{
    const auto text = send(request("alice", "POST", "/v1/messages", "{}", "text/plain"));
    BOOST_TEST(text.status == 415u);
    BOOST_TEST(text.text("message") == "Content type 'text/plain' not supported");
    BOOST_TEST(send(request("alice", "POST", "/v1/messages", "{}",
                            "text/pl\xff"
                            "ain"))
                   .status == 415u);
    const std::string deep = std::string(5000, '[') + std::string(5000, ']');
    for (const auto& body : {std::string("{"), std::string("[]"), std::string("null"), std::string(), deep,
                             std::string("{\"roomId\":5,\"text\":\"x\"}"),
                             std::string("{\"text\":[],\"roomId\":\"x\"}"), std::string("\"\xff\"")})
        BOOST_TEST(send(request("alice", "POST", "/v1/messages", body)).status == 400u, body.substr(0, 40));
    BOOST_TEST(send(request("alice", "POST", "/v1/rooms", R"({"title":"x","isLocked":"yes"})")).status ==
               400u);
    BOOST_TEST(
        send(request("alice", "POST", "/v1/rooms", R"({"title":"x"})", "Application/JSON; charset=utf-8"))
            .status == 200u);
}

BOOST_AUTO_TEST_CASE(a_host_header_of_a_stranger_does_not_write_our_links)
{
    auto r = request("", "GET", "/u2c/api/v1/limited/catalog");
    r.headers.set("Host", "x\"><script>");
    BOOST_TEST(send(r).bytes.find("script") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(oddities_of_lists_are_there_when_asked_for)
{
    control("POST", "/quirks", {{"emptyPageFirst", true}, {"linksSayMaxNull", true}});
    const auto first = get("alice", "/rooms?max=2");
    BOOST_TEST(first.items().empty());
    BOOST_TEST(first.header("Link").find("max=null") != std::string::npos);
    const auto link = first.header("Link");
    BOOST_TEST(get("alice", link.substr(26, link.find('>') - 26)).items().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
