#pragma once

// A target, a proxy that plays a script, a client that must go through it.

#include "postern/transport/http_client.hpp"
#include "postern/transport/http_server.hpp"
#include "support/captured_log.hpp"
#include "support/certificates.hpp"
#include "support/run.hpp"

#include "scripted_proxy.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace postern::test {

using namespace postern::transport;
using namespace std::chrono_literals;

// The target's name is known to the proxy alone: nobody else could look it up.
inline constexpr auto target_name = "cloud.invalid";

inline const certificates& made()
{
    static const certificates once(std::string("DNS:") + target_name + ",IP:127.0.0.1");
    return once;
}

inline deadline soon() { return deadline::after(4s); }

inline awaitable<void> say_back(websocket_ptr ws)
{
    auto next = co_await ws->read(soon());
    BOOST_TEST_REQUIRE(std::holds_alternative<ws_message>(next));
    co_await ws->write(std::get<ws_message>(std::move(next)), soon());
    co_await ws->close(4000, "enough", soon());
}

class echo final : public http_handler
{
public:
    awaitable<response> answer(request asked) override
    {
        if (wants_websocket(asked))
        {
            response upgrade;
            upgrade.status = 101;
            upgrade.upgraded = say_back;
            co_return upgrade;
        }
        co_return make_response(200, std::move(asked.body), "text/plain");
    }
};

// Target, proxy, client: what a test chooses.
struct scene
{
    explicit scene(net::io_context& io, scripted_proxy::script script = {}, bool tls_target = false)
    {
        http_server_options options;
        options.body_limit = 1'000'000;
        if (tls_target)
        {
            options.certificate_file = made().path("cert.pem");
            options.key_file = made().path("key.pem");
        }
        target =
            std::move(*http_server::bind(io.get_executor(), options, std::make_shared<echo>(), log.writer));
        target->start();
        script.target = target->port();
        proxy_scheme = script.certificate.empty() ? "http://" : "https://";
        proxy = std::make_unique<scripted_proxy>(io, std::move(script));
        proxy_name = proxy->name();
    }

    std::shared_ptr<http_client> client(net::io_context& io, const std::string& user = "",
                                        std::chrono::milliseconds patience = 2s,
                                        const std::string& no_proxy = "")
    {
        http_client_options options;
        options.connect_timeout = patience;
        options.ca_file = made().path("ca.pem");
        proxy_settings ways;
        ways.proxy_loopback = true;
        ways.no_proxy = no_proxy;
        ways.proxy = *parse_proxy(proxy_scheme + user + proxy_name, "HTTPS_PROXY");
        options.proxy = *proxy_rules::make(ways, {});
        return *make_http_client(io.get_executor(), options, log.writer);
    }

    url at(const std::string& scheme) const
    {
        const auto text = scheme + "://" + target_name + ':' + std::to_string(target->port()) + "/there";
        return scheme.starts_with("ws") ? *parse_websocket_url(text) : *parse_url(text);
    }

    awaitable<void> end(std::shared_ptr<http_client> used)
    {
        used->close_idle();
        co_await proxy->stop();
        co_await target->stop(1s);
    }

    captured_log log;
    std::unique_ptr<http_server> target;
    std::string proxy_scheme, proxy_name;
    std::unique_ptr<scripted_proxy> proxy;
};

inline scripted_proxy::script over_tls()
{
    scripted_proxy::script script;
    script.certificate = made().path("cert.pem");
    script.key = made().path("key.pem");
    return script;
}

inline scripted_proxy::script answering(std::string answer,
                                        scripted_proxy::then after = scripted_proxy::then::close)
{
    scripted_proxy::script script;
    script.answer = std::move(answer);
    script.after = after;
    return script;
}

inline request post(std::string body)
{
    request what;
    what.method = "POST";
    what.body = std::move(body);
    return what;
}

inline std::string told(const result<response>& answer)
{
    return answer.has_error() ? describe(answer.error()) : std::to_string(answer->status);
}

inline bool contains(std::string_view text, std::string_view words) { return text.find(words) != text.npos; }

} // namespace postern::test
