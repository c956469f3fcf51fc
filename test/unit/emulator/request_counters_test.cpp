// How often was asked: by whom, for what, and what the rate limit refused.

#include "cloud_fixture.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct counters_fixture : cloud_fixture
{
    json::object counted(std::string_view who, std::string_view method, std::string_view path)
    {
        const auto all = cloud_fixture::control("GET", "/counters");
        for (const auto& item : all.items())
        {
            const auto& o = item.as_object();
            if (text_or(o, "who") == who && text_or(o, "method") == method && text_or(o, "path") == path)
                return o;
        }
        return {};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(request_counters, counters_fixture)

BOOST_AUTO_TEST_CASE(requests_are_counted_by_person_method_and_route)
{
    const auto room = night_shift();
    get("bot", "/rooms/" + room);
    get("bot", "/rooms/" + this->room("bot", "Vendors"));
    get("bot", "/rooms/nonsense");
    get("alice", "/rooms/" + room);
    const auto rooms = counted("bot", "GET", "/v1/rooms/{id}");
    BOOST_TEST(rooms.at("requests").to_number<int>() == 3);
    BOOST_TEST(rooms.at("statuses").at("200").to_number<int>() == 2);
    BOOST_TEST(rooms.at("statuses").at("400").to_number<int>() == 1);
    BOOST_TEST(rooms.at("walks").to_number<int>() == 0);
    BOOST_TEST(counted("alice", "GET", "/v1/rooms/{id}").at("requests").to_number<int>() == 1);
    send(request("", "GET", "/v1/nothing"));
    BOOST_TEST(counted("", "", "other").at("statuses").at("404").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(a_walk_through_a_list_counts_once_however_many_its_pages)
{
    cloud_fixture::control("POST", "/crowd", {{"members", 25}, {"room", "Night shift"}});
    auto path = "/memberships?max=10&roomId=" + night_shift();
    for (int page = 0; page < 3; ++page)
    {
        const auto a = get("bot", path);
        const auto link = a.header("Link");
        const auto from = link.find("/v1") + 3;
        path = link.empty() ? "" : link.substr(from, link.find('>') - from);
    }
    BOOST_TEST(path.empty());
    get("bot", "/memberships");
    const auto of_room = counted("bot", "GET", "/v1/memberships?roomId");
    BOOST_TEST(of_room.at("requests").to_number<int>() == 3);
    BOOST_TEST(of_room.at("walks").to_number<int>() == 1);
    BOOST_TEST(counted("bot", "GET", "/v1/memberships").at("walks").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(what_the_rate_limit_refuses_is_counted_and_is_no_walk)
{
    cloud_fixture::control("POST", "/rate",
                           {{"requestsPerSecond", 10}, {"burst", 2}, {"path", "/v1/memberships"}});
    for (int i = 0; i < 5; ++i)
    {
        get("bot", "/memberships");
        BOOST_TEST(get("bot", "/rooms").status == 200u); // not of that path
    }
    const auto refused = get("bot", "/memberships");
    BOOST_TEST(refused.status == 429u);
    BOOST_TEST(refused.header("Retry-After") == "1");
    const auto mine = counted("bot", "GET", "/v1/memberships");
    BOOST_TEST(
        mine.at("statuses").at("200").to_number<int>() + mine.at("statuses").at("429").to_number<int>() == 6);
    BOOST_TEST(mine.at("walks") == mine.at("statuses").at("200"));
    const auto all = cloud_fixture::control("GET", "/counters");
    BOOST_TEST(all.body.at("tooMany") == mine.at("statuses").at("429"));
    BOOST_TEST(cloud_fixture::control("POST", "/rate", {{"path", 5}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(requests_that_a_fault_ate_are_counted_too)
{
    c.note_request(request("bot", "GET", "/v1/memberships?roomId=x"), 0);
    c.note_request(request("bot", "GET", "/v1/memberships?roomId=x"), 503);
    const auto mine = counted("bot", "GET", "/v1/memberships?roomId");
    BOOST_TEST(mine.at("requests").to_number<int>() == 2);
    BOOST_TEST(mine.at("walks").to_number<int>() == 0);
    BOOST_TEST(mine.at("statuses").at("0").to_number<int>() == 1);
    BOOST_TEST(cloud_fixture::control("GET", "/counters").body.at("tooMany").to_number<int>() == 0);
}

BOOST_AUTO_TEST_CASE(counting_begins_anew_when_asked)
{
    get("bot", "/rooms");
    BOOST_TEST(cloud_fixture::control("DELETE", "/counters").items().empty());
    get("bot", "/rooms");
    BOOST_TEST(counted("bot", "GET", "/v1/rooms").at("requests").to_number<int>() == 1);
    cloud_fixture::control("POST", "/reset");
    BOOST_TEST(cloud_fixture::control("GET", "/counters").items().empty());
}

BOOST_AUTO_TEST_SUITE_END()
