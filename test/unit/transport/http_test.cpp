#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"

#include "postern/base/within.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>

#include <filesystem>

using namespace postern;
using namespace postern::transport;
using namespace std::chrono_literals;
using namespace net::experimental::awaitable_operators;
using tcp = net::ip::tcp;

namespace {

// Says back what it was asked; a few paths misbehave.
class echoing final : public http_handler
{
public:
    admission admit(const request& head) override
    {
        if (head.path() == "/refused")
            return {make_response(404, "nothing here\n", "text/plain"), {}, {}};
        if (head.path() == "/small")
            return {{}, std::size_t{10}, {}};
        if (head.path() == "/slow")
            return {{}, {}, 50ms};
        return {};
    }

    awaitable<response> answer(request asked) override
    {
        ++answered;
        if (asked.path() == "/throws")
            throw std::runtime_error("on purpose");
        if (asked.path() == "/slow")
            co_await pause_for(10s);
        if (asked.path() == "/gate")
        {
            entered.cancel();
            co_await gate.async_wait(as_result);
            ++left;
        }
        if (asked.path() == "/names")
        {
            std::string names;
            for (const auto& [name, value] : asked.headers)
                names += name + ' ';
            co_return make_response(200, names + asked.body, "text/plain");
        }
        if (asked.path() == "/unsafe")
        {
            auto bad = make_response(200, "", "text/plain");
            bad.headers.add("X-Bad", "a\r\nb: c");
            co_return bad;
        }
        auto answer = make_response(200, asked.method + ' ' + asked.target + ' ' + asked.body, "text/plain");
        if (asked.path() == "/cut")
            answer.cut_after = 60;
        if (asked.path() == "/drop")
            answer.cut_after = 0;
        co_return answer;
    }

    explicit echoing(net::io_context& io) : gate(io), entered(io)
    {
        gate.expires_at(net::steady_timer::time_point::max());
        entered.expires_at(net::steady_timer::time_point::max());
    }

    int answered = 0;
    net::steady_timer gate;    // whoever asks for /gate waits for it
    net::steady_timer entered; // cancelled when somebody does
    int left = 0;
};

struct house
{
    explicit house(net::io_context& io, http_server_options options = {})
        : handler(std::make_shared<echoing>(io)),
          server(std::move(*http_server::bind(io.get_executor(), std::move(options), handler, log.writer))),
          client(std::move(*make_http_client(io.get_executor(), {}, log.writer)))
    {
        server->start();
    }

    url at(std::string_view path) const
    {
        return *parse_url("http://" + server->address() + std::string(path));
    }

    test::captured_log log;
    std::shared_ptr<echoing> handler;
    std::unique_ptr<http_server> server;
    std::shared_ptr<http_client> client;
};

request ask(std::string method, std::string body = {})
{
    request what;
    what.method = std::move(method);
    what.body = std::move(body);
    return what;
}

// Writes bytes as they are and returns all that comes back until the server closes.
awaitable<std::string> raw(std::uint16_t port, std::string bytes)
{
    tcp::socket socket(co_await net::this_coro::executor);
    co_await socket.async_connect({net::ip::make_address("127.0.0.1"), port}, as_result);
    co_await net::async_write(socket, net::buffer(bytes), as_result);
    std::string answer;
    co_await net::async_read(socket, net::dynamic_buffer(answer), as_result);
    co_return answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(a_request_is_answered_and_its_connection_used_again)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (int i = 0; i < 3; ++i)
        {
            auto answer = co_await h.client->send(h.at("/a?b=c"), ask("POST", "body"), deadline::after(2s));
            BOOST_TEST_REQUIRE(answer.has_value());
            BOOST_TEST(answer->status == 200u);
            BOOST_TEST(answer->body == "POST /a?b=c body");
            BOOST_TEST(answer->headers.get("content-type") == "text/plain");
        }
        h.client->close_idle();
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_stop_ends_idle_connections_at_once)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto answer = co_await h.client->send(h.at("/"), ask("GET"), deadline::after(2s));
        BOOST_TEST_REQUIRE(answer.has_value());
        const auto begin = std::chrono::steady_clock::now();
        co_await h.server->stop(3s); // the client's idle connection is still open
        BOOST_TEST((std::chrono::steady_clock::now() - begin < 1s));
        h.client->close_idle();
    });
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_the_answer_under_way)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        const std::string request = "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n";
        auto stopping = [&h]() -> awaitable<void> {
            co_await h.handler->entered.async_wait(as_result);
            h.handler->gate.expires_after(50ms); // once the stop is under way
            co_await h.server->stop(3s);
        };
        const auto answer = co_await (raw(h.server->port(), request) && stopping());
        BOOST_TEST(answer.starts_with("HTTP/1.1 200"));
        BOOST_TEST(answer.find("Connection: close") != answer.npos);
        BOOST_TEST(h.handler->left == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_stop_that_has_waited_long_enough_cuts_the_handler_short)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        const std::string request = "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n";
        auto stopping = [&h]() -> awaitable<void> {
            co_await h.handler->entered.async_wait(as_result);
            co_await h.server->stop(50ms); // nobody opens the gate
        };
        co_await (raw(h.server->port(), request) && stopping());
        BOOST_TEST(h.handler->left == 1);
        BOOST_TEST(!h.log.says("connections were still open"));
    });
}

BOOST_AUTO_TEST_CASE(after_an_answer_that_came_too_late_the_connection_goes_on)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        const auto all = co_await raw(h.server->port(), "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"
                                                        "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"
                                                        "GET /on HTTP/1.1\r\nConnection: close\r\n\r\n");
        const auto late = all.find("HTTP/1.1 503"), again = all.find("HTTP/1.1 503", late + 1);
        BOOST_TEST_REQUIRE((late != all.npos && again != all.npos));
        BOOST_TEST(all.find("GET /on ", again) != all.npos);
        BOOST_TEST(h.log.says("not answered in time"));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(trailers_of_a_chunked_body_are_no_headers)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        http_server_options options;
        options.accept_chunked = true;
        house h(io, options);
        const auto answer = co_await raw(
            h.server->port(), "POST /names HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
                              "Trailer: Expires\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nExpires: never\r\n\r\n");
        BOOST_TEST(answer.find("Connection Transfer-Encoding Trailer abc") != answer.npos, answer);
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto all = co_await raw(h.server->port(), "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
                                                  "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxy"
                                                  "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        const auto one = all.find("GET /1 "), two = all.find("POST /2 xy"), three = all.find("GET /3 ");
        BOOST_TEST_REQUIRE((one != all.npos && two != all.npos && three != all.npos));
        BOOST_TEST((one < two && two < three));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(each_kind_of_bad_request_has_its_own_answer)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        http_server_options options;
        options.header_limit = 1024;
        options.body_limit = 100;
        options.read_timeout = 100ms;
        house h(io, options);
        const std::pair<std::string, std::string> rows[] = {
            {"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n", "413"},
            {"POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", "413"},
            {"GET / HTTP/1.1\r\nX: " + std::string(1100, 'x') + "\r\n\r\n", "431"},
            {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411"},
            {"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
            {"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
            {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"},
            {"nonsense\r\n\r\n", "400"},
            {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400"},
            {"GET / HTTP/1.1\r\nHost: h\r\n", "408"},
            {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf", "408"},
            {"GET /refused HTTP/1.1\r\nHost: h\r\n\r\n", "404"},
        };
        for (const auto& [bytes, status] : rows)
        {
            const auto answer = co_await raw(h.server->port(), bytes);
            BOOST_TEST(answer.starts_with("HTTP/1.1 " + status), "asked:\n"
                                                                     << bytes << "\nanswered:\n"
                                                                     << answer);
            BOOST_TEST(answer.find("Connection: close") != answer.npos);
        }
        BOOST_TEST(h.handler->answered == 0);
        BOOST_TEST(h.log.says("a TLS hello on a plain-HTTP port"));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_or_hangs_costs_one_answer_not_the_server)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto thrown = co_await h.client->send(h.at("/throws"), ask("GET"), deadline::after(2s));
        BOOST_TEST((thrown.has_value() && thrown->status == 500u));
        auto hung = co_await h.client->send(h.at("/slow"), ask("GET"), deadline::after(2s));
        BOOST_TEST((hung.has_value() && hung->status == 503u));
        auto unsafe = co_await h.client->send(h.at("/unsafe"), ask("GET"), deadline::after(2s));
        BOOST_TEST((unsafe.has_value() && unsafe->status == 500u));
        auto fine = co_await h.client->send(h.at("/"), ask("GET"), deadline::after(2s));
        BOOST_TEST((fine.has_value() && fine->status == 200u));
        BOOST_TEST(h.log.says("on purpose"));
        h.client->close_idle();
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(an_answer_that_breaks_off_is_an_error_that_says_so)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto cut = co_await h.client->send(h.at("/cut"), ask("GET"), deadline::after(2s));
        BOOST_TEST_REQUIRE(cut.has_error());
        BOOST_TEST(cut.error().is(errc::connection_lost));
        BOOST_TEST(cut.error().maybe_sent);
        BOOST_TEST(describe(cut.error()).find("GET http://127.0.0.1:") != std::string::npos);
        auto dropped = co_await h.client->send(h.at("/drop"), ask("GET"), deadline::after(2s));
        BOOST_TEST((dropped.has_error() && dropped.error().is(errc::connection_lost)));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(the_client_keeps_its_deadline_and_its_place)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        http_client_options options;
        options.connections_per_host = 1;
        auto narrow = *make_http_client(io.get_executor(), options, h.log.writer);
        for (int i = 0; i < 3; ++i) // a lost place would make the second wait for ever
        {
            auto late = co_await narrow->send(h.at("/slow"), ask("GET"), deadline::after(10ms));
            BOOST_TEST((late.has_error() && late.error().is(errc::timed_out)));
        }
        auto outer = co_await within(deadline::after(10ms),
                                     narrow->send(h.at("/slow"), ask("GET"), deadline::after(5s)));
        BOOST_TEST((outer.has_error() && outer.error().is(errc::timed_out)));
        auto fine = co_await narrow->send(h.at("/"), ask("GET"), deadline::after(2s));
        BOOST_TEST(fine.has_value());
        narrow->close_idle();
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_told_with_host_and_port)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        const auto where = h.at("/");
        co_await h.server->stop(1s);
        h.server.reset();
        auto answer = co_await h.client->send(where, ask("POST"), deadline::after(2s));
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().is(errc::cannot_connect));
        BOOST_TEST(!answer.error().maybe_sent);
    });
}

BOOST_AUTO_TEST_CASE(a_header_that_would_break_its_line_is_not_sent)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto what = ask("GET");
        what.headers.add("X-A", "b\r\nX-Forged: c");
        auto answer = co_await h.client->send(h.at("/"), std::move(what), deadline::after(2s));
        BOOST_TEST((answer.has_error() && answer.error().is(errc::bad_input)));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_refused_by_name)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        http_server_options options;
        options.listen = h.server->address();
        auto second = http_server::bind(io.get_executor(), options, h.handler, h.log.writer);
        BOOST_TEST_REQUIRE(second.has_error());
        BOOST_TEST(second.error().is(errc::address_in_use));
        BOOST_TEST(describe(second.error()).find(h.server->address()) != std::string::npos);
        for (const auto* bad : {"8080", "here:1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:1x"})
        {
            options.listen = bad;
            auto refused = http_server::bind(io.get_executor(), options, h.handler, h.log.writer);
            BOOST_TEST((refused.has_error() && refused.error().is(errc::bad_configuration)), bad);
        }
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_served_and_a_leftover_one_taken_over)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        using local = net::local::stream_protocol;
        const auto path = (std::filesystem::temp_directory_path() / "postern-test.sock").string();
        std::filesystem::remove(path);
        {
            local::acceptor died(io, local::endpoint(path)); // leaves its file behind
        }
        http_server_options options;
        options.listen = "unix:" + path;
        {
            house h(io, options);
            local::socket socket(io);
            const auto [refused] = co_await socket.async_connect(local::endpoint(path), as_result);
            BOOST_TEST_REQUIRE(!refused, refused.message());
            const std::string asked = "GET /over-unix HTTP/1.1\r\nConnection: close\r\n\r\n";
            co_await net::async_write(socket, net::buffer(asked), as_result);
            std::string answer;
            co_await net::async_read(socket, net::dynamic_buffer(answer), as_result);
            BOOST_TEST(answer.find("GET /over-unix") != answer.npos);
            auto second = http_server::bind(io.get_executor(), options, h.handler, h.log.writer);
            BOOST_TEST((second.has_error() && second.error().is(errc::address_in_use)));
            co_await h.server->stop(1s);
        }
        BOOST_TEST(!std::filesystem::exists(path));
    });
}

BOOST_AUTO_TEST_CASE(more_connections_than_allowed_wait_for_their_turn)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        http_server_options options;
        options.connections = 1;
        house h(io, options);
        auto one = co_await raw(h.server->port(), "GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n");
        auto two = co_await raw(h.server->port(), "GET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
        BOOST_TEST(one.find("GET /1") != one.npos);
        BOOST_TEST(two.find("GET /2") != two.npos);
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_SUITE_END()
