#include "standin/test/behind.hpp"
#include "standin/test/running.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace postern;
using namespace postern::test;

json::object get(running& r, const std::string& path)
{
    const auto answer = call("GET", r.api_url(path));
    BOOST_TEST_REQUIRE(answer.status == 200U, answer.body);
    BOOST_TEST(answer.headers.get("Content-Type") == "application/json");
    return body_of(answer).as_object();
}

const headers as_json{{"Content-Type", "application/json"}};

} // namespace

BOOST_AUTO_TEST_SUITE(api)

BOOST_AUTO_TEST_CASE(a_tunnel_has_the_shape_of_the_reference)
{
    running r;
    r.online();
    const auto list = get(r, "/api/tunnels");
    BOOST_TEST(list.at("uri") == "/api/tunnels");
    BOOST_TEST_REQUIRE(list.at("tunnels").as_array().size() == 1U);
    const auto& t = list.at("tunnels").as_array()[0].as_object();
    BOOST_TEST(t.at("name") == "command_line");
    BOOST_TEST(t.at("uri") == "/api/tunnels/command_line");
    BOOST_TEST(t.at("public_url") == "https://humble-heron-standin.ngrok-free.test");
    BOOST_TEST(t.at("proto") == "https");
    BOOST_TEST(t.at("config").at("addr") == "http://127.0.0.1:9");
    BOOST_TEST(t.at("metrics").at("conns").at("gauge") == 0);
    BOOST_TEST(t.contains("ID"));
    BOOST_TEST(get(r, "/api/tunnels/command_line").at("name") == "command_line");
    BOOST_TEST(call("GET", r.api_url("/api/tunnels/nobody")).status == 404U);
}

BOOST_AUTO_TEST_CASE(an_endpoint_has_the_shape_of_the_reference)
{
    running r;
    r.online();
    const auto list = get(r, "/api/endpoints");
    const auto& e = list.at("endpoints").as_array().at(0).as_object();
    BOOST_TEST(e.at("url") == "https://humble-heron-standin.ngrok-free.test");
    BOOST_TEST(e.at("upstream").at("url") == "http://127.0.0.1:9");
    BOOST_TEST(!e.contains("metrics"));
    BOOST_TEST(get(r, "/api/endpoints/command_line").contains("metrics"));
    const auto status = get(r, "/api/status");
    BOOST_TEST(status.at("status") == "online");
    BOOST_TEST(status.at("agent_version") == "3.39.9");
}

BOOST_AUTO_TEST_CASE(old_agents_have_neither_endpoints_nor_status)
{
    running::options o;
    o.environment["FAKE_NGROK_VERSION"] = "3.2.x";
    o.configuration = "version: 2\nweb_addr: 127.0.0.1:0\n";
    running r(o);
    r.online();
    BOOST_TEST(call("GET", r.api_url("/api/endpoints")).status == 404U);
    BOOST_TEST(call("GET", r.api_url("/api/status")).status == 404U);
    BOOST_TEST(get(r, "/api/tunnels").at("tunnels").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(agent_2_3_lists_https_first_unless_told_otherwise)
{
    running::options o;
    o.environment["FAKE_NGROK_VERSION"] = "2.3.40";
    o.configuration = "web_addr: 127.0.0.1:0\n";
    running r(o);
    r.online();
    r.online();
    const auto list = get(r, "/api/tunnels").at("tunnels").as_array();
    BOOST_TEST(list.at(0).at("proto") == "https");
    BOOST_TEST(list.at(1).at("uri") == "/api/tunnels/command_line+%28http%29");
    BOOST_TEST(!list.at(0).as_object().contains("ID"));
    BOOST_TEST(get(r, "/api/tunnels/command_line+%28http%29").at("proto") == "http");
    r.strike("http-first");
    BOOST_TEST(get(r, "/api/tunnels").at("tunnels").as_array().at(0).at("proto") == "http");
}

BOOST_AUTO_TEST_CASE(the_list_is_empty_until_the_tunnel_is_there)
{
    running::options o;
    o.environment["FAKE_NGROK_FAULTS"] = "hang@web";
    running r(o);
    r.line("starting web service");
    BOOST_TEST(get(r, "/api/tunnels").at("tunnels").as_array().empty());
    const auto refused = call("POST", r.api_url("/api/tunnels"), as_json,
                              R"({"name":"a","proto":"http","addr":"http://127.0.0.1:9"})");
    BOOST_TEST(refused.status == 503U);
    BOOST_TEST(body_of(refused).at("error_code") == 104);
}

BOOST_AUTO_TEST_CASE(tunnels_are_opened_and_closed)
{
    running::options o;
    o.command = {"start", "--none"};
    running r(o);
    r.line("tunnel session started");
    const auto made = call("POST", r.api_url("/api/tunnels"), as_json,
                           R"({"name":"postern","proto":"http","addr":"http://127.0.0.1:9"})");
    BOOST_TEST(made.status == 201U);
    BOOST_TEST(body_of(made).at("name") == "postern");
    r.line("started tunnel");
    const auto twice = call("POST", r.api_url("/api/tunnels"), as_json,
                            R"({"name":"postern","proto":"http","addr":"http://127.0.0.1:9"})");
    BOOST_TEST(twice.status == 400U);
    const auto same_url = call("POST", r.api_url("/api/tunnels"), as_json,
                               R"({"name":"other","proto":"http","addr":"http://127.0.0.1:9"})");
    BOOST_TEST(same_url.status == 502U);
    BOOST_TEST(same_url.body.find("ERR_NGROK_334") != std::string::npos);
    BOOST_TEST(call("DELETE", r.api_url("/api/tunnels/postern")).status == 204U);
    BOOST_TEST(get(r, "/api/tunnels").at("tunnels").as_array().empty());

    BOOST_TEST(call("PUT", r.api_url("/api/endpoints/e"), as_json, R"({"upstream":{"url":"5000"}})").status ==
               201U);
    BOOST_TEST(call("PUT", r.api_url("/api/endpoints/e"), as_json, R"({"upstream":{"url":"5001"}})").status ==
               200U);
    BOOST_TEST(get(r, "/api/endpoints/e").at("upstream").at("url") == "http://localhost:5001");
}

BOOST_AUTO_TEST_CASE(what_it_does_not_understand_it_says)
{
    running r;
    r.online();
    const auto unknown = call("POST", r.api_url("/api/tunnels"), as_json,
                              R"({"name":"a","proto":"http","addr":"9","adr":"9"})");
    BOOST_TEST(unknown.status == 400U);
    BOOST_TEST(body_of(unknown).at("msg") == "invalid tunnel configuration");
    BOOST_TEST(call("POST", r.api_url("/api/tunnels"), as_json, "[]").status == 400U);
    BOOST_TEST(call("POST", r.api_url("/api/tunnels"), {}, "name=a").status == 415U);
    BOOST_TEST(call("GET", r.api_url("/api/nothing")).status == 404U);
    BOOST_TEST(call("GET", r.api_url("/api/tunnels"), {{"Host", "rebound.example.test"}}).status == 403U);
}

BOOST_AUTO_TEST_CASE(every_call_is_logged_twice)
{
    running r;
    r.online();
    get(r, "/api/tunnels");
    BOOST_TEST(r.line("\"start\"").find("\"pg\":\"/api/tunnels\"") != std::string::npos);
    const auto end = r.line("\"end\"");
    BOOST_TEST(end.find("\xc2\xb5s\"") != end.npos);
    BOOST_TEST(end.find("\"status\":200") != end.npos);
}

BOOST_AUTO_TEST_CASE(requests_are_kept_and_can_be_replayed)
{
    const behind upstream;
    running::options o;
    o.upstream = upstream.url();
    o.environment["FAKE_NGROK_URL"] = "public";
    running r(o);
    r.online();
    BOOST_TEST(call("POST", r.public_url("/hook"), {}, "once").status == 200U);
    const auto kept = get(r, "/api/requests/http").at("requests").as_array();
    BOOST_TEST_REQUIRE(kept.size() == 1U);
    BOOST_TEST(kept[0].at("request").at("uri") == "/hook");
    BOOST_TEST(kept[0].at("response").at("status_code") == 200);

    const auto again = R"({"id":")" + std::string(kept[0].at("id").as_string()) + R"("})";
    BOOST_TEST(call("POST", r.api_url("/api/requests/http"), as_json, again).status == 204U);
    const auto asked = upstream.asked();
    BOOST_TEST_REQUIRE(asked.size() == 2U);
    BOOST_TEST(asked[1].body == "once");
    BOOST_TEST(call("DELETE", r.api_url("/api/requests/http")).status == 204U);
    BOOST_TEST(get(r, "/api/requests/http").at("requests").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
