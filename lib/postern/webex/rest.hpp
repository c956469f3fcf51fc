#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/transport/http.hpp"
#include "postern/transport/http_client.hpp"
#include "postern/transport/multipart.hpp"
#include "postern/transport/url.hpp"
#include "postern/webex/answer.hpp"
#include "postern/webex/api.hpp"
#include "postern/webex/rate_gate.hpp"
#include "postern/webex/retry_policy.hpp"
#include "postern/webex/token_scope.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::webex {

// One request to the API, before it is known how often it must be made.
struct call
{
    std::string method;
    transport::url where;
    std::string doing;                               // for errors and logs: "reading a message"
    std::string family;                              // what shares a rate limit: "messages", "people", ...
    std::string body{};                              // JSON; no Content-Type if empty
    std::function<result<transport::form>()> form{}; // instead of `body`; asked anew for every attempt
    unspeakable hidden{};                            // besides the token
    std::string accept = "application/json";
    bool transfer = false; // moves a file: one attempt may take all the time there is
    std::optional<std::size_t> response_limit{};
};

// Makes calls: token, tracking id, rate gate, retries, errors. What to do when is decided by retry_policy and
// rate_gate; this only does it. Thread-safe; must outlive its calls.
class rest
{
public:
    rest(const api_options&, transport::url base, secret token, std::shared_ptr<transport::http_client>, log);

    // The URL of a resource: `path` without a slash in front, its parts already encoded.
    transport::url at(std::string_view path, const transport::query_params& query = {}) const;
    bool may_see_token(const transport::url& where) const { return scope_.covers(where); }

    // A 2xx answer, or the error that api.hpp promises. Nothing is sent to hosts that may not see the token.
    awaitable<result<transport::response>> send(call what, deadline limit);

private:
    awaitable<result<>> pass_gate(std::string family, std::string doing, deadline limit);
    result<transport::request> prepare(const call&, std::string& tracking);

    retry_limits limits_;
    std::chrono::milliseconds request_timeout_;
    transport::url base_;
    secret token_;
    std::shared_ptr<transport::http_client> client_;
    std::function<void()> on_token_rejected_;
    log log_;
    token_scope scope_;
    rate_gate gate_;
    std::string session_; // of our tracking ids
    std::atomic<std::uint64_t> sequence_{0};
};

} // namespace postern::webex
