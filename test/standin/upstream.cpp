#include "standin/upstream.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/transport/url.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace postern::standin {
namespace {

using transport::header_fields;
using transport::request;
using transport::response;

constexpr std::size_t peers_remembered = 256;
constexpr std::size_t body_limit = 256 * 1024 * 1024;
constexpr auto patience = std::chrono::minutes(10); // the real edge has no limit for an answer

void strip_hop_by_hop(header_fields& headers)
{
    std::vector<std::string> named{"Connection",
                                   "Keep-Alive",
                                   "Proxy-Connection",
                                   "Proxy-Authenticate",
                                   "Proxy-Authorization",
                                   "TE",
                                   "Trailer",
                                   "Transfer-Encoding",
                                   "Upgrade"};
    std::string list(headers.get("Connection"));
    for (std::size_t from = 0; from < list.size();)
    {
        const auto comma = std::min(list.find(',', from), list.size());
        auto word = list.substr(from, comma - from);
        word.erase(0, word.find_first_not_of(" \t"));
        if (!word.empty())
            named.push_back(word.substr(0, word.find_last_not_of(" \t") + 1));
        from = comma + 1;
    }
    for (const auto& name : named)
        headers.remove(name);
}

void append(header_fields& headers, std::string_view name, const std::string& value)
{
    const std::string before(headers.get(name));
    headers.set(name, before.empty() ? value : before + ", " + value);
}

// protocol/ngrok.md 8.
header_fields headers_for(const tunnel& t, const request& asked, const agent_version& version)
{
    auto headers = asked.headers;
    strip_hop_by_hop(headers);
    headers.remove("Content-Length"); // counted anew: what came in chunks goes on in one piece
    headers.remove("Expect");
    const std::string host(headers.get("Host"));
    append(headers, "X-Forwarded-For", host_of(asked.peer));
    append(headers, "X-Forwarded-Proto", t.proto);
    if (!t.host_header.empty())
    {
        const bool rewrite = t.host_header == "rewrite";
        headers.set("Host", rewrite ? authority_of(t.upstream) : t.host_header);
        headers.set(version.major >= 3 ? "X-Forwarded-Host" : "X-Original-Host", host);
    }
    else if (!headers.has("X-Forwarded-Host"))
        headers.add("X-Forwarded-Host", host);
    return headers;
}

void make_fit(response& answer, bool head_only)
{
    strip_hop_by_hop(answer.headers);
    answer.headers.remove("Date");             // our server writes its own
    answer.headers.remove("ngrok-error-code"); // never an upstream's to set
    if (!head_only)
        answer.headers.remove("Content-Length");
}

// Everything that arrives at one end leaves at the other; the end of one is the end of both.
awaitable<void> pump(std::shared_ptr<transport::websocket> from, std::shared_ptr<transport::websocket> to)
{
    for (;;)
    {
        auto got = co_await from->read(deadline::after(patience));
        if (const auto* end = std::get_if<transport::ws_end>(&got))
        {
            const bool sayable = end->code != 1005 && end->code != 1006;
            const auto code = static_cast<std::uint16_t>(sayable ? end->code : 1000);
            co_await to->close(code, end->reason, deadline::after(std::chrono::seconds(1)));
            co_return;
        }
        auto message = std::get<transport::ws_message>(std::move(got));
        const auto sent = co_await to->write(std::move(message), deadline::after(patience));
        if (sent.has_error())
        {
            from->cut();
            co_return;
        }
    }
}

awaitable<void> bridge(std::shared_ptr<transport::websocket> inner,
                       std::unique_ptr<transport::websocket> outer)
{
    std::shared_ptr<transport::websocket> visitor = std::move(outer);
    task_scope back([](std::exception_ptr) {});
    const auto executor = co_await net::this_coro::executor;
    auto backwards = [inner, visitor] { return pump(inner, visitor); };
    back.spawn(executor, backwards);
    co_await pump(visitor, inner);
    co_await wind_down(back, std::chrono::milliseconds(100));
}

} // namespace

response edge_answer(unsigned status, int code, const std::string& words)
{
    const auto name = "ERR_NGROK_" + std::to_string(code);
    auto answer = transport::make_response(
        status, "<!DOCTYPE html>\n<html><body><p>" + words + "</p><p>" + name + "</p></body></html>\n",
        "text/html");
    answer.headers.add("ngrok-error-code", name);
    return answer;
}

void upstream::note_connection(tunnel& t, const std::string& peer)
{
    if (std::find(known_peers_.begin(), known_peers_.end(), peer) != known_peers_.end())
        return;
    if (known_peers_.size() == peers_remembered)
        known_peers_.pop_front();
    known_peers_.push_back(peer);
    ++t.connections;
    world_.out.info("join connections",
                    {{"obj", "join"}, {"id", random_hex(6)}, {"l", authority_of(t.upstream)}, {"r", peer}});
}

response upstream::refused(const tunnel& t, const error& why)
{
    const auto address = authority_of(t.upstream);
    if (why.is(errc::cannot_connect) || (why.is(errc::timed_out) && !why.maybe_sent))
    {
        world_.out.write(level::warn, "failed to open private leg",
                         {{"obj", "tunnels"},
                          {"id", random_hex(6)},
                          {"privaddr", address},
                          {"err", "dial tcp " + address + ": connect: connection refused"}});
        return edge_answer(
            502, 8012,
            "Traffic successfully made it to the ngrok agent, but the agent failed to establish a "
            "connection to the upstream web service at " +
                address + ".");
    }
    return edge_answer(502, 3004,
                       "ngrok gateway error: The server returned an invalid or incomplete HTTP response.");
}

awaitable<response> upstream::forward(std::string tunnel_name, request asked)
{
    auto* t = world_.tunnels.find(tunnel_name);
    if (t == nullptr)
        co_return edge_answer(404, 3200, "The endpoint is offline.");
    note_connection(*t, asked.peer);
    ++t->requests;
    const bool head_only = asked.method == "HEAD";

    std::string kept;
    const auto began = deadline::clock::now();
    if (t->inspect)
    {
        capture c;
        c.tunnel_name = t->name;
        c.remote = host_of(asked.peer);
        c.start = std::chrono::system_clock::now();
        c.asked = asked;
        kept = world_.captured.add(std::move(c)).id;
    }

    auto where = transport::parse_url(t->upstream);
    if (where.has_error())
        co_return refused(*t, error(errc::cannot_connect));
    where->target = asked.target;
    asked.headers = headers_for(*t, asked, world_.version());
    asked.response_limit = body_limit;
    auto answer = co_await client_->send(std::move(*where), std::move(asked), deadline::after(patience));

    // Meanwhile the tunnel may have been closed and the capture dropped.
    const tunnel* still = world_.tunnels.find(tunnel_name);
    tunnel gone;
    response reply = answer.has_value() ? std::move(*answer) : refused(still ? *still : gone, answer.error());
    if (answer.has_value())
        make_fit(reply, head_only);
    if (auto* c = world_.captured.find(kept))
    {
        c->answer = reply;
        c->duration = deadline::clock::now() - began;
    }
    co_return reply;
}

awaitable<response> upstream::upgrade(std::string tunnel_name, request asked)
{
    auto* t = world_.tunnels.find(tunnel_name);
    if (t == nullptr)
        co_return edge_answer(404, 3200, "The endpoint is offline.");
    note_connection(*t, asked.peer);
    auto headers = headers_for(*t, asked, world_.version());
    for (const char* ours : {"Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions",
                             "Sec-WebSocket-Protocol"})
        headers.remove(ours);
    auto where = transport::parse_websocket_url("ws" + t->upstream.substr(4));
    if (where.has_error())
        co_return refused(*t, error(errc::cannot_connect));
    where->target = asked.target;
    transport::websocket_options options;
    auto opened = co_await client_->open_websocket(std::move(*where), std::move(headers), options,
                                                   deadline::after(std::chrono::seconds(10)));
    if (opened.has_error() && opened.error().status != 0)
        co_return transport::make_response(opened.error().status, "", "text/plain");
    if (opened.has_error())
    {
        const tunnel* still = world_.tunnels.find(tunnel_name);
        tunnel gone;
        co_return refused(still ? *still : gone, opened.error());
    }
    std::shared_ptr<transport::websocket> inner = std::move(*opened);
    response answer;
    answer.status = 101;
    answer.upgraded = [inner](std::unique_ptr<transport::websocket> outer) {
        return bridge(inner, std::move(outer));
    };
    co_return answer;
}

} // namespace postern::standin
