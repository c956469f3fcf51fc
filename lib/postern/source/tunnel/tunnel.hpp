#pragma once

#include "postern/base/async.hpp"
#include "postern/base/backoff.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/time.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::source {

enum class tunnel_kind
{
    none,
    ngrok,
    cloudflared,
    command // any program that prints its URL
};

// All that a tunnel can be told. Source: protocol/ngrok.md.
struct tunnel_options
{
    tunnel_kind kind = tunnel_kind::none;
    std::string program;                // a path, or a name on the PATH; "ngrok", "cloudflared" if empty
    std::vector<std::string> arguments; // of `command`: "{port}" and "{url}" stand for our listener's
    // Of `command`: a regular expression that finds the URL (its first group, if it has one) in a line of
    // either output. A later match with another URL is a change of the URL. With `domain` it only tells when
    // the tunnel is up, and without a pattern it is up once the program runs.
    std::string pattern;
    std::string domain; // reserved name: "https://bots.example.com"; empty: what the service gives
    // ngrok's authtoken, or the token of a named tunnel of cloudflared (which needs `domain`). Empty:
    // NGROK_AUTHTOKEN or TUNNEL_TOKEN of the environment, if set.
    secret token;
    std::string directory;   // for the generated configuration and the pid file: private, ours
    bool pass_proxy = false; // hand our proxy to the child (free ngrok accounts refuse that)

    std::chrono::milliseconds start_timeout{60'000};  // to a URL, whatever the child prints
    std::chrono::milliseconds offline_limit{300'000}; // so long the child may try to reconnect by itself
    std::chrono::milliseconds poll_every{12'000};     // its local API
    std::chrono::milliseconds stop_patience{5'000};   // between SIGTERM and SIGKILL
    std::chrono::milliseconds stable_after{300'000};  // then the next restart begins with a short pause again
    std::chrono::milliseconds api_timeout{4'000};     // one question to its local API
    std::chrono::milliseconds version_timeout{5'000}; // "ngrok version"
    std::chrono::milliseconds leave_patience{5'000};  // so long a child may take that says it must end
    backoff again{std::chrono::milliseconds(1'000), std::chrono::milliseconds(60'000)};
    // Somebody else takes our place in the account (ERR_NGROK_108, 324).
    backoff crowded{std::chrono::milliseconds(30'000), std::chrono::milliseconds(300'000)};
    // Our name is still held, perhaps by our own dead session (ERR_NGROK_334): so long, then a person must
    // look.
    backoff taken{std::chrono::milliseconds(5'000), std::chrono::milliseconds(60'000)};
    std::chrono::milliseconds taken_patience{300'000};
    std::chrono::milliseconds failed_again{900'000}; // a person may have mended it meanwhile
};

enum class tunnel_phase
{
    idle,
    starting,
    online,
    offline, // the child lives and reconnects by itself
    waiting, // for the next start
    failed,  // a person must help: `reason` says with what; tried again now and then
    stopping
};
std::string_view to_string(tunnel_phase) noexcept;

// What others may know of the tunnel, at any moment. A value.
struct tunnel_state
{
    tunnel_phase phase = tunnel_phase::idle;
    std::string url;     // public URL without a slash at its end; empty unless online
    std::string reason;  // in words, of the last trouble; empty if there was none
    std::string code;    // "ERR_NGROK_334", if the service gave one
    std::string version; // of the child's program, as it tells
    std::optional<int> pid;
    std::uint64_t restarts = 0;
    std::optional<wall_time> since; // of this phase
};

// A supervised child process that gives our listener a public URL. Nothing but cancellation ends run().
class tunnel
{
public:
    struct setup
    {
        tunnel_options options;
        std::string target;                                  // our listener: "http://127.0.0.1:8080"
        std::function<std::string(const char*)> environment; // what of ours a child may need: PATH, HOME ...
        std::map<std::string, std::string> proxy;            // variables to pass with `pass_proxy`
        // Called on the strand of run() at each change of phase or URL.
        std::function<void(const tunnel_state&)> watch;
    };

    // Errors: bad_configuration: no such program, a pattern or a domain that is none, a token of wrong shape.
    static result<std::unique_ptr<tunnel>> make(net::any_io_executor strand, setup, log);
    virtual ~tunnel() = default;

    virtual awaitable<void> run() = 0; // until cancelled; the child is stopped and collected when it returns
    virtual tunnel_state state() const = 0; // thread-safe
};

} // namespace postern::source
