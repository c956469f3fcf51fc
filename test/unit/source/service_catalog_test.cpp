#include "postern/source/device/service_catalog.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::source;

namespace {

// The example of mercury.md 2.2.
constexpr const char* sample = R"({
  "serviceLinks": {
    "wdm":               "https://wdm-a.wbx2.com/wdm/api/v1",
    "conversation":      "https://conv-a.wbx2.com/conversation/api/v1/",
    "mercuryConnection": "wss://mercury-connection-a.wbx2.com/v1",
    "hydra":             "https://api.ciscospark.com/v1"
  },
  "hostCatalog": {
    "conv-a.wbx2.com": [
      {"host": "conv-a.wbx2.com", "ttl": -1, "priority": 10, "id": "urn:TEAM:us-east-2_a:identityLookup"}
    ],
    "conv-k.wbx2.com": [
      {"host": "conv-k.wbx2.com", "ttl": -1, "priority": 10, "id": "urn:TEAM:eu-central-1_k:identityLookup"}
    ]
  }
})";

service_catalog with_hosts(const std::string& wdm, const std::string& entries)
{
    return service_catalog::parse(R"({"serviceLinks":{"wdm":")" + wdm + R"("},"hostCatalog":)" + entries +
                                  '}')
        .value();
}

std::string wdm_of(const std::string& wdm, const std::string& entries)
{
    return with_hosts(wdm, entries).service("wdm").value_or("none");
}

std::string cluster_by(const std::string& id)
{
    const auto c =
        with_hosts("https://h/v1",
                   R"({"conv.example.net":[{"host":"conv.example.net","priority":1,"id":")" + id + R"("}]})");
    return c.cluster_of("conv.example.net").value_or("none");
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_catalog)

BOOST_AUTO_TEST_CASE(services_are_found_by_name_and_end_without_a_slash)
{
    const auto c = source::service_catalog::parse(sample).value();
    BOOST_TEST(c.service("wdm").value() == "https://wdm-a.wbx2.com/wdm/api/v1");
    BOOST_TEST(c.service("conversation").value() == "https://conv-a.wbx2.com/conversation/api/v1");
    BOOST_TEST(c.service("mercuryConnection").value() == "wss://mercury-connection-a.wbx2.com/v1");
    BOOST_TEST(!c.service("locus"));
}

BOOST_AUTO_TEST_CASE(foreign_clusters_are_known_by_their_hosts)
{
    const auto c = source::service_catalog::parse(sample).value();
    BOOST_TEST(c.cluster_of("conv-a.wbx2.com").value() == "us");
    BOOST_TEST(c.cluster_of("conv-k.wbx2.com").value() == "urn:TEAM:eu-central-1_k");
    BOOST_TEST(c.cluster_of("CONV-K.wbx2.com:443").value() == "urn:TEAM:eu-central-1_k");
    BOOST_TEST(!c.cluster_of("conv-r.wbx2.com"));
    BOOST_TEST(!c.cluster_of(""));
    BOOST_TEST(!c.cluster_of("conv-a.wbx2.com:x"));
}

BOOST_AUTO_TEST_CASE(the_home_clusters_are_us_and_the_others_three_parts_of_their_urn)
{
    BOOST_TEST(cluster_by("urn:TEAM:us-east-2_a:identityLookup") == "us");
    BOOST_TEST(cluster_by("urn:TEAM:us-east-2_a") == "us");
    BOOST_TEST(cluster_by("urn:TEAM:us-east-1_int13:conversation") == "us");
    BOOST_TEST(cluster_by("urn:TEAM:us-east-1_int14:conversation") == "urn:TEAM:us-east-1_int14");
    BOOST_TEST(cluster_by("urn:TEAM:us-west-2_r:wdm") == "urn:TEAM:us-west-2_r");
    BOOST_TEST(cluster_by("urn:TEAM:us-west-2_r") == "urn:TEAM:us-west-2_r");

    BOOST_TEST(cluster_by("urn:TEAM") == "none");
    BOOST_TEST(cluster_by("urn::x:y") == "none");
    BOOST_TEST(cluster_by(":TEAM:x") == "none");
    BOOST_TEST(cluster_by("urn:TEAM:") == "none");
    BOOST_TEST(cluster_by("a:b:c/ROOM/x:d") == "none"); // would forge the rest of a public id
    BOOST_TEST(cluster_by("urn:TEAM:" + std::string(300, 'x')) == "none");
    BOOST_TEST(cluster_by("") == "none");
}

BOOST_AUTO_TEST_CASE(the_lowest_positive_priority_names_the_host)
{
    BOOST_TEST(wdm_of("https://wdm-a.wbx2.com/wdm/api/v1", R"({"wdm-a.wbx2.com":[
        {"host":"zero.wbx2.com","priority":0},
        {"host":"gone.wbx2.com","priority":-1},
        {"host":"second.wbx2.com","priority":20},
        {"host":"first.wbx2.com","priority":5},
        {"host":"third.wbx2.com","priority":20.5},
        {"host":"unsaid.wbx2.com"},
        {"host":"words.wbx2.com","priority":"1"}]})") == "https://first.wbx2.com/wdm/api/v1");
}

BOOST_AUTO_TEST_CASE(without_a_positive_priority_the_link_stays_as_it_is)
{
    BOOST_TEST(wdm_of("https://wdm-a.wbx2.com/v1", R"({"wdm-a.wbx2.com":[
        {"host":"zero.wbx2.com","priority":0},{"host":"gone.wbx2.com","priority":-1}]})") ==
               "https://wdm-a.wbx2.com/v1");
    BOOST_TEST(wdm_of("https://wdm-a.wbx2.com/v1", "{}") == "https://wdm-a.wbx2.com/v1");
    BOOST_TEST(wdm_of("https://wdm-a.wbx2.com/v1", "[]") == "https://wdm-a.wbx2.com/v1");
}

BOOST_AUTO_TEST_CASE(the_port_of_the_link_stays_unless_the_entry_has_its_own)
{
    // As the emulator's catalogue is written, so that the JS SDK copes with it (mercury.md 9.3).
    BOOST_TEST(
        wdm_of("http://127.0.0.1:8080/wdm", R"({"127.0.0.1:8080":[{"host":"127.0.0.1","priority":1}]})") ==
        "http://127.0.0.1:8080/wdm");
    BOOST_TEST(wdm_of("http://127.0.0.1:8080/wdm", R"({"127.0.0.1":[{"host":"127.0.0.2","priority":1}]})") ==
               "http://127.0.0.2:8080/wdm");
    BOOST_TEST(wdm_of("http://127.0.0.1:8080/wdm",
                      R"({"127.0.0.1:8080":[{"host":"h:9090","priority":1}]})") == "http://h:9090/wdm");
    BOOST_TEST(wdm_of("http://[::1]:8080/wdm", R"({"[::1]:8080":[{"host":"[::2]","priority":1}]})") ==
               "http://[::2]:8080/wdm");
    // Another port is another service.
    BOOST_TEST(wdm_of("http://h:8080/wdm", R"({"h:9090":[{"host":"other","priority":1}]})") ==
               "http://h:8080/wdm");
}

BOOST_AUTO_TEST_CASE(two_regions_at_one_address_are_told_apart_by_their_ports)
{
    const auto c = with_hosts("http://127.0.0.1:1/wdm", R"({
        "127.0.0.1:8080":[{"host":"127.0.0.1","priority":1,"id":"urn:TEAM:us-east-2_a:x"}],
        "127.0.0.1:9090":[{"host":"127.0.0.1","priority":1,"id":"urn:TEAM:eu-central-1_k:x"}]})");
    BOOST_TEST(c.cluster_of("127.0.0.1:8080").value() == "us");
    BOOST_TEST(c.cluster_of("127.0.0.1:9090").value() == "urn:TEAM:eu-central-1_k");
    BOOST_TEST(!c.cluster_of("127.0.0.1:7070")); // could be either: a wrong id is worse than none
}

BOOST_AUTO_TEST_CASE(an_alternative_host_belongs_to_the_cluster_of_its_entry)
{
    const auto c = with_hosts("https://h/v1", R"({"conv-a.wbx2.com":[
        {"host":"conv-spare.wbx2.com","priority":1,"id":"urn:TEAM:eu-central-1_k:x"},
        {"host":"conv-a.wbx2.com","priority":2,"id":"urn:TEAM:us-east-2_a:x"}]})");
    BOOST_TEST(c.cluster_of("conv-a.wbx2.com").value() == "us"); // what is said of the host itself
    BOOST_TEST(c.cluster_of("conv-spare.wbx2.com").value() == "urn:TEAM:eu-central-1_k");
}

BOOST_AUTO_TEST_CASE(every_host_that_occurs_is_one_of_the_catalogue)
{
    const auto c = with_hosts("https://wdm.example.net/v1", R"({"Key.example.net:444":[
        {"host":"alternative.example.net","priority":-1}]})");
    BOOST_TEST(c.names("wdm.example.net"));
    BOOST_TEST(c.names("key.example.net"));
    BOOST_TEST(c.names("alternative.example.net"));
    BOOST_TEST(!c.names("example.net"));
    BOOST_TEST(!c.names(""));
}

BOOST_AUTO_TEST_CASE(what_is_no_catalogue_is_an_error)
{
    for (const std::string body :
         {"", "null", "[]", "7", R"("serviceLinks")", "{}", R"({"serviceLinks":null})",
          R"({"serviceLinks":[]})", R"({"serviceLinks":{"wdm":"https://h)", "<html>"})
    {
        const auto c = source::service_catalog::parse(body);
        BOOST_TEST_REQUIRE(c.has_error(), body);
        BOOST_TEST(c.error().is(errc::bad_response));
    }
}

BOOST_AUTO_TEST_CASE(entries_of_garbage_are_left_out_and_the_others_kept)
{
    const auto c = source::service_catalog::parse(R"({
      "serviceLinks": {"a":null,"b":7,"c":"","d":"ftp://h/x","e":"https://user:pw@h/x","f":"https://h/x?y=z",
                       "g":"//h/x","h":["https://h/"],"wdm":"https://wdm-a.wbx2.com"},
      "hostCatalog": {"wdm-a.wbx2.com":[null,7,"x",{},{"host":7,"priority":1},{"host":"a b","priority":1},
                                        {"host":"evil.net/x?","priority":1},{"host":"u@evil.net","priority":1},
                                        {"host":"h:0","priority":1},{"host":"h:99999","priority":1},
                                        {"host":"[::1","priority":1},{"host":"[::1]8","priority":1},
                                        {"host":"wdm-b.wbx2.com","priority":9,"id":{}}],
                      "":[{"host":"h","priority":1}], "null":null, "x":{"host":"h"}, "y/z":[]}})")
                       .value();
    for (const auto* name : {"a", "b", "c", "d", "e", "f", "g", "h"})
        BOOST_TEST(!c.service(name), name);
    BOOST_TEST(c.service("wdm").value() == "https://wdm-b.wbx2.com");
    BOOST_TEST(!c.names("evil.net"));
    BOOST_TEST(!c.cluster_of("wdm-a.wbx2.com"));
}

BOOST_AUTO_TEST_CASE(a_huge_catalogue_and_huge_words_in_it_do_no_harm)
{
    std::string hosts = "{";
    for (int i = 0; i < 5000; ++i)
        hosts += (i ? ",\"h" : "\"h") + std::to_string(i) +
                 R"(.wbx2.com":[{"host":"x.wbx2.com","priority":1,"id":"urn:TEAM:r:x"}])";
    hosts += ",\"" + std::string(100'000, 'h') + "\":[{\"host\":\"h\",\"priority\":1}]}";
    const auto c = with_hosts("https://" + std::string(100'000, 'w'), hosts);
    BOOST_TEST(!c.service("wdm"));
    BOOST_TEST(c.cluster_of("h4999.wbx2.com").value() == "urn:TEAM:r");
    BOOST_TEST(!c.names(std::string(100'000, 'h')));
    BOOST_TEST(source::service_catalog::parse(std::string(10'000, '[')).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
