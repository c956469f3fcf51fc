#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"
#include "postern/transport/refused_handshake.hpp"
#include "postern/transport/websocket.hpp"

#include "postern/base/task_scope.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

using namespace postern;
using namespace postern::transport;
using namespace std::chrono_literals;
using tcp = net::ip::tcp;

namespace {

deadline soon() { return deadline::after(2s); }

// Says to every handshake what the test has put into it.
class refusing final : public http_handler
{
public:
    response says;
    request asked;

    awaitable<response> answer(request what) override
    {
        asked = std::move(what);
        co_return says;
    }
};

struct house
{
    explicit house(net::io_context& io)
        : handler(std::make_shared<refusing>()),
          server(std::move(*http_server::bind(io.get_executor(), {}, handler, log.writer))),
          client(std::move(*make_http_client(io.get_executor(), {}, log.writer)))
    {
        server->start();
    }

    awaitable<result<websocket_ptr>> open(deadline limit = soon())
    {
        const auto where = *parse_websocket_url("ws://" + server->address() + "/path?secret=1");
        header_fields headers{{"Authorization", "Bearer x"}};
        auto opened = co_await client->open_websocket(where, std::move(headers), {}, limit);
        co_return opened;
    }

    test::captured_log log;
    std::shared_ptr<refusing> handler;
    std::unique_ptr<http_server> server;
    std::shared_ptr<http_client> client;
};

// A server of one connection: hears the handshake, says what it was told to, and hangs up or not.
class raw_server
{
public:
    raw_server(net::io_context& io, std::string says, bool hangs_up)
        : acceptor_(io, tcp::endpoint(net::ip::make_address("127.0.0.1"), 0)), socket_(io),
          says_(std::move(says)), hangs_up_(hangs_up),
          running_([](std::exception_ptr) { BOOST_ERROR("the raw server threw"); })
    {
        running_.spawn(io.get_executor(), [this] { return serve(); });
    }

    url at() const
    {
        const auto port = acceptor_.local_endpoint().port();
        return *parse_websocket_url("ws://127.0.0.1:" + std::to_string(port) + "/");
    }
    awaitable<void> stop()
    {
        acceptor_.close();
        socket_.close();
        co_await running_.drained(soon());
    }

private:
    awaitable<void> serve()
    {
        co_await acceptor_.async_accept(socket_, as_result);
        std::string head;
        co_await net::async_read_until(socket_, net::dynamic_buffer(head), "\r\n\r\n", as_result);
        co_await net::async_write(socket_, net::buffer(says_), as_result);
        if (hangs_up_)
            socket_.close();
    }

    tcp::acceptor acceptor_;
    tcp::socket socket_;
    std::string says_;
    bool hangs_up_;
    task_scope running_;
};

constexpr std::string_view well_formed =
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// The first line of the answer.
awaitable<std::string> status_line(std::uint16_t port, std::string bytes)
{
    tcp::socket socket(co_await net::this_coro::executor);
    co_await socket.async_connect({net::ip::make_address("127.0.0.1"), port}, as_result);
    co_await net::async_write(socket, net::buffer(bytes), as_result);
    std::string answer;
    co_await net::async_read_until(socket, net::dynamic_buffer(answer), "\r\n", as_result);
    co_return answer.substr(0, answer.find('\r'));
}

std::string without(std::string text, std::string_view what)
{
    return text.erase(text.find(what), what.size());
}

request asking(header_fields fields, std::string method = "GET")
{
    request out;
    out.method = std::move(method);
    out.headers = std::move(fields);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(handshake)

BOOST_AUTO_TEST_CASE(a_refusal_says_what_to_do_next)
{
    struct row
    {
        unsigned status;
        errc code;
    };
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (const row& expected :
             {row{401, errc::token_rejected}, row{404, errc::not_found}, row{403, errc::api_rejected},
              row{426, errc::api_rejected}, row{429, errc::api_unavailable}, row{423, errc::api_unavailable},
              row{500, errc::api_unavailable}, row{503, errc::api_unavailable}, row{200, errc::bad_response},
              row{302, errc::bad_response}})
        {
            h.handler->says = make_response(expected.status, "because", "text/plain");
            h.handler->says.headers.add("TrackingID", "ROUTER_1");
            h.handler->says.headers.add("Retry-After", "7");
            auto opened = co_await h.open();
            BOOST_TEST_REQUIRE(opened.has_error());
            const auto why = opened.error();
            BOOST_TEST(why.is(expected.code), expected.status << ": " << describe(why));
            BOOST_TEST(why.status == expected.status);
            BOOST_TEST(why.tracking_id == "ROUTER_1");
            BOOST_TEST((why.retry_after == 7s));
            BOOST_TEST(why.theirs == "because");
            BOOST_TEST(describe(why).find("secret") == std::string::npos);
        }
        BOOST_TEST(h.handler->asked.headers.get("Authorization") == "Bearer x");
        BOOST_TEST(h.handler->asked.headers.get("User-Agent") == "postern");
        BOOST_TEST(h.handler->asked.headers.get("Host") == h.server->address());
        BOOST_TEST(h.handler->asked.target == "/path?secret=1");
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_in_both_forms)
{
    const auto now = *parse_http_date("Wed, 11 Feb 2026 09:14:27 GMT");
    const auto wait = [&](std::string text) {
        response answer;
        answer.status = 429;
        answer.headers.add("Retry-After", std::move(text));
        return refused_handshake(answer, {}, now).retry_after;
    };
    BOOST_TEST((wait("0") == 0s));
    BOOST_TEST((wait("120") == 120s));
    BOOST_TEST((wait("Wed, 11 Feb 2026 09:15:27 GMT") == 60s));
    BOOST_TEST((wait("Wed, 11 Feb 2026 09:00:00 GMT") == 0s));
    BOOST_TEST((wait("99999999999999999999999") == std::chrono::hours(24 * 365)));
    for (const auto* nonsense : {"", "soon", "-1", "1.5", "7x"})
        BOOST_TEST(!wait(nonsense).has_value(), nonsense);
}

BOOST_AUTO_TEST_CASE(long_words_of_the_peer_are_cut)
{
    response answer;
    answer.status = 503;
    answer.body.assign(10'000, 'x');
    BOOST_TEST(refused_handshake(answer, {}, {}).theirs.size() == 4096u);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_given_up_at_the_deadline)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        raw_server silent(io, "", false);
        auto opened = co_await h.client->open_websocket(silent.at(), {}, {}, deadline::after(30ms));
        BOOST_TEST((opened.has_error() && opened.error().is(errc::timed_out)));
        co_await silent.stop();
        raw_server half(io, "HTTP/1.1 101 Switching Pro", false);
        opened = co_await h.client->open_websocket(half.at(), {}, {}, deadline::after(30ms));
        BOOST_TEST((opened.has_error() && opened.error().is(errc::timed_out)));
        co_await half.stop();
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_handshake_is_refused)
{
    struct row
    {
        std::string bytes;
        errc code;
    };
    const std::string head = "HTTP/1.1 101 Switching Protocols\r\n";
    const std::vector<row> all{
        {"", errc::connection_lost},
        {"HTTP/1.1 101 Switch", errc::connection_lost},
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", errc::bad_response},
        {head + "\r\n", errc::bad_response},
        {head + "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", errc::bad_response},
        {head + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n", errc::bad_response},
        {head + "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
         errc::bad_response},
        {head + "X: " + std::string(100'000, 'x') + "\r\n\r\n", errc::too_large},
    };
    test::run([&](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (const auto& one : all)
        {
            raw_server peer(io, one.bytes, true);
            auto opened = co_await h.client->open_websocket(peer.at(), {}, {}, soon());
            BOOST_TEST_REQUIRE(opened.has_error(), one.bytes.substr(0, 200));
            BOOST_TEST(opened.error().is(one.code), describe(opened.error()));
            co_await peer.stop();
        }
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(headers_that_break_their_line_are_not_sent)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        header_fields bad{{"X-A", "b\r\nX-Forged: c"}};
        const auto where = *parse_websocket_url("ws://" + h.server->address() + "/");
        auto opened = co_await h.client->open_websocket(where, std::move(bad), {}, soon());
        BOOST_TEST((opened.has_error() && opened.error().is(errc::bad_input)));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(only_a_handshake_wants_a_websocket)
{
    const header_fields right{{"upgrade", "WebSocket"},
                              {"Connection", "keep-alive , Upgrade"},
                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                              {"Sec-WebSocket-Version", "13"}};
    BOOST_TEST(wants_websocket(asking(right)));
    BOOST_TEST(!wants_websocket(asking(right, "POST")));
    for (const auto& [name, value] : right)
    {
        auto lacking = right;
        lacking.remove(name);
        BOOST_TEST(!wants_websocket(asking(lacking)), name);
        auto wrong = right;
        wrong.set(name, name == "Sec-WebSocket-Key" ? "" : "keep-alive, 8");
        BOOST_TEST(!wants_websocket(asking(wrong)), name);
    }
}

BOOST_AUTO_TEST_CASE(a_server_switches_protocols_only_for_a_handshake)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        h.handler->says.status = 101;
        h.handler->says.upgraded = [](websocket_ptr ws) -> awaitable<void> {
            co_await ws->close(1000, "", soon());
        };
        const std::string right(well_formed);
        const std::vector<std::pair<std::string, std::string>> all{
            {right, "HTTP/1.1 101 Switching Protocols"},
            {without(right, "Upgrade: websocket\r\n"), "HTTP/1.1 500 Internal Server Error"},
            {without(right, "Host: h\r\n"), "HTTP/1.1 400 Bad Request"},
            {right + "\x81\x80", "HTTP/1.1 400 Bad Request"},
            {std::string(right).replace(right.find("dGhl"), 24, 100, 'x'), "HTTP/1.1 400 Bad Request"},
        };
        for (const auto& [bytes, expected] : all)
        {
            const auto line = co_await status_line(h.server->port(), bytes);
            BOOST_TEST(line == expected);
        }
        BOOST_TEST(h.log.says("did not ask for it"));
        BOOST_TEST(h.log.says("a websocket was not opened"));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_upgraded_is_logged_and_ends_the_connection)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        bool sent = false;
        h.handler->says.status = 101;
        h.handler->says.sent = [&] { sent = true; };
        h.handler->says.upgraded = [](websocket_ptr) -> awaitable<void> {
            throw std::runtime_error("on purpose");
            co_return;
        };
        auto opened = co_await h.open();
        BOOST_TEST_REQUIRE(opened.has_value());
        const auto next = co_await (*opened)->read(soon());
        BOOST_TEST_REQUIRE(std::holds_alternative<ws_end>(next));
        BOOST_TEST(std::get<ws_end>(next).code == 1006);
        BOOST_TEST(sent);
        BOOST_TEST(h.log.says("on purpose"));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_SUITE_END()
