#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"

#include "proxy_scene.hpp"

using namespace postern;
using namespace postern::test;
using namespace postern::transport;
using namespace std::chrono_literals;

namespace {

// Two requests over one tunnel, whatever lies between.
awaitable<void> two_requests(net::io_context& io, scene& s, std::string scheme)
{
    const auto client = s.client(io);
    for (int i = 0; i < 2; ++i)
    {
        auto answer = co_await client->send(s.at(scheme), post(std::string(300'000, 'x')), soon());
        BOOST_TEST_REQUIRE(answer.has_value(), told(answer));
        BOOST_TEST(answer->body.size() == 300'000u);
    }
    BOOST_TEST_REQUIRE(s.proxy->heads().size() == 1u);
    const auto& head = s.proxy->heads().front();
    const auto where = std::string(target_name) + ':' + std::to_string(s.target->port());
    BOOST_TEST(head.starts_with("CONNECT " + where + " HTTP/1.1\r\n"), head);
    BOOST_TEST(contains(head, "\r\nHost: " + where + "\r\n"), head);
    BOOST_TEST(contains(head, "\r\nUser-Agent: postern\r\n"), head);
    BOOST_TEST(!contains(head, "Authorization"), head);
    co_await s.end(client);
}

awaitable<void> a_websocket(net::io_context& io, scene& s, std::string scheme)
{
    const auto client = s.client(io, "me:hunter2@");
    auto opened = co_await client->open_websocket(s.at(scheme), {}, {}, soon());
    BOOST_TEST_REQUIRE(opened.has_value(), (opened.has_error() ? describe(opened.error()) : ""));
    auto ws = std::move(*opened);
    ws_message what;
    what.payload.assign(300'000, 'x');
    const auto sent = co_await ws->write(what, soon());
    BOOST_TEST(sent.has_value());
    const auto back = co_await ws->read(soon());
    BOOST_TEST_REQUIRE(std::holds_alternative<ws_message>(back));
    BOOST_TEST((std::get<ws_message>(back).payload == what.payload));
    const auto end = co_await ws->read(soon());
    BOOST_TEST_REQUIRE(std::holds_alternative<ws_end>(end));
    BOOST_TEST(std::get<ws_end>(end).code == 4000);
    BOOST_TEST_REQUIRE(s.proxy->heads().size() == 1u);
    // base64 of "me:hunter2"
    BOOST_TEST(contains(s.proxy->heads().front(), "\r\nProxy-Authorization: Basic bWU6aHVudGVyMg==\r\n"));
    co_await s.end(client);
}

} // namespace

BOOST_AUTO_TEST_SUITE(dialer)

BOOST_AUTO_TEST_CASE(an_http_target_is_reached_through_a_tunnel_that_is_used_again)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io);
        co_await two_requests(io, s, "http");
        BOOST_TEST(s.log.says("through a proxy"));
        BOOST_TEST(s.log.says(s.proxy_name));
    });
}

BOOST_AUTO_TEST_CASE(an_https_target_is_reached_through_a_plain_proxy_and_its_name_checked)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, {}, true);
        co_await two_requests(io, s, "https");
    });
}

BOOST_AUTO_TEST_CASE(an_http_target_is_reached_through_a_proxy_over_tls)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, over_tls());
        co_await two_requests(io, s, "http");
    });
}

BOOST_AUTO_TEST_CASE(an_https_target_is_reached_through_a_proxy_over_tls)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, over_tls(), true);
        co_await two_requests(io, s, "https");
    });
}

BOOST_AUTO_TEST_CASE(a_websocket_goes_through_the_proxy_with_user_and_password)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io);
        co_await a_websocket(io, s, "ws");
    });
}

BOOST_AUTO_TEST_CASE(a_websocket_over_tls_goes_through_the_proxy)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, {}, true);
        co_await a_websocket(io, s, "wss");
    });
}

BOOST_AUTO_TEST_CASE(a_websocket_over_tls_goes_through_a_proxy_over_tls)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, over_tls(), true);
        co_await a_websocket(io, s, "wss");
    });
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_in_small_pieces_and_have_headers)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto script = answering("HTTP/1.0 200 OK\r\nProxy-agent: tinyproxy/1.11\r\nContent-Length: 0\r\n\r\n",
                                scripted_proxy::then::relay);
        script.answer_in_bytes = true;
        scene s(io, std::move(script));
        const auto client = s.client(io);
        auto answer = co_await client->send(s.at("http"), post("x"), soon());
        BOOST_TEST(answer.has_value(), told(answer));
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(what_no_proxy_lists_is_reached_directly)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io);
        const auto client = s.client(io, "", 2s, "127.0.0.1");
        const auto where = *parse_url("http://" + s.target->address() + "/");
        auto answer = co_await client->send(where, post("x"), soon());
        BOOST_TEST(answer.has_value(), told(answer));
        BOOST_TEST(s.proxy->heads().empty());
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(a_proxy_that_goes_after_its_yes_is_named_with_the_failure)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, answering("HTTP/1.1 200 OK\r\n\r\n"), true);
        const auto client = s.client(io);
        auto answer = co_await client->send(s.at("https"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::tls_failed));
        BOOST_TEST(contains(told(answer), "ended the connection, through the proxy " + s.proxy_name),
                   told(answer));
        answer = co_await client->send(s.at("http"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::connection_lost), told(answer));
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(a_proxy_that_hangs_after_its_yes_costs_no_more_than_the_time_to_connect)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, answering("HTTP/1.1 200 OK\r\n\r\n", scripted_proxy::then::hold), true);
        const auto client = s.client(io, "", 100ms);
        auto answer = co_await client->send(s.at("https"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::timed_out), told(answer));
        BOOST_TEST(contains(told(answer), "through the proxy " + s.proxy_name), told(answer));
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(a_target_with_another_certificate_is_refused_behind_a_proxy_too)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        for (auto& script : {scripted_proxy::script(), over_tls()})
        {
            scene s(io, script, true);
            const auto client = s.client(io);
            const auto other = *parse_url("https://other.invalid:" + std::to_string(s.target->port()) + '/');
            auto answer = co_await client->send(other, post("x"), soon());
            BOOST_TEST_REQUIRE(answer.has_error());
            BOOST_TEST(answer.error().is(errc::tls_failed));
            BOOST_TEST(contains(told(answer), "CN=cloud.invalid"), told(answer));
            BOOST_TEST(contains(told(answer), "check the URL"), told(answer));
            co_await s.end(client);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_tls_proxy_that_nobody_knows_is_refused_and_named)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::certificates strange("IP:127.0.0.1", "Strange CA");
        auto script = over_tls();
        script.certificate = strange.path("cert.pem");
        script.key = strange.path("key.pem");
        scene s(io, std::move(script));
        const auto client = s.client(io, "me:hunter2@");
        auto answer = co_await client->send(s.at("http"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::tls_failed), told(answer));
        for (const auto& words : {"TLS handshake with the proxy " + s.proxy_name, std::string("Strange CA"),
                                  std::string("--ca-file"), std::string("HTTPS_PROXY")})
            BOOST_TEST(contains(told(answer), words), told(answer));
        BOOST_TEST(s.proxy->heads().empty()); // no password to a stranger
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(a_plain_proxy_that_is_taken_for_a_tls_one_says_so)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, answering("HTTP/1.1 400 Bad Request\r\n\r\n"));
        http_server_options plain;
        auto server =
            std::move(*http_server::bind(io.get_executor(), plain, std::make_shared<echo>(), s.log.writer));
        server->start();
        http_client_options options;
        proxy_settings ways;
        ways.proxy_loopback = true;
        ways.proxy = *parse_proxy("https://" + server->address(), "HTTPS_PROXY");
        options.proxy = *proxy_rules::make(ways, {});
        const auto client = *make_http_client(io.get_executor(), options, s.log.writer);
        auto answer = co_await client->send(s.at("http"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(contains(told(answer), "begin with http://"), told(answer));
        co_await server->stop(1s);
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(a_proxy_that_is_not_there_is_named_and_asked_again_the_next_time)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io);
        const auto client = s.client(io);
        co_await s.proxy->stop();
        auto answer = co_await client->send(s.at("http"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::cannot_connect), told(answer));
        BOOST_TEST(contains(told(answer), "connecting to the proxy " + s.proxy_name + ": Connection refused"),
                   told(answer));
        BOOST_TEST(contains(told(answer), "named by HTTPS_PROXY"), told(answer));
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(a_caller_that_is_stopped_does_not_wait_for_the_proxy)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        scene s(io, answering("", scripted_proxy::then::hold));
        const auto client = s.client(io);
        std::optional<result<response>> ended;
        const auto asking = [&]() -> awaitable<void> {
            ended = co_await client->send(s.at("http"), post("x"), soon());
        };
        task_scope scope([](std::exception_ptr) { BOOST_TEST(false); });
        scope.spawn(io.get_executor(), asking);
        while (s.proxy->heads().empty())
            co_await pause_for(1ms);
        scope.stop(net::cancellation_type::terminal);
        co_await scope.drained(soon());
        BOOST_TEST_REQUIRE(ended.has_value());
        BOOST_TEST_REQUIRE(ended->has_error());
        BOOST_TEST(ended->error().is(errc::stopped), told(*ended));
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_CASE(who_can_reach_nothing_hears_of_proxies_unless_one_is_set)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        test::captured_log log;
        const auto client = *make_http_client(io.get_executor(), {}, log.writer);
        const auto elsewhere =
            *parse_url("http://0.0.0.0:1/"); // nobody listens, and it is no loopback address
        auto answer = co_await client->send(elsewhere, post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(contains(told(answer), "--proxy"), told(answer));
        answer = co_await client->send(*parse_url("http://127.0.0.1:1/"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(!contains(told(answer), "--proxy"), told(answer));
    });
}

BOOST_AUTO_TEST_SUITE_END()
