#include "postern/source/device/device_source.hpp"

#include "postern/base/ids.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/source/bell.hpp"
#include "postern/source/device/channel.hpp"
#include "postern/source/device/channel_board.hpp"
#include "postern/source/device/channel_policy.hpp"
#include "postern/source/device/cluster_book.hpp"
#include "postern/source/device/device_keeper.hpp"
#include "postern/source/device/inbox.hpp"
#include "postern/source/device/pulse.hpp"
#include "postern/source/device/signed_calls.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <utility>

namespace postern::source {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr milliseconds catalogue_again = 1min;   // at most so often the cloud makes us ask for it
constexpr milliseconds without_catalogue = 5min; // so often it is asked for while nobody has told our region

wall_time wall_now() { return std::chrono::system_clock::now(); }

class device_source_impl final : public device_source
{
public:
    device_source_impl(setup s, trusted_hosts hosts, const log& out)
        : with_(std::move(s)), log_(out.in("channel")),
          calls_(with_.client, with_.token, std::move(hosts), with_.on_token_rejected),
          map_(with_.me, [this](std::string_view url) { return clusters_.cluster_of(url); }),
          board_({with_.watch, [this] { policy_->ready(steady::now()); }, [this] { catalogue_changed(); }},
                 log_),
          keeper_(with_.options, calls_, uuid_of(with_.me.organisation), with_.memory, clusters_, board_, out)
    {
    }

    awaitable<void> run() override;
    awaitable<result<>> tidy(deadline limit) override;
    channel_state state() const override { return board_.state(); }

private:
    awaitable<void> keep_connected(inbox&);
    awaitable<setback> attempt(inbox&);
    awaitable<setback> connect(inbox&);
    awaitable<void> do_chores(channel&);
    awaitable<bool> pause_or_wake(milliseconds);
    void catalogue_changed();

    const setup with_;
    log log_;
    signed_calls calls_;
    cluster_book clusters_;
    activity_map map_;
    channel_board board_;
    device_keeper keeper_;

    std::optional<channel_policy> policy_; // of this run
    std::optional<bell> chores_due_;       // while there is a channel
    bool catalogue_stale_ = false;         // the cloud says that services have moved
    steady::time_point catalogue_at_{};    // not to be asked again before
};

// Stops what is left, however often it takes.
awaitable<void> clear(task_scope& tasks)
{
    bool quiet = false;
    while (!quiet)
    {
        tasks.stop(net::cancellation_type::terminal);
        quiet = co_await tasks.drained(deadline::after(1s));
    }
}

error story_of(const std::exception& e) // what() may hold foreign text
{
    return error(errc::handler_failed, "keeping the channel")
        .because("an exception, " + boost::core::demangle(typeid(e).name()));
}

awaitable<void> device_source_impl::run()
{
    co_await net::this_coro::throw_if_cancelled(false);
    const net::any_io_executor strand = co_await net::this_coro::executor;
    policy_.emplace(with_.options, steady::now());
    inbox::parts parts{
        with_.options, calls_, clusters_, map_, *with_.intake, with_.me.person, [this](std::string activity) {
            board_.accepted(std::move(activity));
        }};
    inbox events(strand, std::move(parts), log_);
    task_scope tasks(
        [this](std::exception_ptr) { log_.error("handing events over ended with an exception"); });
    tasks.spawn(strand, [&events] { return events.run(); });

    std::exception_ptr thrown;
    try
    {
        co_await keep_connected(events);
        board_.enter(channel_phase::idle);
    }
    catch (...)
    {
        thrown = std::current_exception();
    }
    events.close(); // what has come is stored if that can be done soon
    const bool quiet = co_await tasks.drained(deadline::after(with_.options.goodbye_timeout));
    if (!quiet)
        log_.warning("events that were not stored are not acknowledged either",
                     {{"waiting", events.waiting()}});
    co_await clear(tasks);
    if (thrown)
        std::rethrow_exception(thrown);
}

awaitable<void> device_source_impl::keep_connected(inbox& events)
{
    for (;;)
    {
        const auto happened = co_await attempt(events);
        const bool over = co_await cancelled();
        if (over)
            co_return;
        const auto next = policy_->after(happened, steady::now(), random_fraction());
        board_.ended(next);
        keeper_.perform(next.what);
        if (next.what == remedy::doubt_token && with_.on_token_rejected)
            with_.on_token_rejected();
        const bool waited = co_await pause_or_wake(next.pause);
        if (!waited)
            co_return;
    }
}

// From wherever we are to a channel that has ended again.
awaitable<setback> device_source_impl::attempt(inbox& events)
{
    error thrown;
    try
    {
        auto failed = co_await keeper_.prepare();
        if (failed)
            co_return std::move(*failed);
        auto ended = co_await connect(events);
        co_return ended;
    }
    catch (const std::exception& e)
    {
        thrown = story_of(e);
    }
    co_return setback::of(stage::handshake, std::move(thrown));
}

awaitable<setback> device_source_impl::connect(inbox& events)
{
    const net::any_io_executor strand = co_await net::this_coro::executor;
    const auto where = keeper_.current().websocket_url;
    board_.connecting(where);
    channel one(strand, with_.options, calls_, events, board_, log_);
    task_scope chores(
        [this](std::exception_ptr) { log_.error("the channel's chores ended with an exception"); });
    chores_due_.emplace(strand);
    chores.spawn(strand, [this, &one] { return do_chores(one); });

    setback ended;
    std::exception_ptr thrown;
    try
    {
        ended = co_await one.run(where);
    }
    catch (...)
    {
        thrown = std::current_exception();
    }
    co_await clear(chores);
    chores_due_.reset();
    if (thrown)
        std::rethrow_exception(thrown);
    co_return ended;
}

// What has to be done beside an open channel: the device kept alive, the catalogue kept right.
awaitable<void> device_source_impl::do_chores(channel& one)
{
    for (bool on = true; on;)
    {
        const auto now = steady::now();
        // At a guessed place the channel may be deaf for ever, and nothing of it would tell.
        if (!keeper_.knows_catalogue() && !std::exchange(catalogue_stale_, true))
            catalogue_at_ = now + std::min(without_catalogue, with_.options.rebuild_after);
        std::optional<setback> reason_to_leave;
        if (catalogue_stale_ && now >= catalogue_at_)
        {
            catalogue_stale_ = false;
            catalogue_at_ = now + catalogue_again;
            reason_to_leave = co_await keeper_.refresh_catalogue();
        }
        else if (now >= keeper_.refresh_at())
            reason_to_leave = co_await keeper_.refresh();
        else
        {
            const auto refresh_at = keeper_.refresh_at();
            const auto next = catalogue_stale_ ? std::min(refresh_at, catalogue_at_) : refresh_at;
            co_await chores_due_->wait_until(next);
        }
        if (reason_to_leave)
            one.leave(std::move(*reason_to_leave));
        const bool over = co_await cancelled();
        on = !over;
    }
}

void device_source_impl::catalogue_changed()
{
    catalogue_stale_ = true;
    if (chores_due_)
        chores_due_->ring();
}

// True after the pause, or as soon as it shows that we were asleep meanwhile; false: cancelled.
awaitable<bool> device_source_impl::pause_or_wake(milliseconds pause)
{
    sleep_watch clocks(with_.options.clock_jump, steady::now(), wall_now());
    const auto limit = deadline::after(pause);
    while (!limit.passed())
    {
        const auto left = std::chrono::ceil<milliseconds>(limit.left());
        const bool waited = co_await pause_for(std::min(left, clocks.look_every()));
        if (!waited)
            co_return false;
        if (clocks.slept(steady::now(), wall_now()))
            break;
    }
    const bool over = co_await cancelled();
    co_return !over;
}

awaitable<result<>> device_source_impl::tidy(deadline limit)
{
    if (with_.options.keep_device)
        co_return result<>();
    auto done = co_await keeper_.tidy(limit);
    co_return done;
}

} // namespace

result<std::unique_ptr<device_source>> device_source::make(setup s, log out)
{
    const auto bad = [](std::string_view what, const error& why) {
        auto e = error(errc::bad_configuration, "preparing the websocket mode");
        e.ours = std::string(what) + ": " + (why.ours.empty() ? why.code.message() : why.ours);
        return e;
    };
    const auto u2c = transport::parse_url(s.options.u2c_url);
    if (!u2c)
        return bad("the URL of the service catalogue", u2c.error());
    const auto fallback = transport::parse_url(s.options.fallback_wdm_url);
    if (!fallback)
        return bad("the URL of the fallback registration service", fallback.error());
    trusted_hosts hosts(*u2c, s.options.trusted_suffixes);
    return std::unique_ptr<device_source>(
        std::make_unique<device_source_impl>(std::move(s), std::move(hosts), out));
}

} // namespace postern::source
