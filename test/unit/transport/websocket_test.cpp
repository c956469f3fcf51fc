#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"
#include "postern/transport/websocket.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "support/captured_log.hpp"
#include "support/run.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <deque>

using namespace postern;
using namespace postern::transport;
using namespace std::chrono_literals;
using tcp = net::ip::tcp;

namespace {

deadline soon() { return deadline::after(2s); }

ws_message text(std::string payload) { return {std::move(payload), false}; }

// Opens every websocket it is asked for; the path says how it behaves then.
class far_end final : public http_handler
{
public:
    std::deque<ws_end> ends; // how the websockets here ended
    int open = 0;

    awaitable<response> answer(request asked) override
    {
        response upgrade;
        upgrade.status = 101;
        upgrade.headers.add("X-Far-End", "yes");
        const auto path = std::string(asked.path());
        upgrade.upgraded = [this, path](websocket_ptr ws) { return play(path, std::move(ws)); };
        co_return upgrade;
    }

private:
    awaitable<void> play(std::string path, websocket_ptr ws)
    {
        ++open;
        if (path == "/deaf") // neither reads nor answers
            co_await pause_for(10s);
        else if (path == "/bye")
            co_await ws->close(4401, "bad token", soon());
        else if (path == "/patient")
            co_await give_up(*ws);
        else if (path == "/hasty")
            ends.push_back(std::get<ws_end>(co_await ws->read(deadline::after(30ms))));
        else if (path == "/cut")
            ws->cut();
        else
            co_await echo(*ws);
        --open;
    }

    awaitable<void> echo(websocket& ws)
    {
        for (;;)
        {
            auto next = co_await ws.read(deadline::after(30s));
            if (const auto* end = std::get_if<ws_end>(&next))
            {
                ends.push_back(*end);
                co_return;
            }
            co_await ws.write(std::get<ws_message>(std::move(next)), soon());
        }
    }

    // Says goodbye to a peer that does not answer, then tells how its websocket ended.
    awaitable<void> give_up(websocket& ws)
    {
        co_await ws.close(1001, "going away", deadline::after(50ms));
        auto next = co_await ws.read(soon());
        ends.push_back(std::get<ws_end>(next));
    }
};

struct house
{
    explicit house(net::io_context& io, http_server_options options = {})
        : handler(std::make_shared<far_end>()),
          server(std::move(*http_server::bind(io.get_executor(), std::move(options), handler, log.writer))),
          client(std::move(*make_http_client(io.get_executor(), {}, log.writer)))
    {
        server->start();
    }

    url at(std::string_view path) const
    {
        return *parse_websocket_url("ws://" + server->address() + std::string(path));
    }

    awaitable<websocket_ptr> open(std::string path, websocket_options options = {})
    {
        auto opened = co_await client->open_websocket(at(path), {}, options, soon());
        BOOST_TEST_REQUIRE(opened.has_value(), (opened.has_error() ? describe(opened.error()) : ""));
        co_return std::move(*opened);
    }

    test::captured_log log;
    std::shared_ptr<far_end> handler;
    std::unique_ptr<http_server> server;
    std::shared_ptr<http_client> client;
};

// Lets everything run that can run without waiting.
awaitable<void> settle()
{
    for (int i = 0; i < 50; ++i)
        co_await net::post(co_await net::this_coro::executor, as_result);
}

std::string payload_of(const ws_incoming& from)
{
    const auto* message = std::get_if<ws_message>(&from);
    return message ? message->payload : "(no message)";
}

ws_end end_of(const ws_incoming& from)
{
    const auto* end = std::get_if<ws_end>(&from);
    BOOST_TEST_REQUIRE(end);
    return *end;
}

constexpr auto handshake =
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// A peer that writes bytes as they are. The mask of its frames is four zeros.
struct raw_peer
{
    explicit raw_peer(const net::any_io_executor& where) : socket(where) {}

    awaitable<void> shake_hands(std::uint16_t port, std::string path = "/")
    {
        co_await socket.async_connect({net::ip::make_address("127.0.0.1"), port}, as_result);
        auto asks = std::string(handshake);
        asks.replace(asks.find("/"), 1, path);
        co_await say(std::move(asks));
        std::string head;
        const auto [ec, size] =
            co_await net::async_read_until(socket, net::dynamic_buffer(head), "\r\n\r\n", as_result);
        answer = head.substr(0, size);
        got = head.substr(size);
    }
    awaitable<void> say(std::string bytes)
    {
        co_await net::async_write(socket, net::buffer(bytes), as_result);
    }
    // All until the other side ends the connection.
    awaitable<std::string> rest()
    {
        co_await net::async_read(socket, net::dynamic_buffer(got), as_result);
        co_return got;
    }
    awaitable<std::string> bytes(std::size_t count)
    {
        while (got.size() < count)
        {
            std::string more(count - got.size(), '\0');
            const auto [ec, size] = co_await net::async_read(socket, net::buffer(more), as_result);
            got += more.substr(0, size);
            if (ec)
                break;
        }
        auto taken = got.substr(0, count);
        got.erase(0, count);
        co_return taken;
    }

    tcp::socket socket;
    std::string answer;
    std::string got;
};

using namespace std::string_literals;

} // namespace

BOOST_AUTO_TEST_SUITE(websocket)

BOOST_AUTO_TEST_CASE(messages_of_both_kinds_and_any_size_arrive_whole)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/echo");
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{125}, std::size_t{126},
                                       std::size_t{70'000}, std::size_t{1'000'000}})
            for (const bool binary : {false, true})
            {
                ws_message what;
                what.payload.assign(size, 'x');
                what.binary = binary;
                const auto sent = co_await ws->write(what, soon());
                BOOST_TEST(sent.has_value());
                const auto back = co_await ws->read(soon());
                BOOST_TEST_REQUIRE(std::holds_alternative<ws_message>(back));
                BOOST_TEST((std::get<ws_message>(back).payload == what.payload), size);
                BOOST_TEST(std::get<ws_message>(back).binary == binary);
            }
        co_await ws->close(1000, "done", soon());
        co_await h.server->stop(1s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 1u);
        BOOST_TEST(h.handler->ends[0].code == 1000);
        BOOST_TEST(h.handler->ends[0].reason == "done");
        BOOST_TEST(h.handler->ends[0].why.is(errc::connection_lost));
    });
}

BOOST_AUTO_TEST_CASE(messages_of_several_coroutines_leave_whole_and_in_order)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/echo");
        task_scope writers([](std::exception_ptr) { BOOST_ERROR("a writer threw"); });
        constexpr int count = 20;
        auto* to = ws.get();
        for (int i = 0; i < count; ++i)
        {
            auto write = [to, i]() -> awaitable<void> {
                auto what = text(std::to_string(i) + ' ' + std::string(20'000, static_cast<char>('a' + i)));
                const auto sent = co_await to->write(std::move(what), soon());
                BOOST_TEST(sent.has_value());
            };
            writers.spawn(io.get_executor(), std::move(write));
        }
        for (int i = 0; i < count; ++i)
        {
            const auto back = payload_of(co_await ws->read(soon()));
            BOOST_TEST((back == std::to_string(i) + ' ' + std::string(20'000, static_cast<char>('a' + i))),
                       i);
        }
        co_await writers.drained(soon());
        co_await ws->close(1000, "", soon());
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(code_and_reason_of_the_peer_are_told_and_stay)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/bye");
        for (int i = 0; i < 2; ++i)
        {
            const auto end = end_of(co_await ws->read(soon()));
            BOOST_TEST(end.code == 4401);
            BOOST_TEST(end.reason == "bad token");
            BOOST_TEST(end.why.is(errc::connection_lost));
        }
        const auto late = co_await ws->write(text("?"), soon());
        BOOST_TEST((late.has_error() && late.error().is(errc::connection_lost)));
        co_await ws->close(1000, "", soon());
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_ends_with_1006)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/cut");
        const auto end = end_of(co_await ws->read(soon()));
        BOOST_TEST(end.code == 1006);
        BOOST_TEST(end.why.is(errc::connection_lost));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_read_ends_at_its_deadline_and_with_it_the_connection)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/echo");
        const auto end = end_of(co_await ws->read(deadline::after(20ms)));
        BOOST_TEST(end.code == 1006);
        BOOST_TEST(end.why.is(errc::timed_out));
        const auto late = co_await ws->write(text("?"), soon());
        BOOST_TEST((late.has_error() && late.error().is(errc::timed_out)));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_is_stopped)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (const bool under_way : {true, false})
        {
            auto ws = co_await h.open("/deaf");
            std::vector<ws_end> ends;
            task_scope reader([](std::exception_ptr) { BOOST_ERROR("the reader threw"); });
            auto read = [&]() -> awaitable<void> {
                if (!under_way)
                    co_await pause_for(10s); // ended by the cancellation; the read comes after it
                for (int i = 0; i < 2; ++i)
                    ends.push_back(end_of(co_await ws->read(soon())));
            };
            reader.spawn(io.get_executor(), read);
            co_await settle();
            const auto begin = deadline::clock::now();
            reader.stop(net::cancellation_type::total);
            co_await reader.drained(soon());
            BOOST_TEST((deadline::clock::now() - begin < 1s));
            BOOST_TEST_REQUIRE(ends.size() == 2u);
            for (const auto& end : ends)
                BOOST_TEST((end.code == 1006 && end.why.is(errc::stopped)));
        }
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_cut_ends_reads_and_writes_of_others)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        websocket_options roomy;
        roomy.unsent_limit = 40'000'000;
        auto ws = co_await h.open("/deaf", roomy);
        std::optional<ws_end> end;
        std::vector<result<>> written;
        task_scope others([](std::exception_ptr) { BOOST_ERROR("it threw"); });
        auto read = [&]() -> awaitable<void> { end = end_of(co_await ws->read(soon())); };
        auto write = [&]() -> awaitable<void> {
            auto what = text(std::string(32'000'000, 'x')); // more than the kernel takes
            written.push_back(co_await ws->write(std::move(what), soon()));
        };
        auto write_more = [&]() -> awaitable<void> {
            written.push_back(co_await ws->write(text("behind it"), soon()));
        };
        others.spawn(io.get_executor(), read);
        others.spawn(io.get_executor(), write);
        others.spawn(io.get_executor(), write_more);
        co_await settle();
        auto too_much = text(std::string(9'000'000, 'y'));
        const auto refused = co_await ws->write(std::move(too_much), soon());
        BOOST_TEST((refused.has_error() && refused.error().is(errc::too_large)));
        BOOST_TEST(others.size() == 3u);
        ws->cut();
        const bool over = co_await others.drained(soon());
        BOOST_TEST_REQUIRE(over);
        BOOST_TEST_REQUIRE(end.has_value());
        BOOST_TEST(end->code == 1006);
        BOOST_TEST(end->why.is(errc::stopped));
        for (const auto& one : written)
            BOOST_TEST((one.has_error() && one.error().is(errc::stopped)));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_write_that_nobody_takes_gives_up_at_its_deadline)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/deaf");
        auto what = text(std::string(32'000'000, 'x'));
        const auto sent = co_await ws->write(std::move(what), deadline::after(30ms));
        BOOST_TEST((sent.has_error() && sent.error().is(errc::timed_out)));
        const auto end = end_of(co_await ws->read(soon()));
        BOOST_TEST(end.why.is(errc::timed_out));
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_write_does_not_take_the_deadline_from_a_read)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/deaf");
        std::optional<ws_end> end;
        task_scope reader([](std::exception_ptr) { BOOST_ERROR("it threw"); });
        auto read = [&]() -> awaitable<void> { end = end_of(co_await ws->read(deadline::after(50ms))); };
        reader.spawn(io.get_executor(), read);
        co_await settle();
        const auto sent = co_await ws->write(text("short"), soon());
        BOOST_TEST(sent.has_value());
        const bool over = co_await reader.drained(deadline::after(1s));
        BOOST_TEST(over);
        BOOST_TEST((end && end->why.is(errc::timed_out)));
        ws->cut();
        co_await reader.drained(soon());
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_close_waits_for_the_peers_goodbye_while_another_coroutine_reads)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto ws = co_await h.open("/echo");
        std::optional<ws_end> end;
        task_scope reader([](std::exception_ptr) { BOOST_ERROR("it threw"); });
        auto read = [&]() -> awaitable<void> { end = end_of(co_await ws->read(soon())); };
        reader.spawn(io.get_executor(), read);
        co_await settle();
        co_await ws->close(1000, "bye", soon());
        co_await reader.drained(soon());
        BOOST_TEST_REQUIRE(end.has_value());
        BOOST_TEST(end->code == 1000);
        BOOST_TEST(end->why.is(errc::stopped));
        co_await h.server->stop(1s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 1u);
        BOOST_TEST(h.handler->ends[0].reason == "bye");
    });
}

BOOST_AUTO_TEST_CASE(a_close_gives_up_at_its_deadline)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (const bool with_reader : {false, true})
        {
            auto ws = co_await h.open("/deaf");
            std::optional<ws_end> end;
            task_scope reader([](std::exception_ptr) { BOOST_ERROR("it threw"); });
            auto read = [&]() -> awaitable<void> { end = end_of(co_await ws->read(soon())); };
            if (with_reader)
                reader.spawn(io.get_executor(), read);
            co_await settle();
            const auto begin = deadline::clock::now();
            co_await ws->close(1000, std::string(300, 'r'), deadline::after(50ms));
            BOOST_TEST((deadline::clock::now() - begin >= 45ms));
            BOOST_TEST((deadline::clock::now() - begin < 1s));
            co_await reader.drained(soon());
            BOOST_TEST(end.has_value() == with_reader);
            end = end_of(co_await ws->read(soon()));
            BOOST_TEST(end->code == 1006);
        }
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_message_over_the_limit_is_refused_with_1009)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        http_server_options options;
        options.websocket.message_limit = 1000;
        house h(io, options);
        auto ws = co_await h.open("/echo");
        co_await ws->write(text(std::string(1000, 'x')), soon());
        const auto fits = payload_of(co_await ws->read(soon()));
        BOOST_TEST(fits.size() == 1000u);
        co_await ws->write(text(std::string(1001, 'x')), soon());
        const auto end = end_of(co_await ws->read(soon()));
        BOOST_TEST(end.code == 1009);
        co_await h.server->stop(1s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 1u);
        BOOST_TEST(h.handler->ends[0].code == 1009);
        BOOST_TEST(h.handler->ends[0].why.is(errc::too_large));
    });
}

BOOST_AUTO_TEST_CASE(a_flood_over_the_limit_still_learns_why)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        http_server_options options;
        options.websocket.message_limit = 1000;
        house h(io, options);
        auto ws = co_await h.open("/echo");
        task_scope writer([](std::exception_ptr) { BOOST_ERROR("it threw"); });
        auto write = [&]() -> awaitable<void> {
            co_await ws->write(text(std::string(2'000'000, 'x')), soon());
        };
        writer.spawn(io.get_executor(), write);
        const auto end = end_of(co_await ws->read(soon()));
        BOOST_TEST(end.code == 1009);
        co_await writer.drained(soon());
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_ping_is_answered_while_a_read_is_under_way)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        raw_peer peer(io.get_executor());
        co_await peer.shake_hands(h.server->port());
        BOOST_TEST(peer.answer.find("101 Switching") != peer.answer.npos);
        BOOST_TEST(peer.answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != peer.answer.npos);
        BOOST_TEST(peer.answer.find("X-Far-End: yes") != peer.answer.npos);
        co_await peer.say("\x89\x82\0\0\0\0hi"s);
        const auto pong = co_await peer.bytes(4);
        BOOST_TEST(pong == "\x8a\x02hi"s);
        co_await peer.say("\x81\x82\0\0\0\0yo"s);
        const auto echo = co_await peer.bytes(4);
        BOOST_TEST(echo == "\x81\x02yo"s);
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_flood_of_pings_does_not_keep_a_read_from_its_deadline)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        raw_peer peer(io.get_executor());
        co_await peer.shake_hands(h.server->port(), "/hasty");
        std::string pings;
        for (int i = 0; i < 1000; ++i)
            pings += "\x89\x82\0\0\0\0hi"s;
        std::string pongs(64 * 1024, '\0');
        for (error_code ended; !ended;) // until the server hangs up
        {
            const auto [failed, sent] = co_await net::async_write(peer.socket, net::buffer(pings), as_result);
            ended = failed;
            if (ended)
                break;
            const auto [ec, size] = co_await peer.socket.async_read_some(net::buffer(pongs), as_result);
            ended = ec;
        }
        co_await h.server->stop(1s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 1u);
        BOOST_TEST(h.handler->ends[0].why.is(errc::timed_out));
    });
}

BOOST_AUTO_TEST_CASE(what_is_no_websocket_frame_ends_it_with_the_code_that_says_so)
{
    struct garbage
    {
        std::string bytes;
        unsigned code;
        const char* what;
    };
    const std::vector<garbage> all{
        {"GET / HTTP/1.1\r\n\r\n", 1002, "text"},
        {"\x81\x02yo"s, 1002, "a client's frame without a mask"},
        {"\xf1\x82\0\0\0\0yo"s, 1002, "reserved bits"},
        {"\x83\x82\0\0\0\0yo"s, 1002, "a reserved opcode"},
        {"\x80\x82\0\0\0\0yo"s, 1002, "a continuation of nothing"},
        {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"s, 1009, "the largest length there is"},
        {"\x89\xfe\x01\0\0\0\0\0"s, 1002, "a long ping"},
        {"\x81\x82\0\0\0\0\xff\xfe"s, 1007, "text that is no UTF-8"},
        {"\x88\x82\0\0\0\0\x03\xed"s, 1002, "a close code that nobody may send"},
    };
    test::run([&](net::io_context& io) -> awaitable<void> {
        house h(io);
        for (const auto& one : all)
        {
            raw_peer peer(io.get_executor());
            co_await peer.shake_hands(h.server->port());
            co_await peer.say(one.bytes);
            const auto frame = co_await peer.bytes(4);
            BOOST_TEST_REQUIRE(frame.size() == 4u, one.what);
            BOOST_TEST(frame.substr(0, 2) == "\x88\x02", one.what);
            const auto code =
                static_cast<unsigned char>(frame[2]) * 256u + static_cast<unsigned char>(frame[3]);
            BOOST_TEST(code == one.code, one.what);
            peer.socket.close();
        }
        co_await h.server->stop(1s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == all.size());
        for (std::size_t i = 0; i < all.size(); ++i)
        {
            BOOST_TEST(h.handler->ends[i].code == all[i].code, all[i].what);
            const bool why =
                h.handler->ends[i].why.is(all[i].code == 1009 ? errc::too_large : errc::bad_response);
            BOOST_TEST(why, all[i].what);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_close_frame_without_a_code_is_1005_and_half_a_frame_1006)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        const std::vector<std::string> all{"\x88\x80\0\0\0\0"s, "\x81\x85\0\0\0\0he"s};
        for (const auto& bytes : all)
        {
            raw_peer peer(io.get_executor());
            co_await peer.shake_hands(h.server->port());
            co_await peer.say(bytes);
            peer.socket.shutdown(tcp::socket::shutdown_send);
            co_await peer.rest();
        }
        co_await h.server->stop(1s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 2u);
        BOOST_TEST(h.handler->ends[0].code == 1005);
        BOOST_TEST(h.handler->ends[1].code == 1006);
        BOOST_TEST(h.handler->ends[1].why.is(errc::connection_lost));
    });
}

BOOST_AUTO_TEST_CASE(a_servers_close_gives_up_on_a_client_that_does_not_answer)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        raw_peer peer(io.get_executor());
        co_await peer.shake_hands(h.server->port(), "/patient");
        const auto all = co_await peer.rest(); // the server ends it
        BOOST_TEST(all == "\x88\x0c\x03\xe9going away"s);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 1u);
        BOOST_TEST(h.handler->ends[0].code == 1006);
        co_await h.server->stop(1s);
    });
}

BOOST_AUTO_TEST_CASE(a_stop_of_the_server_ends_its_websockets_at_once)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        house h(io);
        auto one = co_await h.open("/echo");
        auto two = co_await h.open("/deaf");
        co_await one->write(text("x"), soon());
        const auto back = payload_of(co_await one->read(soon())); // both are being served now
        BOOST_TEST(back == "x");
        const auto begin = deadline::clock::now();
        co_await h.server->stop(3s);
        BOOST_TEST((deadline::clock::now() - begin < 1s));
        BOOST_TEST(h.handler->open == 0);
        BOOST_TEST_REQUIRE(h.handler->ends.size() == 1u);
        BOOST_TEST(h.handler->ends[0].why.is(errc::stopped));
        const auto end = end_of(co_await one->read(soon()));
        BOOST_TEST(end.code == 1006);
    });
}

BOOST_AUTO_TEST_SUITE_END()
