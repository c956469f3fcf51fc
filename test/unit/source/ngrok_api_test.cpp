#include "postern/source/tunnel/ngrok_api.hpp"

#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

constexpr auto target = "http://127.0.0.1:5000";
constexpr auto endpoints =
    R"({"endpoints":[{"name":"other","url":"https://other.example","upstream":{"url":"http://127.0.0.1:1"}},)"
    R"({"name":"command_line","url":"https://ours.example","upstream":{"url":"http://127.0.0.1:5000"}}],"uri":"/"})";
constexpr auto tunnels =
    R"~({"tunnels":[{"name":"command_line (http)","public_url":"http://ours.example","proto":"http",)~"
    R"~("config":{"addr":"http://localhost:5000","inspect":false}},)~"
    R"~({"name":"command_line","public_url":"https://ours.example","proto":"https",)~"
    R"~("config":{"addr":"http://localhost:5000","inspect":false}}],"uri":"/api/tunnels"})~";
constexpr auto online =
    R"({"status":"online","agent_version":"3.39.9","session":{"legs":[]},"uri":"/api/status"})";

using api_reader = ngrok_api; // the suite below has the class's name

struct stage
{
    std::shared_ptr<test::scripted_http_client> client = std::make_shared<test::scripted_http_client>();

    result<tunnel_view> look()
    {
        result<tunnel_view> seen = error(errc::stopped);
        test::run([&](net::io_context&) -> awaitable<void> {
            api_reader api(local_api(client, "127.0.0.1:40123"), target, "https");
            auto answer = co_await api.look(deadline::after(1s));
            seen = std::move(answer);
        });
        return seen;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ngrok_api)

BOOST_AUTO_TEST_CASE(our_endpoint_is_the_one_that_leads_to_our_listener)
{
    stage s;
    s.client->answer(200, endpoints).answer(200, online);
    const auto seen = s.look();
    BOOST_TEST_REQUIRE(seen.has_value());
    BOOST_TEST(seen->url.value() == "https://ours.example");
    BOOST_TEST(seen->connected.value());
    BOOST_TEST(s.client->requests().at(0).url == "http://127.0.0.1:40123/api/endpoints");
    BOOST_TEST(s.client->used_up());
}

BOOST_AUTO_TEST_CASE(an_older_agent_is_asked_for_its_tunnels)
{
    stage s;
    s.client->answer(404).answer(200, tunnels).answer(404);
    const auto seen = s.look();
    BOOST_TEST_REQUIRE(seen.has_value());
    BOOST_TEST(seen->url.value() == "https://ours.example");
    BOOST_TEST(!seen->connected.has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_list_means_that_there_is_no_endpoint_of_ours)
{
    stage s;
    s.client->answer(200, R"({"endpoints":[]})").answer(200, R"({"status":"connecting"})");
    const auto seen = s.look();
    BOOST_TEST_REQUIRE(seen.has_value());
    BOOST_TEST(seen->url.value().empty());
    BOOST_TEST(!seen->connected.value());
}

BOOST_AUTO_TEST_CASE(silence_and_nonsense_are_errors)
{
    {
        stage s;
        s.client->fail(errc::cannot_connect, false);
        BOOST_TEST(s.look().error().is(errc::cannot_connect));
    }
    {
        stage s;
        s.client->answer(500, "{}");
        BOOST_TEST(s.look().error().is(errc::bad_response));
    }
    for (const auto* body : {"", "[]", "{}", "null", R"({"endpoints":{}})", "<html>"})
    {
        stage s;
        s.client->answer(200, body);
        BOOST_TEST(s.look().error().is(errc::bad_response), body);
    }
}

BOOST_AUTO_TEST_CASE(entries_of_any_other_shape_are_left_out)
{
    const auto all = read_ngrok_endpoints(
        R"({"endpoints":[null,1,"x",{},{"url":7},{"url":"https://a.example"},{"url":"https://b.example","upstream":[]}]})");
    BOOST_TEST_REQUIRE(all.has_value());
    BOOST_TEST(all->size() == 2u);
    BOOST_TEST(our_ngrok_url(*all, target, "https").empty());
}

BOOST_AUTO_TEST_CASE(a_url_that_is_none_is_not_ours)
{
    for (const auto* url : {"javascript:x", "https://a.example/path", "https://", "ftp://a.example"})
        BOOST_TEST(our_ngrok_url({{url, target}}, target, "https").empty(), url);
    BOOST_TEST(our_ngrok_url({{"https://a.example/", target}}, target, "https") == "https://a.example");
    const std::vector<ngrok_endpoint> both{{"http://a.example", target}, {"https://a.example", target}};
    BOOST_TEST(our_ngrok_url(both, target, "https") == "https://a.example");
    BOOST_TEST(our_ngrok_url(both, target, "http") == "http://a.example");
    BOOST_TEST(our_ngrok_url({both.front()}, target, "https") == "http://a.example");
}

BOOST_AUTO_TEST_SUITE_END()
