#include "postern/source/device/device.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace postern;
using namespace std::chrono_literals;
using source::own_mark;
using source::read_devices;
using source::registration_body;

namespace {

// mercury.md 3.3
constexpr const char* sample = R"({
  "url": "https://wdm-a.wbx2.com/wdm/api/v1/devices/3f2a7c1e-6a0b-4a77-9a55-1f0c2d3e4b5a",
  "webSocketUrl": "wss://mercury-connection-partition2-a.wbx2.com/v1/apps/wx2/registrations/r/messages",
  "userId": "f5b36187-c8dd-4727-8b2f-f9c447f29046",
  "orgId": "1eb65fdf-9643-417f-9974-ad72cae0e10f",
  "deviceType": "DESKTOP", "name": "postern", "model": "postern",
  "creationTime": "2026-01-02T03:04:05.006Z", "modificationTime": "2026-01-02T03:04:06.006Z",
  "ttl": 1800, "capabilities": {}, "features": {"developer": []}, "services": {"x": null}
})";

result<source::device> read(const std::string& text)
{
    return source::read_device(json::parse(text).as_object());
}

std::string changed(const std::string& key, const json::value& value)
{
    auto object = json::parse(sample).as_object();
    object[key] = value;
    return json::serialize(object);
}

json::value lengthy(std::string_view begin)
{
    json::string text(begin);
    text.append(100'000, 'x');
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(device)

BOOST_AUTO_TEST_CASE(what_is_needed_is_read_and_the_rest_ignored)
{
    const auto d = read(sample).value();
    BOOST_TEST(d.url == "https://wdm-a.wbx2.com/wdm/api/v1/devices/3f2a7c1e-6a0b-4a77-9a55-1f0c2d3e4b5a");
    BOOST_TEST(d.id() == "3f2a7c1e-6a0b-4a77-9a55-1f0c2d3e4b5a");
    BOOST_TEST(d.websocket_url ==
               "wss://mercury-connection-partition2-a.wbx2.com/v1/apps/wx2/registrations/r/messages");
    BOOST_TEST(d.name == "postern");
    BOOST_TEST(d.type == "DESKTOP");
    BOOST_TEST(d.user == "f5b36187-c8dd-4727-8b2f-f9c447f29046");
    BOOST_TEST(format_time(d.modified) == "2026-01-02T03:04:06.006Z");
    BOOST_TEST((d.ttl == 1800s));
}

BOOST_AUTO_TEST_CASE(two_urls_are_enough)
{
    const auto d = read(R"({"url":"http://h/devices/7/?x=y","webSocketUrl":"ws://h/r"})").value();
    BOOST_TEST(d.id() == "7");
    BOOST_TEST(d.name.empty());
    BOOST_TEST((d.modified == wall_time()));
    BOOST_TEST(!d.ttl.has_value());
}

BOOST_AUTO_TEST_CASE(a_device_without_usable_urls_is_none)
{
    const json::value bad_urls[] = {nullptr,
                                    7,
                                    "",
                                    "devices/7",
                                    "ftp://h/7",
                                    "wss://h/7",
                                    "https://u:p@h/7",
                                    "https://h",
                                    json::array{},
                                    json::object{},
                                    lengthy("https://h/")};
    for (const auto& url : bad_urls)
    {
        const auto d = read(changed("url", url));
        BOOST_TEST_REQUIRE(d.has_error(), url);
        BOOST_TEST(d.error().is(errc::bad_response));
    }
    const json::value bad_sockets[] = {nullptr,
                                       7,
                                       "",
                                       "https://h/r",
                                       "http://h/r",
                                       "h/r",
                                       "wss://",
                                       "wss://u@h/r",
                                       json::array{},
                                       lengthy("wss://h/")};
    for (const auto& url : bad_sockets)
    {
        const auto d = read(changed("webSocketUrl", url));
        BOOST_TEST_REQUIRE(d.has_error(), url);
        BOOST_TEST(d.error().is(errc::bad_response));
    }
    BOOST_TEST(read("{}").has_error());
}

BOOST_AUTO_TEST_CASE(members_of_other_types_count_as_absent)
{
    for (const auto* key : {"name", "deviceType", "userId", "modificationTime", "ttl"})
        for (const json::value& value :
             {json::value(nullptr), json::value(json::array{}), json::value(true), json::value(-1.5)})
            BOOST_TEST(read(changed(key, value)).has_value(), key);
    BOOST_TEST(read(changed("userId", "../../x")).value().user.empty());
    BOOST_TEST((read(changed("modificationTime", "yesterday")).value().modified == wall_time()));
    for (const json::value& ttl : {json::value(0), json::value(-5), json::value("1800"),
                                   json::value(std::numeric_limits<std::int64_t>::max())})
        BOOST_TEST(!read(changed("ttl", ttl)).value().ttl.has_value());
    BOOST_TEST(read(changed("name", lengthy("n"))).value().name.size() < 1000u);
}

BOOST_AUTO_TEST_CASE(a_list_is_read_entry_by_entry)
{
    const auto all = read_devices(R"({"devices":[null,7,"x",[],{},{"url":7},)" + std::string(sample) +
                                  R"(,{"url":"https://h/devices/9","name":"a phone"}]})")
                         .value();
    BOOST_TEST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].name == "postern");
    BOOST_TEST(all[1].id() == "9"); // without a socket, but it counts and can be deleted
    BOOST_TEST(all[1].websocket_url.empty());
    BOOST_TEST(read_devices(R"({"devices":[]})").value().empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_list_is_an_error)
{
    for (const auto* body :
         {"", "null", "[]", "{}", R"({"devices":null})", R"({"devices":{}})", "{\"devices\":["})
    {
        const auto all = read_devices(body);
        BOOST_TEST_REQUIRE(all.has_error(), body);
        BOOST_TEST(all.error().is(errc::bad_response));
    }
}

BOOST_AUTO_TEST_CASE(ours_is_what_has_our_name_and_type)
{
    const own_mark mark{"postern"};
    auto d = read(sample).value();
    BOOST_TEST(mark.fits(d));
    d.type = "WEB";
    BOOST_TEST(!mark.fits(d));
    d.type = "DESKTOP";
    d.name = "postern-2";
    BOOST_TEST(!mark.fits(d));
}

BOOST_AUTO_TEST_CASE(a_registration_says_who_we_are)
{
    BOOST_TEST(json::serialize(registration_body(own_mark{"bot-1"})) ==
               R"({"name":"bot-1","deviceName":"postern","deviceType":"DESKTOP","model":"postern",)"
               R"("localizedModel":"postern","systemName":"postern","systemVersion":"1.0"})");
}

BOOST_AUTO_TEST_SUITE_END()
