#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"

#include "support/captured_log.hpp"
#include "support/certificates.hpp"
#include "support/run.hpp"

#include <fstream>

using namespace postern;
using namespace postern::transport;
using namespace std::chrono_literals;

namespace {

const test::certificates& made()
{
    static const test::certificates once;
    return once;
}

// Says one message back, then goodbye.
awaitable<void> echo(websocket_ptr ws)
{
    auto next = co_await ws->read(deadline::after(2s));
    BOOST_TEST_REQUIRE(std::holds_alternative<ws_message>(next));
    co_await ws->write(std::get<ws_message>(std::move(next)), deadline::after(2s));
    co_await ws->close(4000, "enough", deadline::after(2s));
}

class greeting final : public http_handler
{
public:
    awaitable<response> answer(request asked) override
    {
        if (wants_websocket(asked))
        {
            response upgrade;
            upgrade.status = 101;
            upgrade.upgraded = echo;
            co_return upgrade;
        }
        co_return make_response(200, asked.body, "text/plain");
    }
};

struct secured
{
    explicit secured(net::io_context& io, const test::certificates& with = made())
    {
        http_server_options options;
        options.certificate_file = with.path("cert.pem");
        options.key_file = with.path("key.pem");
        server = std::move(
            *http_server::bind(io.get_executor(), options, std::make_shared<greeting>(), log.writer));
        server->start();
    }
    url at(const std::string& host, const std::string& scheme = "https") const
    {
        return *parse_url(scheme + "://" + host + ':' + std::to_string(server->port()) + "/");
    }
    test::captured_log log;
    std::unique_ptr<http_server> server;
};

std::shared_ptr<http_client> client_of(net::io_context& io, const log& out, std::string ca,
                                       bool insecure = false)
{
    http_client_options options;
    options.ca_file = std::move(ca);
    options.insecure = insecure;
    return *make_http_client(io.get_executor(), options, out);
}

request post(std::string body)
{
    request what;
    what.method = "POST";
    what.body = std::move(body);
    return what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(a_private_ca_is_trusted_when_it_is_named)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const auto client = client_of(io, s.log.writer, made().path("ca.pem"));
        for (int i = 0; i < 2; ++i) // the second time over the kept connection
        {
            auto answer =
                co_await client->send(s.at("localhost"), post(std::string(40'000, 'x')), deadline::after(4s));
            BOOST_TEST_REQUIRE(answer.has_value(), (answer.has_error() ? describe(answer.error()) : ""));
            BOOST_TEST(answer->body.size() == 40'000u);
        }
        client->close_idle();
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_websocket_over_tls_begins_speaks_and_ends)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const auto where = *parse_websocket_url("wss://localhost:" + std::to_string(s.server->port()) + "/");
        const auto stranger = client_of(io, s.log.writer, "");
        auto refused = co_await stranger->open_websocket(where, {}, {}, deadline::after(4s));
        BOOST_TEST((refused.has_error() && refused.error().is(errc::tls_failed)));

        const auto client = client_of(io, s.log.writer, made().path("ca.pem"));
        auto opened = co_await client->open_websocket(where, {}, {}, deadline::after(4s));
        BOOST_TEST_REQUIRE(opened.has_value(), (opened.has_error() ? describe(opened.error()) : ""));
        auto ws = std::move(*opened);
        ws_message what;
        what.payload.assign(300'000, 'x');
        const auto sent = co_await ws->write(what, deadline::after(4s));
        BOOST_TEST(sent.has_value());
        const auto back = co_await ws->read(deadline::after(4s));
        BOOST_TEST_REQUIRE(std::holds_alternative<ws_message>(back));
        BOOST_TEST((std::get<ws_message>(back).payload == what.payload));
        const auto end = co_await ws->read(deadline::after(4s));
        BOOST_TEST_REQUIRE(std::holds_alternative<ws_end>(end));
        BOOST_TEST(std::get<ws_end>(end).code == 4000);
        BOOST_TEST(std::get<ws_end>(end).reason == "enough");
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(an_unknown_ca_is_refused_with_subject_issuer_and_the_setting_that_helps)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const auto client = client_of(io, s.log.writer, "");
        auto answer = co_await client->send(s.at("localhost"), post("x"), deadline::after(4s));
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::tls_failed));
        BOOST_TEST(!answer.error().maybe_sent);
        const auto line = describe(answer.error());
        for (const auto* words : {"localhost", "CN=localhost", "Postern Test CA", "--ca-file"})
            BOOST_TEST(line.find(words) != line.npos, line);
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_firewall_that_opens_the_connection_is_recognised)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::certificates of_firewall("DNS:localhost", "Example Corp Zscaler Root CA");
        secured s(io, of_firewall);
        const auto client = client_of(io, s.log.writer, "");
        auto answer = co_await client->send(s.at("localhost"), post("x"), deadline::after(4s));
        BOOST_TEST_REQUIRE(answer.has_error());
        const auto line = describe(answer.error());
        for (const auto* words : {"Zscaler Root CA", "firewall or proxy on the way opens", "--ca-file"})
            BOOST_TEST(line.find(words) != line.npos, line);
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(the_ca_file_comes_on_top_of_what_SSL_CERT_FILE_names)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        const test::certificates second("DNS:localhost", "Another CA");
        secured one(io);
        secured other(io, second);
        const test::variable trusted("SSL_CERT_FILE", made().path("ca.pem"));
        const auto by_variable = client_of(io, one.log.writer, "");
        const auto by_both = client_of(io, one.log.writer, second.path("ca.pem"));

        auto answer = co_await by_variable->send(one.at("localhost"), post("x"), deadline::after(4s));
        BOOST_TEST(answer.has_value());
        auto refused = co_await by_variable->send(other.at("localhost"), post("x"), deadline::after(4s));
        BOOST_TEST_REQUIRE(refused.has_error());
        const auto line = describe(refused.error());
        BOOST_TEST(line.find("trusted is what SSL_CERT_FILE names, " + made().path("ca.pem")) != line.npos,
                   line);
        for (const auto* server : {&one, &other})
        {
            answer = co_await by_both->send(server->at("localhost"), post("x"), deadline::after(4s));
            BOOST_TEST(answer.has_value());
        }
        by_variable->close_idle();
        by_both->close_idle();
        co_await one.server->stop(1s);
        co_await other.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_file_of_SSL_CERT_FILE_that_is_not_there_is_told_with_the_refusal)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const test::variable trusted("SSL_CERT_FILE", "/nowhere.pem");
        const auto client = client_of(io, s.log.writer, "");
        auto refused = co_await client->send(s.at("localhost"), post("x"), deadline::after(4s));
        BOOST_TEST_REQUIRE(refused.has_error());
        const auto line = describe(refused.error());
        BOOST_TEST(line.find("/nowhere.pem, which can't be read") != line.npos, line);
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_name_is_refused)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const auto client = client_of(io, s.log.writer, made().path("ca.pem"));
        auto answer = co_await client->send(s.at("127.0.0.1"), post("x"), deadline::after(4s));
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::tls_failed));
        const auto line = describe(answer.error());
        BOOST_TEST(line.find("check the URL") != line.npos, line);
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(insecure_works_and_shouts)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const auto client = client_of(io, s.log.writer, "", true);
        BOOST_TEST(s.log.says("NOT checked"));
        auto answer = co_await client->send(s.at("127.0.0.1"), post("x"), deadline::after(4s));
        BOOST_TEST(answer.has_value());
        client->close_idle();
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(https_to_a_plain_port_says_so)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        test::captured_log log;
        auto plain =
            std::move(*http_server::bind(io.get_executor(), {}, std::make_shared<greeting>(), log.writer));
        plain->start();
        const auto client = client_of(io, log.writer, "");
        const auto where = *parse_url("https://" + plain->address() + "/");
        auto answer = co_await client->send(where, post("x"), deadline::after(4s));
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(describe(answer.error()).find("begin with http://") != std::string::npos,
                   describe(answer.error()));
        BOOST_TEST(log.says("a TLS hello on a plain-HTTP port"));
        co_await plain->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(plain_http_to_a_tls_port_fails_and_the_server_goes_on)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        secured s(io);
        const auto client = client_of(io, s.log.writer, made().path("ca.pem"));
        auto refused = co_await client->send(s.at("localhost", "http"), post("x"), deadline::after(4s));
        BOOST_TEST(refused.has_error());
        auto fine = co_await client->send(s.at("localhost"), post("x"), deadline::after(4s));
        BOOST_TEST(fine.has_value());
        client->close_idle();
        co_await s.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(files_that_are_no_certificates_are_named)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        test::captured_log log;
        http_server_options options;
        options.certificate_file = made().path("ext");
        options.key_file = made().path("key.pem");
        const auto bad =
            http_server::bind(io.get_executor(), options, std::make_shared<greeting>(), log.writer);
        BOOST_TEST_REQUIRE(bad.has_error());
        BOOST_TEST(describe(bad.error()).find(options.certificate_file) != std::string::npos);
        http_client_options no_ca;
        no_ca.ca_file = "/nowhere.pem";
        const auto unreadable = make_http_client(io.get_executor(), no_ca, log.writer);
        BOOST_TEST_REQUIRE(unreadable.has_error());
        BOOST_TEST(describe(unreadable.error()).find("/nowhere.pem") != std::string::npos);
        co_return;
    });
}

BOOST_AUTO_TEST_SUITE_END()
