#include "postern/source/device/device_keeper.hpp"

#include "postern/source/device/device_policy.hpp"

#include <algorithm>
#include <utility>

namespace postern::source {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds refresh_again = 1min; // after a refresh that failed
constexpr std::size_t most_given_up = 8;                  // devices that could not be deleted yet

} // namespace

device_keeper::device_keeper(const device_options& options, signed_calls& calls,
                             std::string organisation_uuid, device_memory memory, cluster_book& clusters,
                             channel_board& board, log out)
    : options_(options), discovery_(options, calls, std::move(organisation_uuid), out),
      registry_(options, calls, std::move(memory), out), clusters_(clusters), board_(board),
      log_(out.in("device"))
{
}

awaitable<std::optional<setback>> device_keeper::prepare()
{
    auto failed = co_await find_home();
    if (failed)
        co_return failed;
    if (!device_ || obtain_again_)
        failed = co_await obtain();
    else if (refresh_first_)
        failed = co_await refresh_first();
    co_return failed;
}

awaitable<std::optional<setback>> device_keeper::find_home()
{
    if (home_ && !rediscover_)
        co_return std::nullopt;
    board_.enter(channel_phase::discovering);
    const bool fresh = std::exchange(rediscover_, false);
    auto found = co_await discovery_.find(fresh, deadline::after(2 * options_.call_timeout));
    if (found)
    {
        take(std::move(*found));
        co_return std::nullopt;
    }
    const auto why = found.error();
    // The catalogue alone may be down: what it said before still holds then.
    if (home_ && !why.is(errc::token_rejected) && !why.is(errc::stopped))
    {
        log_.warning("the catalogue can't be had, going on with what it said before",
                     {{"reason", describe(why)}});
        co_return std::nullopt;
    }
    co_return setback::of(stage::catalogue, why);
}

awaitable<std::optional<setback>> device_keeper::refresh_first()
{
    board_.enter(channel_phase::registering);
    refresh_first_ = false;
    auto refreshed = co_await registry_.refresh(*device_, deadline::after(options_.call_timeout));
    if (refreshed)
    {
        use(std::move(*refreshed));
        co_return std::nullopt;
    }
    if (refreshed.error().is(errc::not_found))
        forget();
    co_return setback::of(stage::refresh, refreshed.error());
}

awaitable<std::optional<setback>> device_keeper::obtain()
{
    board_.enter(channel_phase::registering);
    co_await delete_given_up();
    maybe_registered_ = true; // until we know
    auto got = co_await registry_.obtain(home_->wdm, deadline::after(4 * options_.call_timeout));
    if (!got)
    {
        maybe_registered_ = got.error().maybe_sent || got.error().is(errc::stopped);
        co_return setback::of(stage::registration, got.error());
    }
    maybe_registered_ = obtain_again_ = refresh_first_ = false;
    use(std::move(*got));
    co_return std::nullopt;
}

awaitable<void> device_keeper::delete_given_up()
{
    auto doomed = std::exchange(given_up_, {});
    std::vector<device> still;
    for (auto& d : doomed)
    {
        const auto gone = co_await registry_.remove(d, deadline::after(options_.call_timeout));
        if (gone)
            continue;
        log_.debug("device not deleted, it is tried again later", {{"reason", describe(gone.error())}});
        still.push_back(std::move(d));
    }
    given_up_ = std::move(still);
}

awaitable<std::optional<setback>> device_keeper::refresh()
{
    if (!device_) // gone already, and the channel is about to end
    {
        refresh_at_ = time_point::max();
        co_return std::nullopt;
    }
    auto refreshed = co_await registry_.refresh(*device_, deadline::after(options_.call_timeout));
    if (refreshed)
    {
        use(std::move(*refreshed));
        co_return std::nullopt;
    }
    const auto why = refreshed.error();
    refresh_at_ = steady::now() + std::min(refresh_again, options_.refresh_device);
    if (why.is(errc::not_found))
    {
        forget();
        co_return setback::of(stage::refresh, why);
    }
    if (!why.is(errc::stopped))
        log_.warning("the device was not refreshed, trying again soon", {{"reason", describe(why)}});
    co_return std::nullopt;
}

awaitable<std::optional<setback>> device_keeper::refresh_catalogue()
{
    auto found = co_await discovery_.find(true, deadline::after(2 * options_.call_timeout));
    if (!found)
    {
        log_.info("the catalogue was to be asked again, but can't be had",
                  {{"reason", describe(found.error())}});
        co_return std::nullopt;
    }
    const bool moved = home_ && found->wdm != home_->wdm;
    if (found->catalog)
        log_.info(moved ? "the catalogue names another registration service" : "catalogue refreshed",
                  {{"wdm", found->wdm}});
    take(std::move(*found));
    if (!moved)
        co_return std::nullopt;
    setback s;
    s.what = setback::kind::moved;
    s.where = stage::serving;
    co_return s;
}

void device_keeper::perform(remedy what)
{
    switch (what)
    {
    case remedy::reconnect:
    case remedy::doubt_token: return;
    case remedy::refresh_device: refresh_first_ = true; return;
    case remedy::register_anew: give_up(); return;
    case remedy::discover_anew:
        rediscover_ = true;
        give_up();
        return;
    case remedy::alarm: rediscover_ = obtain_again_ = true; return;
    }
}

void device_keeper::take(home found)
{
    if (found.catalog)
        clusters_.take(*found.catalog);
    home_ = std::move(found);
}

void device_keeper::use(device d)
{
    refresh_at_ = steady::now() + refresh_after(d, options_.refresh_device);
    const bool another = !device_ || device_->url != d.url;
    if (another)
        give_up();
    std::erase_if(given_up_, [&](const device& other) { return other.url == d.url; });
    device_ = std::move(d);
    if (another)
        board_.device(device_->id());
}

void device_keeper::give_up()
{
    if (!device_)
        return;
    if (given_up_.size() < most_given_up)
        given_up_.push_back(std::move(*device_));
    forget();
}

void device_keeper::forget()
{
    device_.reset();
    board_.device({});
}

awaitable<result<>> device_keeper::tidy(deadline limit)
{
    give_up();
    auto doomed = std::exchange(given_up_, {});
    result<> done;
    for (const auto& d : doomed)
    {
        const auto gone = co_await registry_.remove(d, limit);
        if (!gone && done)
            done = gone.error();
    }
    if (maybe_registered_ && home_)
    {
        const auto pruned = co_await registry_.prune(home_->wdm, limit);
        if (!pruned && done)
            done = pruned.error();
    }
    co_return done;
}

} // namespace postern::source
