#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/time.hpp"
#include "postern/base/trail.hpp"
#include "postern/dispatch/attempt_policy.hpp"
#include "postern/dispatch/places.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>

namespace postern::dispatch {

struct dispatcher_options
{
    // Lanes that are worked on side by side; the others wait in the journal. At least 1. A handler mostly
    // waits for others, so more lanes than processors are of use.
    std::size_t lanes = 16;

    // For one attempt, from the claim to its outcome. A handler that takes longer is cancelled and tried
    // again. A minute leaves its calls time for their own retries.
    std::chrono::milliseconds handler_deadline{60'000};

    // For one call that writes to the journal.
    std::chrono::milliseconds journal_deadline{10'000};

    // For one question for work; when it passes the question is asked again.
    std::chrono::milliseconds claim_deadline{30'000};

    // Attempts that end without an outcome (an exception, the deadline) before an event is parked as dead.
    // At least 1. Five, because what fails five times in a row fails because of the event or the handler.
    unsigned attempts = 5;

    // An attempt that wants to be repeated (the cloud or a target is down, the guard can't decide) is
    // repeated until the event is so old; then it is parked as dead. Twelve hours outlast a night's outage,
    // and an answer to a message of yesterday helps nobody. However old, an event gets `attempts` first.
    std::chrono::milliseconds give_up_after = std::chrono::hours(12);

    // Between two attempts, unless the handler asks for another pause. Most trouble is over in seconds; the
    // most of ten minutes is how late an event may be noticed to work again.
    backoff retry{std::chrono::milliseconds(2'000), std::chrono::milliseconds(600'000)};

    // The most a handler, or the peer behind it (Retry-After), may ask for.
    std::chrono::milliseconds longest_pause{3'600'000};

    // While the journal itself fails.
    backoff journal{std::chrono::milliseconds(100), std::chrono::milliseconds(2'000)};

    // At the stop: how long work under way may take to end before it is cancelled. Keep it below what the
    // owner of run() grants.
    std::chrono::milliseconds patience{15'000};
};

// Takes one consumer's events out of the journal, has each acted on as a task of its own, and writes back
// what became of it.
//
// Lanes run side by side, up to the bound; the journal keeps the order within a lane. A claim is never lost:
// a journal that can't take an outcome is asked again until it does. What the dispatcher itself decides (cut
// off, given up) goes to the log and to the trail; what the handler says has been told by act_port.
class dispatcher
{
public:
    using clock = std::function<wall_time()>; // callable from any thread

    // `where` runs the deliveries, each on a strand of its own; it may have several threads.
    dispatcher(net::any_io_executor where, deliveries_port&, act_port&, dispatcher_options, log, trail = {},
               clock = &std::chrono::system_clock::now);

    // Works until it is cancelled; then claims nothing more, gives work under way its patience, cancels what
    // is left (given back to the journal to be tried again) and returns once no task is left. A second,
    // terminal cancellation ends the patience. Run it once, in a task_scope, on a strand.
    awaitable<void> run();

    // Deliveries under way. Thread-safe.
    std::size_t busy() const { return tasks_.size(); }

private:
    awaitable<result<std::optional<delivery>>> claim();
    awaitable<result<>> settle(record_id, outcome);
    void start(delivery);
    awaitable<void> wind_up();

    awaitable<void> serve(delivery);
    awaitable<outcome> attempt(delivery);
    outcome decide(const delivery&, result<outcome> became, bool cut);
    awaitable<void> write_back(delivery, outcome);
    void tell(const delivery&, const outcome& decided) const;

    const dispatcher_options options_;
    attempt_policy policy_;
    net::any_io_executor where_;
    deliveries_port& journal_;
    act_port& act_;
    log log_;
    trail trail_;
    clock now_;
    places places_;
    std::atomic<bool> winding_up_{false};
    task_scope tasks_; // last: its tasks use all of the above
};

} // namespace postern::dispatch
