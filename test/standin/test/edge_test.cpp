#include "postern/base/crypto.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/url.hpp"
#include "standin/test/behind.hpp"
#include "standin/test/running.hpp"
#include "support/run.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace postern;
using namespace postern::test;
using namespace std::string_literals;

constexpr auto public_name = "humble-heron-standin.ngrok-free.test";

running::options in_front_of(const std::string& upstream)
{
    running::options o;
    o.upstream = upstream;
    return o;
}

std::string code_of(const transport::response& answer)
{
    return std::string(answer.headers.get("ngrok-error-code"));
}

// Just those bytes, and all that comes back until the peer closes.
std::string exchange(const std::string& url, const std::string& bytes)
{
    const auto where = transport::parse_url(url).value();
    net::io_context io;
    net::ip::tcp::socket peer(io);
    peer.connect({net::ip::make_address(where.host), where.port});
    net::write(peer, net::buffer(bytes));
    std::string answer(64 * 1024, '\0');
    std::size_t size = 0;
    boost::system::error_code ec;
    while (!ec)
        size += peer.read_some(net::buffer(answer.data() + size, answer.size() - size), ec);
    answer.resize(size);
    return answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(edge)

BOOST_AUTO_TEST_CASE(a_request_arrives_as_it_was_sent)
{
    const behind upstream;
    running r(in_front_of(upstream.url()));
    r.online();
    const std::string body = "{ \"a\" : \"\xc3\xa4\" }\r\n\0\x01\xff"s;
    const auto answer =
        call("POST", r.public_url("/webhook?x=%20y"),
             {{"Host", public_name}, {"X-Spark-Signature", "abc"}, {"X-Forwarded-For", "10.0.0.1"}}, body);
    BOOST_TEST(answer.status == 200U);
    BOOST_TEST(answer.body == body);
    BOOST_TEST(answer.headers.get("X-Behind") == "yes");

    const auto asked = upstream.asked().at(0);
    BOOST_TEST(asked.method == "POST");
    BOOST_TEST(asked.target == "/webhook?x=%20y");
    BOOST_TEST(asked.body == body);
    BOOST_TEST(asked.headers.get("Host") == public_name);
    BOOST_TEST(asked.headers.count("Host") == 1U);
    BOOST_TEST(asked.headers.get("X-Spark-Signature") == "abc");
    BOOST_TEST(asked.headers.get("X-Forwarded-For") == "10.0.0.1, 127.0.0.1");
    BOOST_TEST(asked.headers.get("X-Forwarded-Proto") == "https");
    BOOST_TEST(asked.headers.get("X-Forwarded-Host") == public_name);
    BOOST_TEST(r.line("join connections").find("\"l\":\"127.0.0.1:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(chunks_arrive_as_one_body_and_hop_by_hop_fields_do_not)
{
    const behind upstream;
    running r(in_front_of(upstream.url()));
    r.online();
    const auto answer = exchange(r.public_url("/"),
                                 "POST /c HTTP/1.1\r\nHost: " + std::string(public_name) +
                                     "\r\nTransfer-Encoding: chunked\r\nConnection: close, X-Mine\r\nX-Mine: "
                                     "1\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
    BOOST_TEST(answer.starts_with("HTTP/1.1 200 "));
    BOOST_TEST(answer.ends_with("abcdefg"));
    const auto asked = upstream.asked().at(0);
    BOOST_TEST(asked.body == "abcdefg");
    BOOST_TEST(!asked.headers.has("X-Mine"));
    BOOST_TEST(!asked.headers.has("Transfer-Encoding"));
}

BOOST_AUTO_TEST_CASE(one_connection_carries_several_requests_and_is_logged_once)
{
    const behind upstream;
    running r(in_front_of(upstream.url()));
    r.online();
    const std::string head = " HTTP/1.1\r\nHost: " + std::string(public_name) + "\r\n";
    const auto answer =
        exchange(r.public_url("/"), "GET /1" + head + "\r\nGET /2" + head + "Connection: close\r\n\r\n");
    BOOST_TEST(answer.find("HTTP/1.1 200", 1) != answer.npos);
    BOOST_TEST(upstream.asked().size() == 2U);
    r.process().stop();
    const auto output = r.process().out();
    const auto first = output.find("join connections");
    BOOST_TEST(first != output.npos);
    BOOST_TEST(output.find("join connections", first + 1) == output.npos);
}

BOOST_AUTO_TEST_CASE(the_real_address_can_be_the_public_url)
{
    const behind upstream;
    auto o = in_front_of(upstream.url());
    o.environment["FAKE_NGROK_URL"] = "public";
    running r(o);
    const auto line = r.line("started tunnel");
    BOOST_TEST(line.find("\"url\":\"" + r.public_url("") + '"') != line.npos);
    BOOST_TEST(call("GET", r.public_url("/")).status == 200U);
    BOOST_TEST(upstream.asked().at(0).headers.get("X-Forwarded-Proto") == "http");
}

BOOST_AUTO_TEST_CASE(a_host_header_is_rewritten_on_demand)
{
    const behind upstream;
    auto o = in_front_of(upstream.url());
    o.flags.push_back("--host-header=rewrite");
    running r(o);
    r.online();
    call("GET", r.public_url("/"), {{"Host", public_name}});
    BOOST_TEST("http://" + std::string(upstream.asked().at(0).headers.get("Host")) == upstream.url());
    BOOST_TEST(upstream.asked().at(0).headers.get("X-Forwarded-Host") == public_name);
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has_is_offline)
{
    running r;
    r.online();
    const auto answer = call("GET", r.public_url("/"), {{"Host", "unknown.ngrok-free.test"}});
    BOOST_TEST(answer.status == 404U);
    BOOST_TEST(code_of(answer) == "ERR_NGROK_3200");
}

BOOST_AUTO_TEST_CASE(an_upstream_that_is_not_there_is_8012)
{
    running r;
    r.online();
    const auto answer = call("POST", r.public_url("/"), {{"Host", public_name}}, "x");
    BOOST_TEST(answer.status == 502U);
    BOOST_TEST(code_of(answer) == "ERR_NGROK_8012");
    BOOST_TEST(r.line("failed to open private leg").find("\"privaddr\":\"127.0.0.1:9\"") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_babbles_is_3004)
{
    const babbler upstream;
    running r(in_front_of(upstream.url()));
    r.online();
    const auto answer = call("GET", r.public_url("/"), {{"Host", public_name}});
    BOOST_TEST(answer.status == 502U);
    BOOST_TEST(code_of(answer) == "ERR_NGROK_3004");
}

BOOST_AUTO_TEST_CASE(browsers_are_warned_on_the_free_plan)
{
    const behind upstream;
    running r(in_front_of(upstream.url()));
    r.online();
    headers browser{{"Host", public_name}, {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"}};
    const auto warned = call("GET", r.public_url("/"), browser);
    BOOST_TEST(warned.status == 200U);
    BOOST_TEST(warned.headers.get("Content-Type") == "text/html");
    BOOST_TEST(code_of(warned) == "ERR_NGROK_6024");
    BOOST_TEST(upstream.asked().empty());
    browser.emplace_back("ngrok-skip-browser-warning", "1");
    BOOST_TEST(call("GET", r.public_url("/"), browser).headers.get("X-Behind") == "yes");
}

BOOST_AUTO_TEST_CASE(a_policy_lets_only_signed_webhooks_through)
{
    const behind upstream;
    const scratch files;
    auto o = in_front_of(upstream.url());
    o.flags.push_back("--traffic-policy-file=" +
                      files.write("policy.yml",
                                  "on_http_request:\n  - actions:\n      - type: verify-webhook\n"
                                  "        config:\n          provider: webex\n          secret: s\n"));
    running r(o);
    r.online();
    const auto refused =
        call("POST", r.public_url("/"), {{"Host", public_name}, {"X-Spark-Signature", "no"}}, "{}");
    BOOST_TEST(refused.status == 403U);
    BOOST_TEST(code_of(refused) == "ERR_NGROK_3204");
    const auto good = hmac_sha1_hex(secret("s"), "{}");
    BOOST_TEST(
        call("POST", r.public_url("/"), {{"Host", public_name}, {"X-Spark-Signature", good}}, "{}").status ==
        200U);
}

BOOST_AUTO_TEST_CASE(limits_and_outages_of_the_edge_come_on_demand)
{
    running r;
    r.online();
    r.strike("edge?mode=rate");
    const auto limited = call("GET", r.public_url("/"), {{"Host", public_name}});
    BOOST_TEST(limited.status == 429U);
    BOOST_TEST(code_of(limited) == "ERR_NGROK_734");
    r.strike("edge?mode=offline");
    BOOST_TEST(code_of(call("GET", r.public_url("/"), {{"Host", public_name}})) == "ERR_NGROK_3200");
}

BOOST_AUTO_TEST_CASE(websockets_pass)
{
    const behind upstream;
    auto o = in_front_of(upstream.url());
    o.environment["FAKE_NGROK_URL"] = "public";
    running r(o);
    r.online();
    const auto url = "ws" + r.public_url("/live").substr(4);
    run([&](net::io_context& io) -> awaitable<void> {
        auto client = transport::make_http_client(io.get_executor(), {}, quiet_log()).value();
        const auto limit = deadline::after(std::chrono::seconds(4));
        transport::websocket_options options;
        auto where = transport::parse_websocket_url(url).value();
        transport::header_fields none;
        auto opened = co_await client->open_websocket(std::move(where), std::move(none), options, limit);
        BOOST_TEST_REQUIRE(opened.has_value());
        transport::ws_message hello;
        hello.payload = "hello";
        co_await (*opened)->write(std::move(hello), limit);
        auto got = co_await (*opened)->read(limit);
        BOOST_TEST(std::get<transport::ws_message>(got).payload == "hello");
        co_await (*opened)->close(1000, "", limit);
    });
}

BOOST_AUTO_TEST_SUITE_END()
