#include "postern/source/device/cluster_book.hpp"

#include "postern/base/ids.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;

namespace {

const std::string uuid = "a1000000-7a4c-11ee-b962-0242ac120001";
const std::string in_k = "https://conv-k.wbx2.com/conversation/api/v1/conversations/" + uuid;

std::string id_in(std::string cluster, std::string type = "MESSAGE")
{
    return format_id({std::move(cluster), std::move(type), uuid});
}

source::service_catalog catalogue(const std::string& cluster)
{
    return source::service_catalog::parse(
               R"({"serviceLinks":{},"hostCatalog":{"conv-k.wbx2.com":[{"host":"conv-k.wbx2.com","id":")" +
               cluster + R"(:identityLookup"}]}})")
        .value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(cluster_book)

BOOST_AUTO_TEST_CASE(the_catalogue_tells_by_the_host_of_the_url)
{
    source::cluster_book book;
    BOOST_TEST(!book.cluster_of(in_k));
    book.take(catalogue("urn:TEAM:eu-central-1_k"));
    BOOST_TEST(book.cluster_of(in_k).value() == "urn:TEAM:eu-central-1_k");
    BOOST_TEST(!book.cluster_of("https://conv-r.wbx2.com/conversation"));
}

BOOST_AUTO_TEST_CASE(what_the_catalogue_does_not_know_is_learned_from_a_public_id)
{
    source::cluster_book book;
    BOOST_TEST(book.learn("https://conv-r.wbx2.com/x/" + uuid, id_in("urn:TEAM:us-west-2_r")));
    BOOST_TEST(book.cluster_of("https://conv-r.wbx2.com/other").value() == "urn:TEAM:us-west-2_r");
    BOOST_TEST(!book.cluster_of("https://conv-r.wbx2.com:8443/other"));

    book.take(catalogue("urn:TEAM:eu-central-1_k")); // a new catalogue, what was learned stays
    BOOST_TEST(book.cluster_of("https://conv-r.wbx2.com/other").value() == "urn:TEAM:us-west-2_r");
}

BOOST_AUTO_TEST_CASE(the_catalogue_wins_over_what_was_learned)
{
    source::cluster_book book;
    BOOST_TEST(book.learn(in_k, id_in("us")));
    BOOST_TEST(book.cluster_of(in_k).value() == "us");
    book.take(catalogue("urn:TEAM:eu-central-1_k"));
    BOOST_TEST(book.cluster_of(in_k).value() == "urn:TEAM:eu-central-1_k");
}

BOOST_AUTO_TEST_CASE(people_and_organisations_tell_nothing)
{
    source::cluster_book book;
    BOOST_TEST(!book.learn(in_k, id_in("us", "PEOPLE")));
    BOOST_TEST(!book.learn(in_k, id_in("us", "ORGANIZATION")));
    BOOST_TEST(!book.cluster_of(in_k));
}

BOOST_AUTO_TEST_CASE(garbage_is_not_learned)
{
    source::cluster_book book;
    BOOST_TEST(!book.learn(in_k, ""));
    BOOST_TEST(!book.learn(in_k, uuid));
    BOOST_TEST(!book.learn(in_k, id_in("a b")));
    BOOST_TEST(!book.learn(in_k, id_in(std::string(5000, 'x'))));
    BOOST_TEST(!book.learn("", id_in("us")));
    BOOST_TEST(!book.learn("conv-k.wbx2.com", id_in("us")));
    BOOST_TEST(!book.learn("ftp://conv-k.wbx2.com/", id_in("us")));
    BOOST_TEST(!book.cluster_of(in_k));
    BOOST_TEST(!book.cluster_of(""));
    BOOST_TEST(!book.cluster_of("\n"));
}

BOOST_AUTO_TEST_CASE(a_flood_of_hosts_stays_bounded_and_the_newest_is_known)
{
    source::cluster_book book;
    unsigned known = 0;
    for (int i = 0; i < 5000; ++i)
        BOOST_TEST_REQUIRE(book.learn("https://h" + std::to_string(i) + "/", id_in("us")));
    for (int i = 0; i < 5000; ++i)
        known += book.cluster_of("https://h" + std::to_string(i) + "/") ? 1 : 0;
    BOOST_TEST(known <= 1000u);
    BOOST_TEST(book.cluster_of("https://h4999/").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
