#include "postern/journal/sqlite/consumer_deliveries.hpp"

#include "postern/journal/sqlite/wait_for.hpp"

#include <algorithm>
#include <utility>

namespace postern::journal::sqlite {
namespace {

constexpr auto waiting = "waiting for an event";

delivery made_of(const ticket& t, const event& what, std::vector<effect> effects)
{
    delivery d;
    d.record = t.record;
    d.attempt = t.attempt;
    d.what = what;
    d.what.from = t.from;
    d.effects = std::move(effects);
    return d;
}

} // namespace

consumer_deliveries::consumer_deliveries(consumer_id id, front& shared, std::shared_ptr<call_queue> queue,
                                         patience p)
    : id_(id), shared_(shared), queue_(std::move(queue)), patience_(p)
{
}

// Under the mutex.
consumer_deliveries::offer consumer_deliveries::look()
{
    offer o;
    o.closed = shared_.closed;
    if (!o.closed)
        o.taken = shared_.known.take(id_, std::chrono::system_clock::now(), std::chrono::steady_clock::now());
    return o;
}

// Under one lock: what appears on the board can't slip in between.
consumer_deliveries::offer consumer_deliveries::look_or_wait(const alarms::alarm& alarm, deadline limit)
{
    const std::lock_guard lock(shared_.mutex);
    auto o = look();
    if (!o.closed && !o.taken && !limit.passed())
        shared_.waiting[id_].set(alarm,
                                 std::min(limit.at(), shared_.known.next_due(id_).value_or(limit.at())));
    return o;
}

awaitable<result<std::optional<delivery>>> consumer_deliveries::claim(deadline limit)
{
    const auto alarm = std::make_shared<net::steady_timer>(co_await net::this_coro::executor);
    for (;;)
    {
        const auto cancellation = co_await net::this_coro::cancellation_state;
        if (cancellation.cancelled() != net::cancellation_type::none)
            co_return error(errc::stopped, waiting);
        auto offered = look_or_wait(alarm, limit);
        if (offered.closed)
            co_return error(errc::stopped, waiting).because("the journal is closed");
        if (offered.taken && offered.taken->what && !offered.taken->may_have_effects)
            co_return made_of(*offered.taken, *offered.taken->what, {});
        if (offered.taken)
        {
            auto read_it = co_await read(std::move(*offered.taken), limit);
            co_return read_it;
        }
        if (limit.passed())
            co_return std::nullopt;
        co_await alarm->async_wait(as_result);
    }
}

awaitable<result<std::optional<delivery>>> consumer_deliveries::read(ticket taken, deadline limit)
{
    const auto beyond = deadline::after(patience_.to_read);
    const auto until = limit.at() < beyond.at() ? beyond : limit;
    auto call = std::make_shared<read_call>(id_, taken, until);
    auto found = co_await wait_for<read_delivery>(queue_, std::move(call));
    if (found.has_value() && found->what)
        co_return made_of(taken, *found->what, std::move(found->effects));
    if (found.has_error())
    {
        const bool at_once = found.error().is(errc::stopped) || found.error().is(errc::timed_out);
        give_back(taken.record, at_once ? std::chrono::milliseconds(0) : patience_.after_error);
        if (found.error().is(errc::timed_out))
            co_return std::nullopt;
        co_return found.error();
    }
    shared_.change([&](front& f) { f.known.finish(id_, taken.record); });
    co_return error(errc::not_found, "reading record " + std::to_string(taken.record))
        .because("it is not in the file any more");
}

void consumer_deliveries::give_back(record_id record, std::chrono::milliseconds pause)
{
    shared_.change(
        [&](front& f) { f.known.give_back(id_, record, std::chrono::steady_clock::now() + pause); });
}

awaitable<result<>> consumer_deliveries::settle(record_id record, outcome became, deadline limit)
{
    auto call = std::make_shared<settle_call>(id_, record, std::move(became), limit);
    return wait_for<void>(queue_, std::move(call));
}

awaitable<result<>> consumer_deliveries::note(record_id record, effect what, deadline limit)
{
    auto call = std::make_shared<note_call>(id_, record, std::move(what), limit);
    return wait_for<void>(queue_, std::move(call));
}

} // namespace postern::journal::sqlite
