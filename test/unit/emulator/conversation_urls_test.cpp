// How a cluster shows in a URL: protocol/mercury.md 7.3.

#include "postern/emulator/conversation_urls.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::emulator;

BOOST_AUTO_TEST_SUITE(conversation_urls)

BOOST_AUTO_TEST_CASE(the_first_cluster_answers_where_everything_else_does)
{
    BOOST_TEST(conversation_base("http://127.0.0.1:8080", "us") ==
               "http://127.0.0.1:8080/conversation/api/v1");
    BOOST_TEST(conversation_base("https://cloud.example/", "us") ==
               "https://cloud.example/conversation/api/v1");
}

BOOST_AUTO_TEST_CASE(every_other_cluster_has_a_host_of_its_own)
{
    const struct
    {
        const char *origin, *cluster, *base;
    } cases[] = {
        {"http://127.0.0.1:8080", "urn:TEAM:us-west-2_r", "http://conv-r.localhost:8080/conversation/api/v1"},
        {"http://[::1]:8080", "urn:TEAM:us-west-2_r", "http://conv-r.localhost:8080/conversation/api/v1"},
        {"http://localhost:8080", "urn:TEAM:eu-central-1_k",
         "http://conv-k.localhost:8080/conversation/api/v1"},
        {"http://127.0.0.1", "urn:TEAM:us-west-2_r", "http://conv-r.localhost/conversation/api/v1"},
        {"https://cloud.example:8443", "urn:TEAM:us-west-2_r",
         "https://conv-r.cloud.example:8443/conversation/api/v1"},
        {"https://cloud.example/webex", "urn:TEAM:us-west-2_r",
         "https://conv-r.cloud.example/webex/conversation/api/v1"},
        {"http://conv-r.localhost:8080", "urn:TEAM:eu-central-1_k",
         "http://conv-k.localhost:8080/conversation/api/v1"},
    };
    for (const auto& c : cases)
        BOOST_TEST(conversation_base(c.origin, c.cluster) == c.base);
}

BOOST_AUTO_TEST_CASE(whatever_a_seed_calls_a_cluster_the_host_is_one)
{
    for (const auto* cluster : {"", "_", "x_<b>", "x_A b", "urn:TEAM:none", "x_\xff"})
    {
        const auto base = conversation_base("http://127.0.0.1:8080", cluster);
        BOOST_TEST(base.starts_with("http://conv-"), cluster);
        BOOST_TEST(base.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.:/") == std::string::npos,
                   cluster);
        BOOST_TEST(base.find("conv-.") == std::string::npos, cluster);
    }
}

BOOST_AUTO_TEST_CASE(hosts_and_authorities_are_taken_out_of_an_origin)
{
    BOOST_TEST(authority_of("http://127.0.0.1:8080") == "127.0.0.1:8080");
    BOOST_TEST(authority_of("https://cloud.example/webex") == "cloud.example");
    BOOST_TEST(authority_of("http://[::1]:8080") == "[::1]:8080");
    BOOST_TEST(host_of("127.0.0.1:8080") == "127.0.0.1");
    BOOST_TEST(host_of("cloud.example") == "cloud.example");
    BOOST_TEST(host_of("[::1]:8080") == "[::1]");
    BOOST_TEST(host_of("[::1]") == "[::1]");
    BOOST_TEST(websocket_origin("http://127.0.0.1:8080") == "ws://127.0.0.1:8080");
    BOOST_TEST(websocket_origin("https://cloud.example") == "wss://cloud.example");
}

BOOST_AUTO_TEST_SUITE_END()
