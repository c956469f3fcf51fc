// Device registration as clients ask for it: protocol/mercury.md 3, and the recorded JS and webex_bot traces.

#include "cloud_fixture.hpp"

#include "postern/base/crypto.hpp"

using namespace postern;
using namespace postern::emulator;
using namespace postern::emulator::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view of_js = R"({"name":"node","deviceType":"WEB","model":"web-js-sdk",
    "localizedModel":"webex-js-sdk","systemName":"WEBEX_JS_SDK","systemVersion":"1.0.0","ttl":1800})";
constexpr std::string_view of_webex_bot = R"({"deviceName":"pywebsocket-client","deviceType":"DESKTOP",
    "localizedModel":"python","model":"python","name":"python-spark-client","systemName":"python-spark-client",
    "systemVersion":"0.1"})";
constexpr std::string_view wdm = "/wdm/api/v1/devices";
constexpr std::string_view wdm_elsewhere = "/wdm-elsewhere/api/v1/devices";

struct devices_fixture : cloud_fixture
{
    answered ask(std::string_view as, std::string method, std::string target, std::string_view body = {},
                 std::string etag = {})
    {
        auto r = request(as, std::move(method), std::move(target), std::string(body),
                         "application/json;charset=utf-8");
        if (!etag.empty())
            r.headers.add("If-None-Match", std::move(etag));
        return send(r);
    }
    answered enrol(std::string_view as, std::string_view body = of_webex_bot, std::string_view where = wdm)
    {
        return ask(as, "POST", std::string(where), body);
    }
    static std::string path_of(const answered& d)
    {
        constexpr std::string_view origin = "http://cloud.test:8080";
        const auto url = d.text("url");
        BOOST_TEST_REQUIRE(url.starts_with(origin));
        return url.substr(origin.size());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rest_devices, devices_fixture)

BOOST_AUTO_TEST_CASE(the_js_sdk_gets_the_members_it_got_when_it_was_recorded)
{
    const auto made =
        ask("bot", "POST", std::string(wdm) + "?includeUpstreamServices=all,energyforecast", of_js);
    BOOST_TEST(made.status == 200u);
    BOOST_TEST(made.header("etag") == "\"1\"");
    const auto& body = made.body.as_object();
    for (const auto* member :
         {"url", "webSocketUrl", "deviceType", "name", "model", "localizedModel", "systemName",
          "systemVersion", "capabilities", "features", "creationTime", "modificationTime", "deviceSettings",
          "deviceSettingsString", "userId", "orgId", "services"})
        BOOST_TEST(body.contains(member), member);
    BOOST_TEST(body.size() == 17u); // those, and no `ttl`
    BOOST_TEST(body.at("features") == json::parse(R"({"developer":[],"entitlement":[],"user":[]})"));
    BOOST_TEST(body.at("services") == json::parse(R"({
        "encryptionServiceUrl":"http://cloud.test:8080/encryption/api/v1",
        "conversationServiceUrl":"http://cloud.test:8080/conversation/api/v1"})"));
    BOOST_TEST(body.at("capabilities") == json::object());
    BOOST_TEST(body.at("deviceSettings") == json::object());
    BOOST_TEST(made.text("deviceSettingsString") == "{}");
    BOOST_TEST(made.text("name") == "node");
    BOOST_TEST(made.text("creationTime") == "2026-02-11T09:14:27.318Z");

    const auto token = c.token_of("bot");
    BOOST_TEST(made.text("orgId") == token.substr(token.rfind('_') + 1));
    BOOST_TEST(looks_like_uuid(made.text("userId")));
    const auto id = path_of(made).substr(wdm.size() + 1);
    BOOST_TEST(looks_like_uuid(id));
    const auto socket = made.text("webSocketUrl");
    BOOST_TEST(socket.starts_with("ws://cloud.test:8080/v1/apps/wx2/registrations/"));
    BOOST_TEST(socket.ends_with("/messages"));
    BOOST_TEST(socket.find(id) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(webex_bot_lists_first_and_finds_its_device_the_next_time)
{
    const auto none = ask("bot", "GET", std::string(wdm));
    BOOST_TEST(none.status == 404u);
    BOOST_TEST(!none.text("message").empty());
    const auto made = enrol("bot");
    BOOST_TEST(made.text("deviceName") == "pywebsocket-client");
    const auto found = ask("bot", "GET", std::string(wdm));
    BOOST_TEST(found.status == 200u);
    BOOST_TEST_REQUIRE(found.body.at("devices").as_array().size() == 1u);
    BOOST_TEST(found.body.at("devices").at(0) == made.body);
    const auto one = ask("bot", "GET", path_of(made));
    BOOST_TEST(one.body == made.body);
    BOOST_TEST(one.header("etag") == "\"1\"");
}

BOOST_AUTO_TEST_CASE(devices_are_a_persons_own)
{
    const auto path = path_of(enrol("alice"));
    BOOST_TEST(ask("bob", "GET", std::string(wdm)).status == 404u);
    BOOST_TEST(ask("bob", "GET", path).status == 404u);
    BOOST_TEST(ask("bob", "PUT", path, of_webex_bot).status == 404u);
    BOOST_TEST(ask("bob", "DELETE", path).status == 404u);
    BOOST_TEST(ask("alice", "GET", path).status == 200u);
    for (const auto* method : {"GET", "PUT", "DELETE"})
        BOOST_TEST(ask("", method, path).status == 401u, method);
    BOOST_TEST(ask("", "POST", std::string(wdm), of_js).status == 401u);
}

BOOST_AUTO_TEST_CASE(a_device_sent_back_as_it_was_received_changes_nothing)
{
    const auto made = enrol("bot");
    now += 5s;
    const auto same = ask("bot", "PUT", path_of(made), made.bytes);
    BOOST_TEST(same.status == 200u);
    BOOST_TEST(same.header("etag") == made.header("etag"));
    auto expected = made.body.as_object();
    expected["modificationTime"] = "2026-02-11T09:14:32.318Z";
    BOOST_TEST(same.body == expected);
}

BOOST_AUTO_TEST_CASE(a_change_gives_a_new_etag)
{
    const auto made = enrol("bot");
    const auto other = ask("bot", "PUT", path_of(made), R"({"name":"renamed"})", made.header("etag"));
    BOOST_TEST(other.status == 200u);
    BOOST_TEST(other.header("etag") == "\"2\"");
    BOOST_TEST(other.text("name") == "renamed");
    BOOST_TEST(other.text("model") == "python");
    BOOST_TEST(other.text("webSocketUrl") == made.text("webSocketUrl"));
    BOOST_TEST(other.body.at("features").as_object().contains("developer"));
}

BOOST_AUTO_TEST_CASE(who_has_the_current_version_is_told_so)
{
    const auto made = enrol("bot");
    const auto path = path_of(made) + "?includeUpstreamServices=all";
    const auto etag = made.header("etag");
    const auto empty = ask("bot", "PUT", path, "", etag);
    BOOST_TEST(empty.status == 304u);
    BOOST_TEST(empty.bytes.empty());
    BOOST_TEST(empty.header("etag") == etag);
    BOOST_TEST(ask("bot", "PUT", path, "{}", etag).status == 304u);
    BOOST_TEST(ask("bot", "PUT", path, "", "\"0\"").status == 200u);
    BOOST_TEST(ask("bot", "PUT", path).status == 200u);
    const auto full = ask("bot", "PUT", path, of_webex_bot, etag);
    BOOST_TEST(full.status == 200u);
    BOOST_TEST(keys_of(full.body.at("features").as_object()) == "entitlement,user");
}

BOOST_AUTO_TEST_CASE(a_brief_device_vanishes_unless_it_is_refreshed)
{
    const auto path = path_of(enrol("bot", of_js));
    now += 1799s;
    BOOST_TEST(ask("bot", "PUT", path).status == 200u);
    control("POST", "/clock", {{"advanceMs", 1'799'000}});
    BOOST_TEST(ask("bot", "GET", path).status == 200u);
    now += 1s;
    BOOST_TEST(ask("bot", "GET", path).status == 404u);
    BOOST_TEST(ask("bot", "PUT", path, of_js).status == 404u);
    BOOST_TEST(ask("bot", "GET", std::string(wdm)).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_deleted_device_is_gone)
{
    const auto path = path_of(enrol("bot"));
    const auto gone = ask("bot", "DELETE", path);
    BOOST_TEST(gone.status == 204u);
    BOOST_TEST(gone.bytes.empty());
    const auto again = ask("bot", "DELETE", path);
    BOOST_TEST(again.status == 404u);
    BOOST_TEST(!again.text("message").empty());
    BOOST_TEST(ask("bot", "GET", path).status == 404u);
    BOOST_TEST(ask("bot", "PUT", path, of_webex_bot).status == 404u);
}

BOOST_AUTO_TEST_CASE(too_many_devices_are_refused_in_the_words_clients_compare_and_can_still_be_listed)
{
    for (int i = 0; i < 100; ++i)
        BOOST_TEST_REQUIRE(enrol("bot").status == 200u);
    const auto no = enrol("bot");
    BOOST_TEST(no.status == 403u);
    BOOST_TEST(no.text("message") == "User has excessive device registrations");
    BOOST_TEST(enrol("alice").status == 200u);
    const auto all = ask("bot", "GET", std::string(wdm));
    BOOST_TEST(all.body.at("devices").as_array().size() == 100u);
    const auto& first = all.body.at("devices").at(0).as_object();
    BOOST_TEST(ask("bot", "DELETE", text_or(first, "url").substr(22)).status == 204u);
    BOOST_TEST(enrol("bot").status == 200u);
}

BOOST_AUTO_TEST_CASE(another_region_registers_as_well_and_knows_only_its_own)
{
    const auto deaf = enrol("bot", of_webex_bot, wdm_elsewhere);
    BOOST_TEST(deaf.status == 200u);
    const auto path = path_of(deaf);
    BOOST_TEST(path.starts_with(wdm_elsewhere));
    BOOST_TEST(deaf.text("webSocketUrl").starts_with("ws://cloud.test:8080/v1/apps/wx2/registrations/"));
    BOOST_TEST(ask("bot", "GET", std::string(wdm)).status == 404u);
    BOOST_TEST(ask("bot", "GET", std::string(wdm) + path.substr(path.rfind('/'))).status == 404u);
    BOOST_TEST(ask("bot", "GET", std::string(wdm_elsewhere)).body.at("devices").as_array().size() == 1u);
    BOOST_TEST(ask("bot", "PUT", path, of_webex_bot).status == 200u);
    const auto home = enrol("bot");
    BOOST_TEST(ask("bot", "GET", std::string(wdm_elsewhere) + path_of(home).substr(wdm.size())).status ==
               404u);
    BOOST_TEST(ask("bot", "DELETE", path).status == 204u);
    BOOST_TEST(ask("bot", "GET", path_of(home)).status == 200u);
}

BOOST_AUTO_TEST_CASE(hostile_registrations_are_refused_and_leave_nothing)
{
    const std::string deep = std::string(5000, '[') + std::string(5000, ']');
    for (const auto& body :
         {std::string(), std::string("{"), std::string("[]"), std::string("null"), std::string("\"x\""), deep,
          std::string("{}"), std::string(R"({"name":"x"})"), std::string(R"({"name":1,"deviceType":"WEB"})"),
          std::string(R"({"name":"x","deviceType":null})"), std::string("{\"name\":\"\xff\"}"),
          std::string(R"({"name":"x","deviceType":"WEB","ttl":"soon"})"),
          R"({"name":"x","deviceType":"WEB","model":")" + std::string(70'000, 'm') + "\"}"})
        BOOST_TEST(enrol("bot", body).status == 400u, body.substr(0, 60));
    BOOST_TEST(send(request("bot", "POST", std::string(wdm), std::string(of_js), "text/plain")).status ==
               415u);
    BOOST_TEST(ask("bot", "GET", std::string(wdm)).status == 404u);

    const auto made = enrol("bot");
    for (const auto* body : {"[]", "{", R"({"name":[]})", R"({"deviceType":null})", R"({"ttl":-1})"})
        BOOST_TEST(ask("bot", "PUT", path_of(made), body).status == 400u, body);
    BOOST_TEST(ask("bot", "GET", path_of(made)).body == made.body);
    for (const auto* id : {"x", "%00", "%FF", ".."})
        BOOST_TEST(ask("bot", "GET", std::string(wdm) + '/' + id).status == 404u, id);
    BOOST_TEST(ask("bot", "POST", path_of(made), of_js).status == 405u);
    BOOST_TEST(ask("bot", "PATCH", std::string(wdm)).status == 405u);
}

BOOST_AUTO_TEST_CASE(a_registration_is_no_page_of_the_api)
{
    const auto socket = enrol("bot").text("webSocketUrl");
    BOOST_TEST(ask("bot", "GET", socket.substr(socket.find("/v1/"))).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_devices)
{
    const auto path = path_of(enrol("bot"));
    BOOST_TEST(control("POST", "/reset").status < 300u);
    BOOST_TEST(ask("bot", "GET", path).status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()
