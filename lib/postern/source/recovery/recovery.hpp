#pragma once

#include "postern/base/async.hpp"
#include "postern/base/backoff.hpp"
#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/webex/api.hpp"
#include "postern/webex/types.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace postern::source {

struct recovery_options
{
    // How far back; older messages are left alone. 0: recovery is off.
    std::chrono::milliseconds reach = std::chrono::hours(24);

    std::chrono::milliseconds overlap{60'000}; // clocks differ, and lists lag: so much is listed twice
    std::size_t rooms = 1'000;                 // that are looked into, the most recently active first
    std::size_t calls = 3'000;                 // of one recovery
    std::size_t side_by_side = 4;              // rooms that are asked about at once

    // No room waits longer for its older messages; then live events go on, and what is found later comes
    // after them.
    std::chrono::milliseconds hold_at_most{60'000};

    std::chrono::milliseconds call_timeout{30'000};
    std::chrono::milliseconds accept_timeout{10'000};
    backoff again{std::chrono::milliseconds(500), std::chrono::milliseconds(60'000)}; // when it fails
};

// A time in which nobody listened, or nobody knows whether somebody did.
struct missed_time
{
    wall_time
        from{}; // the epoch: since the end of what the journal knows; at a first start nothing is fetched
    wall_time to{};
    std::string why; // "the channel was lost", "postern was not running"
};

// What others may know. A value.
struct recovery_state
{
    bool running = false;
    missed_time window;    // of the running or the last one
    std::size_t rooms = 0; // to look into
    std::size_t rooms_left = 0;
    std::size_t listed = 0; // messages seen
    std::size_t found = 0;  // events that were not known
    std::uint64_t calls = 0;
    std::string last_error;       // of the last try; empty if it went well
    std::uint64_t recoveries = 0; // that were completed
};

// Fetches what was said while nobody listened, and hands it to the intake as events of origin recovery,
// oldest first in each room, before what was said later (history_port). Only messages and the bot's own
// memberships can be asked for; what can't is said in the log with its window.
class recovery
{
public:
    struct setup
    {
        recovery_options options;
        std::shared_ptr<webex::api> api;
        std::shared_ptr<intake_port> intake;
        history_port* history = nullptr; // outlives it
        webex::person me;
        std::function<void(const recovery_state&)> watch; // on the strand; may be none
    };

    static std::unique_ptr<recovery> make(net::any_io_executor strand, setup, log);
    virtual ~recovery() = default;

    // Until cancelled, on the strand. Nothing else ends it.
    virtual awaitable<void> run() = 0;

    // Events may be on their way again from a time that was missed: puts the lanes on hold at once, so that
    // what comes now waits for what is older. Follow it with missed(), or with nothing_missed().
    virtual void expect() = 0;
    // That time is to be fetched. Windows that come while one is being fetched are joined.
    virtual void missed(missed_time) = 0;
    virtual void nothing_missed() = 0;

    virtual recovery_state state() const = 0; // all but run() are thread-safe
};

} // namespace postern::source
