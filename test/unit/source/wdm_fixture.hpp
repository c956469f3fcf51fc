#pragma once

#include "postern/source/device/device_options.hpp"
#include "postern/source/device/signed_calls.hpp"
#include "postern/transport/url.hpp"

#include "support/captured_log.hpp"
#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::test {

// Calls to a scripted cloud, with pauses of milliseconds.
struct wdm_fixture
{
    static constexpr const char* token = "NmY0-secret_token-that-must-not-show";
    static constexpr const char* wdm = "https://wdm-r.wbx2.com/wdm/api/v1";

    std::shared_ptr<scripted_http_client> peer = std::make_shared<scripted_http_client>();
    captured_log lines;
    source::device_options options;
    unsigned rejected = 0; // how often the gateway was told of it
    std::unique_ptr<source::signed_calls> calls = make_calls("https://u2c.wbx2.com/u2c/api/v1");

    wdm_fixture()
    {
        options.name = "postern-box-1";
        options.list_again = std::chrono::milliseconds(2);
    }

    std::unique_ptr<source::signed_calls> make_calls(std::string_view u2c)
    {
        return std::make_unique<source::signed_calls>(
            peer, secret(token),
            source::trusted_hosts(transport::parse_url(u2c).value(), options.trusted_suffixes),
            [this] { ++rejected; });
    }

    // Runs what `start` makes to its end: get([&] { return registry.list(wdm, soon()); })
    template <class Start>
    static auto get(Start start)
    {
        using outcome = typename std::invoke_result_t<Start>::value_type;
        std::optional<outcome> got;
        auto asking = [&](net::io_context&) -> awaitable<void> {
            auto answer = co_await start();
            got.emplace(std::move(answer));
        };
        run(asking);
        return std::move(*got);
    }

    static deadline soon() { return deadline::after(std::chrono::seconds(3)); }

    // "GET https://...", one a request: the transcript of a test.
    std::vector<std::string> asked() const
    {
        std::vector<std::string> out;
        for (const auto& request : peer->requests())
            out.push_back(request.method + ' ' + request.url);
        return out;
    }
    // Hosts that were shown the token must be Webex's, and no line of the log may show it.
    bool token_stayed_home() const
    {
        for (const auto& request : peer->requests())
            if (request.url.find("evil") != std::string::npos && request.headers.has("Authorization"))
                return false;
        return !lines.says(token);
    }
};

} // namespace postern::test
