#include "postern/base/ids.hpp"
#include "postern/source/device/activity_data.hpp"
#include "postern/source/device/cluster_book.hpp"
#include "support/vectors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;

namespace {

const json::object& recorded()
{
    static const auto file = test::vectors("public-ids.json");
    return file;
}

// A catalogue that knows the host of one URL.
service_catalog catalog_of(std::string_view url, const json::value& entry_id)
{
    const auto host = url.substr(8, url.find('/', 8) - 8);
    json::object entry;
    entry["host"] = host;
    entry["ttl"] = -1;
    entry["priority"] = 10;
    entry["id"] = entry_id;
    json::object hosts;
    hosts[host] = json::array{entry};
    json::object catalog;
    catalog["serviceLinks"] = json::object{{"wdm", "https://wdm-a.wbx2.com/wdm/api/v1"}};
    catalog["hostCatalog"] = hosts;
    return service_catalog::parse(json::serialize(catalog)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(public_ids)

BOOST_AUTO_TEST_CASE(every_recorded_id_is_built_and_read_as_the_sdk_does)
{
    BOOST_TEST(!recorded().at("ids").get_array().empty());
    for (const auto& value : recorded().at("ids").get_array())
    {
        const auto& c = value.get_object();
        const auto type = text_or(c, "type");
        const auto uuid = text_or(c, "uuid");
        const auto made = type == "PEOPLE"         ? id_maker::person(uuid)
                          : type == "ORGANIZATION" ? id_maker::organisation(uuid)
                                                   : id_maker(text_or(c, "cluster")).of(type, uuid);
        BOOST_TEST(made == text_or(c, "id"));
        const auto parts = parse_id(text_or(c, "id"));
        BOOST_TEST_REQUIRE(parts.has_value());
        BOOST_TEST("ciscospark://" + parts->cluster + '/' + parts->type + '/' + parts->native ==
                   text_or(c, "decoded"));
    }
}

BOOST_AUTO_TEST_CASE(the_host_of_a_url_tells_the_recorded_cluster)
{
    BOOST_TEST(!recorded().at("clusters").get_array().empty());
    for (const auto& value : recorded().at("clusters").get_array())
    {
        const auto& c = value.get_object();
        const auto url = text_or(c, "activityTargetUrl");
        cluster_book book;
        BOOST_TEST(!book.cluster_of(url).has_value());
        book.take(catalog_of(url, c.at("hostCatalogId")));
        BOOST_TEST(book.cluster_of(url).value_or("") == text_or(c, "cluster"));
        BOOST_TEST(!book.cluster_of("https://conv-z.wbx2.com/conversation/api/v1").has_value());
    }
}

BOOST_AUTO_TEST_CASE(the_tags_of_a_conversation_tell_the_recorded_room_type)
{
    BOOST_TEST(!recorded().at("roomType").get_array().empty());
    for (const auto& c : recorded().at("roomType").get_array())
    {
        wire_conversation room;
        room.tags.emplace();
        for (const auto& tag : c.at("tags").get_array())
            room.tags->emplace_back(tag.get_string().c_str());
        BOOST_TEST(room_type(room) == text_or(c.get_object(), "type"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
