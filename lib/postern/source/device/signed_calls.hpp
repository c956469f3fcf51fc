#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/source/device/trusted_hosts.hpp"
#include "postern/transport/http_client.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace postern::source {

// One attempt of a call to the catalogue, to WDM or to the conversation service: with token and tracking id,
// and only to hosts that may see the token. What to do after a failure is decided by channel_policy. Used
// from one strand.
class signed_calls
{
public:
    signed_calls(std::shared_ptr<transport::http_client>, secret token, trusted_hosts,
                 std::function<void()> on_token_rejected);

    struct call
    {
        std::string method = "GET";
        std::string url;
        std::string doing;  // for errors and logs: "registering the device"
        std::string body{}; // JSON; no Content-Type if empty
        transport::header_fields headers{};
        bool with_token = true; // the limited catalogue is asked without
    };

    // A success, or 304. Errors: token_rejected (401, and the gateway is told), not_found, api_rejected,
    // api_unavailable (429, 5xx), each with status, tracking id, Retry-After and the peer's words;
    // bad_response for a redirect, which is never followed; bad_input for a URL that is none or may not see
    // the token; those of http_client::send. A 401 to a call without token is api_rejected.
    awaitable<result<transport::response>> send(call what, deadline limit);

    // The same for a websocket handshake: header and tracking id are added. A 401 is returned and not told to
    // the gateway: what it means there is decided by channel_policy, as for the close codes.
    awaitable<result<transport::websocket_ptr>> open_websocket(std::string url,
                                                               transport::websocket_options options,
                                                               deadline limit);

    trusted_hosts& hosts() noexcept { return hosts_; }
    const secret& token() const noexcept { return token_; } // for the authorisation frame
    std::string next_tracking_id();

private:
    std::shared_ptr<transport::http_client> client_;
    secret token_;
    trusted_hosts hosts_;
    std::function<void()> on_token_rejected_;
    std::string session_;
    std::uint64_t sequence_ = 0;
};

// Whatever else were asked now would end alike: the token is bad, nobody is reached, or too much was asked.
bool ends_everything(const error&);

} // namespace postern::source
