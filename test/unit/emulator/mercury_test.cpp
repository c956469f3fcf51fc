// Mercury over loopback: the emulator as a server, our own websocket client on the other side.

#include "postern/emulator/emulator.hpp"
#include "postern/transport/http_client.hpp"
#include "support/run.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace postern;
using namespace postern::emulator;
using namespace std::chrono_literals;
namespace transport = postern::transport;

namespace {

deadline soon() { return deadline::after(3s); }

struct stage
{
    explicit stage(net::io_context& io, emulator_options options = {})
        : client(transport::make_http_client(io.get_executor(), {}, quiet_log()).value())
    {
        cloud =
            postern::emulator::emulator::start(io.get_executor(), std::move(options), quiet_log()).value();
        cloud->observe([this](const observed& o) { seen.push_back(o.what); });
    }

    std::string origin() const
    {
        return cloud->api_url().substr(0, cloud->api_url().size() - std::string_view("/v1").size());
    }
    awaitable<json::object> ask(std::string as, std::string method, std::string path, json::object body = {})
    {
        transport::request r;
        r.method = std::move(method);
        r.body = json::serialize(body);
        r.headers.add("Content-Type", "application/json");
        if (!as.empty())
            r.headers.add("Authorization", "Bearer " + cloud->token(as));
        auto where = transport::parse_url(origin() + path).value();
        auto answer = co_await client->send(std::move(where), std::move(r), soon());
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST(answer->status < 300u, answer->body);
        if (answer->body.empty())
            co_return json::object();
        co_return json::parse(answer->body).as_object();
    }
    awaitable<void> order(std::string path, json::object body = {})
    {
        co_await ask("", "POST", "/_emulator" + path, std::move(body));
    }
    awaitable<std::string> enrol()
    {
        const json::object body{{"name", "postern"}, {"deviceType", "DESKTOP"}};
        const auto device = co_await ask("bot", "POST", "/wdm/api/v1/devices", body);
        co_return text_or(device, "webSocketUrl");
    }
    awaitable<result<transport::websocket_ptr>> open(std::string url, bool with_token = true)
    {
        transport::header_fields headers;
        if (with_token)
            headers.add("Authorization", "Bearer " + cloud->token("bot"));
        auto where = transport::parse_websocket_url(url).value();
        auto opened = co_await client->open_websocket(std::move(where), std::move(headers), {}, soon());
        co_return opened;
    }
    awaitable<transport::websocket_ptr> ready(std::string url)
    {
        auto opened = co_await open(url);
        BOOST_TEST_REQUIRE(opened.has_value());
        auto ws = std::move(*opened);
        const auto first = co_await hear(*ws);
        BOOST_TEST(text_or(first.at("data").as_object(), "eventType") == "mercury.buffer_state");
        co_return ws;
    }
    awaitable<json::object> hear(transport::websocket& ws) // whoever calls awaits it
    {
        auto incoming = co_await ws.read(soon());
        const auto* message = std::get_if<transport::ws_message>(&incoming);
        BOOST_TEST_REQUIRE(message, "the socket ended");
        was_binary = message->binary;
        co_return json::parse(message->payload).as_object();
    }
    awaitable<transport::ws_end> end_of(transport::websocket& ws)
    {
        auto incoming = co_await ws.read(soon());
        const auto* end = std::get_if<transport::ws_end>(&incoming);
        BOOST_TEST_REQUIRE(end, "the socket goes on");
        co_return *end;
    }
    static awaitable<void> say(transport::websocket& ws, json::object what)
    {
        transport::ws_message message{json::serialize(what), false};
        const auto sent = co_await ws.write(std::move(message), soon());
        BOOST_TEST(sent.has_value());
    }
    awaitable<void> message_to_bot(std::string text)
    {
        json::object words{{"toPersonEmail", "postern@webex.bot"}, {"text", std::move(text)}};
        co_await ask("alice", "POST", "/v1/messages", std::move(words));
    }
    awaitable<void> close()
    {
        co_await cloud->stop();
        client->close_idle();
    }

    std::shared_ptr<transport::http_client> client;
    std::unique_ptr<postern::emulator::emulator> cloud;
    std::vector<std::string> seen;
    bool was_binary = false;
};

std::string text_of(const json::object& frame)
{
    return text_or(frame.at("data").at("activity").at("object").as_object(), "displayName");
}

} // namespace

BOOST_AUTO_TEST_SUITE(mercury)

BOOST_AUTO_TEST_CASE(a_message_arrives_in_a_frame)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        auto text = co_await s.ready(url + "?outboundWireFormat=text");
        BOOST_TEST(!s.was_binary);
        co_await s.message_to_bot("hello");
        const auto frame = co_await s.hear(*text);
        BOOST_TEST(text_of(frame) == "hello");
        const std::vector<std::string> expected{"posted", "activity", "frame sent"};
        BOOST_TEST(s.seen == expected, boost::test_tools::per_element());

        json::object ack{{"messageId", text_or(frame, "id")}, {"type", "ack"}};
        co_await stage::say(*text, ack);
        json::object ping{{"id", "p1"}, {"type", "ping"}};
        co_await stage::say(*text, ping);
        const auto pong = co_await s.hear(*text);
        BOOST_TEST(text_or(pong, "type") == "pong");
        const auto all = co_await s.ask("", "GET", "/_emulator/sockets");
        BOOST_TEST(all.at("items").at(0).at("lastAcks").at(0).as_string() == text_or(frame, "id"));
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_burst_arrives_whole_and_in_order)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        auto ws = co_await s.ready(url);
        BOOST_TEST(s.was_binary);
        for (int i = 0; i < 200; ++i)
            co_await s.message_to_bot(std::to_string(i));
        for (int i = 0; i < 200; ++i)
        {
            const auto frame = co_await s.hear(*ws);
            BOOST_TEST_REQUIRE(text_of(frame) == std::to_string(i));
        }
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(the_first_frame_authorises_and_silence_ends_with_1008)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        emulator_options options;
        options.mercury.authorise_within = 200ms;
        stage s(io, std::move(options));
        const auto url = co_await s.enrol();
        auto silent = co_await s.open(url, false);
        BOOST_TEST_REQUIRE(silent.has_value());
        const auto end = co_await s.end_of(**silent);
        BOOST_TEST(end.code == 1008);
        BOOST_TEST(end.reason.starts_with("authentication did not happen"));

        auto opened = co_await s.open(url, false);
        BOOST_TEST_REQUIRE(opened.has_value());
        json::object frame{
            {"id", "x"}, {"type", "authorization"}, {"data", {{"token", "Bearer " + s.cloud->token("bot")}}}};
        co_await stage::say(**opened, frame);
        const auto first = co_await s.hear(**opened);
        BOOST_TEST(text_or(first.at("data").as_object(), "eventType") == "mercury.buffer_state");
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(sockets_end_as_the_control_api_says)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        auto first = co_await s.ready(url);
        json::object how{{"code", 4401}, {"reason", "token expired"}};
        co_await s.order("/sockets/close", how);
        auto end = co_await s.end_of(*first);
        BOOST_TEST(end.code == 4401);
        BOOST_TEST(end.reason == "token expired");

        auto second = co_await s.ready(url);
        co_await s.order("/sockets/cut");
        end = co_await s.end_of(*second);
        BOOST_TEST(end.code == 1006);

        auto third = co_await s.ready(url);
        auto fourth = co_await s.ready(url);
        end = co_await s.end_of(*third);
        BOOST_TEST(end.code == 4000);
        BOOST_TEST(end.reason == "replaced");
        co_await s.order("/devices/expire");
        end = co_await s.end_of(*fourth);
        BOOST_TEST(end.code == 4404);
        const auto gone = co_await s.open(url);
        BOOST_TEST_REQUIRE(gone.has_error());
        BOOST_TEST(gone.error().status == 404u);
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_fault_strikes_the_handshake)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        json::object fault{{"path", "/v1/apps/wx2/registrations"},
                           {"remaining", 1},
                           {"status", 503},
                           {"headers", {{"Retry-After", "7"}}}};
        co_await s.order("/faults", fault);
        const auto refused = co_await s.open(url);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().status == 503u);
        BOOST_TEST((refused.error().retry_after == std::chrono::milliseconds(7000)));
        json::object drop{{"path", "/v1/apps/wx2/registrations"}, {"remaining", 1}, {"drop", true}};
        co_await s.order("/faults", drop);
        const auto dropped = co_await s.open(url);
        BOOST_TEST_REQUIRE(dropped.has_error());
        BOOST_TEST(dropped.error().is(errc::connection_lost));
        json::object cut{{"path", "/v1/apps/wx2/registrations"}, {"remaining", 1}, {"truncateAfter", 20}};
        co_await s.order("/faults", cut);
        const auto broken = co_await s.open(url);
        BOOST_TEST(broken.has_error());
        const auto ws = co_await s.ready(url);
        BOOST_TEST(!ws->peer().empty());
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(in_an_outage_nothing_answers_and_afterwards_all_is_as_before)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        auto ws = co_await s.ready(url);
        json::object on{{"on", true}}, off{{"on", false}};
        co_await s.order("/outage", on);
        const auto end = co_await s.end_of(*ws);
        BOOST_TEST(end.code == 1006);
        const auto refused = co_await s.open(url);
        BOOST_TEST(refused.has_error());
        transport::request ask;
        auto where = transport::parse_url(s.cloud->api_url() + "/people/me").value();
        const auto nothing = co_await s.client->send(std::move(where), std::move(ask), soon());
        BOOST_TEST(nothing.has_error());
        co_await s.order("/outage", off);
        const auto again = co_await s.ready(url);
        BOOST_TEST(!again->peer().empty());
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_stalled_socket_is_half_open_until_it_moves_again)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        auto ws = co_await s.ready(url);
        json::object on{{"on", true}}, off{{"on", false}};
        co_await s.order("/sockets/stall", on);
        json::object ping{{"id", "p1"}, {"type", "ping"}};
        co_await stage::say(*ws, ping);
        co_await s.message_to_bot("hello");
        const auto state = co_await s.ask("", "GET", "/_emulator/sockets");
        BOOST_TEST(state.at("items").at(0).at("framesSent").to_number<int>() == 1);
        co_await s.order("/sockets/stall", off);
        bool pong = false, message = false;
        for (int i = 0; i < 2; ++i)
        {
            const auto frame = co_await s.hear(*ws);
            const bool is_pong = text_or(frame, "type") == "pong";
            pong = pong || is_pong;
            message = message || (!is_pong && text_of(frame) == "hello");
        }
        BOOST_TEST(pong);
        BOOST_TEST(message);
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_frame_that_the_client_does_not_take_ends_the_socket)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        emulator_options options;
        options.mercury.write_timeout = 200ms;
        stage s(io, std::move(options));
        const auto url = co_await s.enrol();
        auto ws = co_await s.ready(url);
        json::object frame{{"size", 32 * 1024 * 1024}};
        co_await s.order("/frames", frame); // more than the kernel takes of a reader that does not read
        for (json::array open{1}; !open.empty();)
        {
            const auto state = co_await s.ask("", "GET", "/_emulator/sockets");
            open = state.at("items").as_array();
        }
        co_await s.close();
    });
}

BOOST_AUTO_TEST_CASE(a_stop_says_goodbye)
{
    postern::test::run([](net::io_context& io) -> awaitable<void> {
        stage s(io);
        const auto url = co_await s.enrol();
        auto ws = co_await s.ready(url);
        bool heard = false;
        net::co_spawn(
            io,
            [&]() -> awaitable<void> {
                const auto end = co_await s.end_of(*ws);
                heard = end.code == 1001;
            },
            [](std::exception_ptr failure) { BOOST_TEST(!failure); });
        co_await s.close();
        BOOST_TEST(heard);
    });
}

BOOST_AUTO_TEST_SUITE_END()
