#pragma once

#include "postern/base/async.hpp"
#include "postern/base/backoff.hpp"
#include "postern/base/log.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/time.hpp"
#include "postern/source/alarm.hpp"
#include "postern/source/webhook/path_finding.hpp"
#include "postern/source/webhook/ping_book.hpp"
#include "postern/transport/http_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace postern::source {

struct self_check_options
{
    // While the way is whole. A free ngrok account has 27 requests an hour (protocol/ngrok.md 9).
    std::chrono::milliseconds period{900'000};
    // While it is broken: soon at first, because a new tunnel takes its time, and at last once a period.
    backoff again{std::chrono::milliseconds(2'000), std::chrono::milliseconds(900'000)};
    std::chrono::milliseconds timeout{15'000}; // one ping, there and back
    std::string user_agent = "postern-self-check";
};

// Proves the whole way from the Internet to us: posts a signed ping to our own public URL, and the receiver
// answers it. All but run() and ping() are thread-safe.
class self_check
{
public:
    struct setup
    {
        self_check_options options;
        std::shared_ptr<transport::http_client> client;
        std::shared_ptr<ping_book> pings;               // which the receiver has too
        std::function<secret()> key;                    // what our webhooks sign with now
        std::function<void(const path_finding&)> watch; // each finding, on the strand; may be none
    };

    self_check(net::any_io_executor strand, setup, log);

    // Once, now. Errors: bad_input when `url` is none; stopped when the caller is cancelled. Whatever else
    // happens is a finding.
    awaitable<result<path_finding>> ping(std::string url, deadline limit);

    // Pings until cancelled, on the strand: at once when the URL changes and when asked to, and on a timer.
    awaitable<void> run();
    // The webhooks' target. Empty: there is nothing to check.
    void aim(std::string url);
    void look();

    struct last_finding
    {
        path_finding what;
        std::string url;
        wall_time when{};
    };
    std::optional<last_finding> last() const; // none: no ping of this URL is over yet

private:
    std::chrono::milliseconds pause_after(bool whole);
    void take(const std::string& url, const result<path_finding>&);
    void tell(const path_finding&, const std::string& url, bool news) const;

    const setup with_;
    const log log_;
    alarm due_;
    alarm moved_; // the ping under way is about another URL

    mutable std::mutex mutex_;
    std::string url_;
    alarm::time_point next_ = alarm::never;
    unsigned failures_ = 0;
    std::optional<last_finding> last_;
};

} // namespace postern::source
