#include "postern/dispatch/dispatcher.hpp"

#include "postern/base/within.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/core/demangle.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <typeinfo>
#include <utility>

namespace postern::dispatch {
namespace {

dispatcher_options checked(dispatcher_options o)
{
    o.lanes = std::max<std::size_t>(o.lanes, 1);
    return o;
}

attempt_limits limits_of(const dispatcher_options& o)
{
    attempt_limits limits;
    limits.attempts = o.attempts;
    limits.give_up_after = o.give_up_after;
    limits.retry = o.retry;
    limits.longest_pause = o.longest_pause;
    return limits;
}

awaitable<bool> cancelled()
{
    const auto state = co_await net::this_coro::cancellation_state;
    co_return state.cancelled() != net::cancellation_type::none;
}

// The type only: what() of a handler's exception may hold the text of a message.
error story_of(const std::exception& e)
{
    const auto* system = dynamic_cast<const boost::system::system_error*>(&e);
    if (system && system->code() == net::error::operation_aborted)
        return error(errc::stopped, "handling the event");
    return error(errc::handler_failed, "handling the event")
        .because("an exception, " + boost::core::demangle(typeid(e).name()));
}

// An exception must not reach within(): it would wait for the deadline all the same.
awaitable<result<outcome>> answer_of(act_port& port, delivery d, deadline limit)
{
    try
    {
        auto became = co_await port.act(std::move(d), limit);
        co_return became;
    }
    catch (const std::exception& e)
    {
        co_return story_of(e);
    }
}

} // namespace

dispatcher::dispatcher(net::any_io_executor where, deliveries_port& journal, act_port& act,
                       dispatcher_options options, log l, trail t, clock now)
    : options_(checked(options)), policy_(limits_of(options_)), where_(std::move(where)), journal_(journal),
      act_(act), log_(l.in("dispatch")), trail_(std::move(t)), now_(std::move(now)), places_(options_.lanes),
      tasks_([speak = log_](std::exception_ptr) {
          speak.error("a delivery ended with an exception; its outcome was not written");
      })
{
}

awaitable<void> dispatcher::run()
{
    unsigned failures = 0;
    for (;;)
    {
        const bool room = co_await places_.wait_for_one();
        if (!room)
            break;
        auto claimed = co_await claim();
        if (claimed)
        {
            failures = 0;
            if (*claimed)
                start(std::move(**claimed));
            continue;
        }
        const bool ending = co_await cancelled();
        if (ending)
            break;
        const auto pause = options_.journal.pause(failures++, random_fraction());
        log_.error("the journal gives no work", {{"why", describe(claimed.error())}, {"again_in", pause}});
        co_await pause_for(pause);
    }
    co_await wind_up();
}

awaitable<result<std::optional<delivery>>> dispatcher::claim()
{
    try
    {
        auto claimed = co_await journal_.claim(deadline::after(options_.claim_deadline));
        co_return claimed;
    }
    catch (const std::exception& e)
    {
        co_return error(errc::handler_failed, "asking the journal for work").because(e.what());
    }
}

awaitable<result<>> dispatcher::settle(record_id record, outcome became)
{
    try
    {
        auto written =
            co_await journal_.settle(record, std::move(became), deadline::after(options_.journal_deadline));
        co_return written;
    }
    catch (const std::exception& e)
    {
        co_return error(errc::handler_failed, "writing an outcome").because(e.what());
    }
}

void dispatcher::start(delivery d)
{
    places_.take();
    auto task = [this, d = std::move(d)] { return serve(d); };
    tasks_.spawn(net::make_strand(where_),
                 std::move(task)); // run() alone stops the scope, and claims no more then
}

awaitable<void> dispatcher::wind_up()
{
    // Nothing is said to the tasks before the patience is over. A "total" would not stop a handler, but it
    // would use up the one cancellation that the parallel group inside within() passes on: no deadline would
    // cut it off then.
    winding_up_ = true;
    bool quiet = co_await tasks_.drained(deadline::after(options_.patience));
    while (!quiet)
    {
        log_.warning("cutting off what is still under way", {{"deliveries", tasks_.size()}});
        tasks_.stop(net::cancellation_type::terminal);
        quiet = co_await tasks_.drained(deadline::after(std::chrono::seconds(2)));
    }
}

awaitable<void> dispatcher::serve(delivery d)
{
    const occupied_place place(places_);
    auto became = co_await attempt(d);
    // What was done must be written, stop or not: from here on nothing is cut off.
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    co_await write_back(std::move(d), std::move(became));
}

awaitable<outcome> dispatcher::attempt(delivery d)
{
    const auto limit = deadline::after(options_.handler_deadline);
    auto became = co_await within(limit, answer_of(act_, d, limit));
    const bool cut = co_await cancelled();
    if (cut) // what a handler says after it was stopped halfway is not worth much: better twice than half
        became = error(errc::stopped, "handling the event");
    co_return decide(d, std::move(became), cut);
}

outcome dispatcher::decide(const delivery& d, result<outcome> became, bool cut)
{
    moment at;
    at.now = now_();
    at.stopping = cut || winding_up_;
    at.random = random_fraction();
    const auto said = became ? std::optional(became->what) : std::nullopt;
    auto decided = policy_.after(d, std::move(became), at);
    if (said != decided.what) // what the handler said has been told
        tell(d, decided);
    return decided;
}

void dispatcher::tell(const delivery& d, const outcome& decided) const
{
    const bool over = decided.what == outcome::kind::dead;
    log_.warning(over ? "event parked" : "attempt cut off; the event stays in the journal",
                 {{"key", d.what.key}, {"attempt", d.attempt}, {"reason", decided.reason}});
    if (trail_)
        trail_(hop_record{hop::failed, d.what.key, d.what.data_id, decided.reason,
                          std::chrono::system_clock::now()});
}

awaitable<void> dispatcher::write_back(delivery d, outcome became)
{
    for (unsigned failures = 0;; ++failures)
    {
        const auto written = co_await settle(d.record, became);
        if (written)
            co_return;

        const bool hopeless = written.error().is(errc::bad_input); // the journal does not know the claim
        if (hopeless || winding_up_)
        {
            log_.error("outcome not written; a durable journal hands the event out again at the next start",
                       {{"key", d.what.key},
                        {"outcome", to_string(became.what)},
                        {"why", describe(written.error())}});
            policy_.forget(d.record);
            co_return;
        }
        const auto pause = options_.journal.pause(failures, random_fraction());
        log_.error("the journal does not take an outcome",
                   {{"key", d.what.key}, {"why", describe(written.error())}, {"again_in", pause}});
        co_await pause_for(pause);
    }
}

} // namespace postern::dispatch
