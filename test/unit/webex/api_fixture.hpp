#pragma once

#include "postern/webex/api.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <optional>
#include <string>

namespace postern::test {

inline constexpr const char* token = "NmY0-secret_token-that-must-not-show";

inline deadline soon() { return deadline::after(std::chrono::seconds(3)); }

// An api over a script, with pauses of milliseconds.
struct api_fixture
{
    std::shared_ptr<scripted_http_client> peer = std::make_shared<scripted_http_client>();
    captured_log lines;
    webex::api_options options;

    api_fixture()
    {
        using std::chrono::milliseconds;
        options.first_pause = milliseconds(2);
        options.longest_pause = milliseconds(4);
        options.default_retry_after = milliseconds(3);
        options.shortest_retry_after = milliseconds(1);
        options.longest_retry_after = milliseconds(5);
    }

    std::shared_ptr<webex::api> make() const
    {
        return webex::make_api(options, secret(token), peer, lines.writer).value();
    }

    // Makes the call and runs it to its end: ask([](webex::api& web) { return web.me(soon()); })
    template <class Call>
    auto ask(Call call) const
    {
        using outcome = typename std::invoke_result_t<Call, webex::api&>::value_type;
        const auto web = make();
        std::optional<outcome> answer;
        auto asking = [&](net::io_context&) -> awaitable<void> {
            auto got = co_await call(*web);
            answer.emplace(std::move(got));
        };
        run(asking);
        return std::move(*answer);
    }

    const scripted_http_client::asked& request(std::size_t n) const { return peer->requests().at(n); }
    std::size_t asked() const { return peer->requests().size(); }
};

} // namespace postern::test
