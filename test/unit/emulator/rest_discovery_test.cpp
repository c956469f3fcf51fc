// The service catalogue: protocol/mercury.md 2.2 and 9.3.

#include "cloud_fixture.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;

namespace {

struct discovery_fixture : cloud_fixture
{
    answered catalogue(std::string_view as, std::string path, std::string host)
    {
        auto r = request(as, "GET", "/u2c/api/v1" + path);
        r.headers.set("Host", std::move(host));
        return send(r);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rest_discovery, discovery_fixture)

BOOST_AUTO_TEST_CASE(a_client_at_an_address_gets_the_catalogue_that_the_recorded_one_got)
{
    const auto found = catalogue("bot", "/catalog?format=hostmap", "127.0.0.1:8080");
    BOOST_TEST(found.status == 200u);
    BOOST_TEST(found.body == json::parse(R"({
        "serviceLinks": {
            "u2c": "http://127.0.0.1:8080/u2c/api/v1",
            "wdm": "http://127.0.0.1:8080/wdm/api/v1",
            "mercuryConnection": "ws://127.0.0.1:8080/v1",
            "conversation": "http://127.0.0.1:8080/conversation/api/v1",
            "identityLookup": "http://127.0.0.1:8080/conversation/api/v1",
            "encryption": "http://127.0.0.1:8080/encryption/api/v1",
            "hydra": "http://127.0.0.1:8080/v1",
            "metrics": "http://127.0.0.1:8080/metrics/api/v1"
        },
        "hostCatalog": {
            "127.0.0.1:8080": [
                {"host": "127.0.0.1", "ttl": -1, "priority": 1, "id": "urn:TEAM:us-east-2_a:identityLookup"}
            ],
            "conv-r.localhost:8080": [
                {"host": "conv-r.localhost", "ttl": -1, "priority": 1, "id": "urn:TEAM:us-west-2_r:identityLookup"}
            ]
        }
    })"));
}

BOOST_AUTO_TEST_CASE(a_client_that_calls_us_by_name_gets_names)
{
    const auto body = catalogue("bot", "/catalog", "cloud.test").body;
    BOOST_TEST(body.at("serviceLinks").at("wdm").as_string() == "http://cloud.test/wdm/api/v1");
    BOOST_TEST(keys_of(body.at("hostCatalog").as_object()) == "cloud.test,conv-r.cloud.test");
}

BOOST_AUTO_TEST_CASE(only_the_limited_catalogue_is_there_for_everybody)
{
    const auto all = catalogue("alice", "/catalog?format=hostmap&timestamp=1767323045006", "cloud.test:8080");
    const auto limited = catalogue("", "/limited/catalog?mode=DEFAULT_BY_PROXIMITY", "cloud.test:8080");
    BOOST_TEST(limited.status == 200u);
    BOOST_TEST(limited.bytes == all.bytes);
    BOOST_TEST(catalogue("alice", "/signin/catalog", "cloud.test:8080").bytes == all.bytes);
    for (const auto* path : {"/catalog?format=hostmap", "/signin/catalog?format=hostmap"})
        BOOST_TEST(catalogue("", path, "cloud.test:8080").status == 401u, path);
    control("POST", "/tokens/expire", {{"person", "alice"}});
    BOOST_TEST(catalogue("alice", "/catalog", "cloud.test:8080").status == 401u);
    BOOST_TEST(catalogue("alice", "/limited/catalog", "cloud.test:8080").status == 200u);
}

BOOST_AUTO_TEST_CASE(over_tls_every_link_says_so)
{
    cloud secure(
        complete(parse_seed(default_seed(), "seed").value(), now), {}, [this] { return now; }, true);
    auto r = request("", "GET", "/u2c/api/v1/limited/catalog");
    const auto links = json::parse(secure.answer(r).response.body).at("serviceLinks").as_object();
    for (const auto& [name, link] : links)
        BOOST_TEST(std::string(link.as_string())
                       .starts_with(name == "mercuryConnection" ? "wss://cloud.test:8080/"
                                                                : "https://cloud.test:8080/"),
                   name);
}

BOOST_AUTO_TEST_CASE(a_public_address_stands_in_for_what_the_client_called)
{
    cloud open(complete(parse_seed(default_seed(), "seed").value(), now), "https://postern.example",
               [this] { return now; });
    auto r = request("", "GET", "/u2c/api/v1/limited/catalog");
    const auto body = json::parse(open.answer(r).response.body);
    BOOST_TEST(body.at("serviceLinks").at("mercuryConnection").as_string() == "wss://postern.example/v1");
    BOOST_TEST(keys_of(body.at("hostCatalog").as_object()) == "postern.example,conv-r.postern.example");
}

BOOST_AUTO_TEST_SUITE_END()
