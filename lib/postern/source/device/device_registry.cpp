#include "postern/source/device/device_registry.hpp"

#include "postern/base/within.hpp"
#include "postern/source/device/device_policy.hpp"
#include "postern/webex/answer.hpp"

#include <algorithm>

namespace postern::source {
namespace {

constexpr unsigned looks_at_list = 5; // after deletions; the JS SDK looks as often (mercury.md 3.6)

std::string shown_id(const device& d) { return printable(d.id(), 80); }
std::string shown_name(const device& d) { return printable(d.name, 80); }

bool excessive(const error& why) { return is_excessive(why.status, why.theirs); }

} // namespace

device_registry::device_registry(const device_options& options, signed_calls& calls, device_memory memory,
                                 log out)
    : options_(options), calls_(calls), memory_(std::move(memory)), mark_{options.name},
      wdm_(mark_, options.call_timeout, calls), log_(out.in("device"))
{
}

awaitable<result<device>> device_registry::obtain(std::string wdm, deadline limit)
{
    std::vector<device> known;
    auto listed = co_await wdm_.list(wdm, limit);
    if (listed)
        known = std::move(*listed);
    else if (ends_everything(listed.error()))
        co_return listed.error();
    else
    {
        log_.warning("the devices can't be listed, going on without", {{"reason", describe(listed.error())}});
        if (!memory_.url.empty())
        {
            device last;
            last.url = memory_.url;
            last.name = mark_.name;
            last.type = mark_.type;
            known.push_back(std::move(last));
        }
    }

    auto choice = co_await reuse(std::move(known), limit);
    if (!choice)
        co_return choice.error();
    result<device> got = error(errc::not_found);
    if (choice->use)
        got = std::move(*choice->use);
    else
        got = co_await create(wdm, limit);
    if (!got && excessive(got.error()))
    {
        auto after_all = co_await make_room(wdm, got.error(), limit);
        co_return after_all;
    }
    if (got)
    {
        // A pile of old devices must not hold up the start: what is left is deleted next time.
        const auto spare = limit.at_most(options_.call_timeout);
        const auto gone = co_await erase_all(std::move(choice->surplus), spare);
    }
    co_return got;
}

// Refreshes the best of ours. One that is gone makes way for the next; one that WDM will not refresh makes
// way for a new one.
awaitable<result<device_choice>> device_registry::reuse(std::vector<device> all, deadline limit)
{
    std::erase_if(all, [&](const device& d) { return !wdm_.trusts(d); });
    for (;;)
    {
        auto choice = choose_device(std::move(all), mark_, memory_.url);
        if (!choice.use)
            co_return choice;
        auto refreshed = co_await wdm_.refresh(*choice.use, limit);
        if (refreshed)
        {
            log_.info(refreshed->id() == had_ ? "device refreshed" : "device taken over",
                      {{"name", shown_name(*refreshed)}, {"id", shown_id(*refreshed)}});
            remember(*refreshed);
            choice.use = std::move(*refreshed);
            co_return choice;
        }
        const auto why = refreshed.error();
        if (why.is(errc::api_rejected) || why.is(errc::bad_response))
        {
            log_.warning("device can't be refreshed, registering anew",
                         {{"id", shown_id(*choice.use)}, {"reason", describe(why)}});
            choice.surplus.push_back(std::move(*choice.use));
            choice.use.reset();
            co_return choice;
        }
        if (!why.is(errc::not_found))
            co_return why;
        forget(*choice.use);
        all = std::move(choice.surplus);
    }
}

awaitable<result<device>> device_registry::create(std::string wdm, deadline limit)
{
    auto made = co_await wdm_.create(wdm, limit);
    if (made)
    {
        log_.info("device registered",
                  {{"name", shown_name(*made)}, {"id", shown_id(*made)}, {"wdm", std::move(wdm)}});
        remember(*made);
    }
    co_return made;
}

// Deletes what is ours, waits until WDM has noticed, and registers once more.
awaitable<result<device>> device_registry::make_room(std::string wdm, error refused, deadline limit)
{
    refused.advice = "run `postern devices prune`";
    const auto all = co_await wdm_.list(wdm, limit);
    if (!all)
    {
        if (ends_everything(all.error()))
            co_return all.error();
        refused.ours = "and the registrations can't be listed";
        co_return refused;
    }
    auto ours = prunable(*all, mark_);
    const auto others = all->size() - ours.size();
    log_.warning("WDM refuses one more device for this user",
                 {{"ours", ours.size()}, {"of_other_programs", others}});
    auto gone = co_await erase_all(std::move(ours), limit);
    if (!gone.empty())
    {
        co_await wait_until_gone(wdm, std::move(gone), limit);
        auto again = co_await create(wdm, limit);
        if (again || !excessive(again.error()))
            co_return again;
    }
    refused.ours = webex::without(census(*all, mark_), {calls_.token()});
    if (others != 0)
        refused.advice += ", and have the other programs delete theirs: postern never does "
                          "(`postern devices list` shows all)";
    co_return refused;
}

awaitable<result<device>> device_registry::refresh(device d, deadline limit)
{
    auto refreshed = co_await wdm_.refresh(d, limit);
    if (refreshed)
    {
        log_.info("device refreshed", {{"name", shown_name(*refreshed)}, {"id", shown_id(*refreshed)}});
        remember(*refreshed);
    }
    else if (refreshed.error().is(errc::not_found))
        forget(d);
    co_return refreshed;
}

awaitable<result<>> device_registry::remove(device d, deadline limit)
{
    auto done = co_await erase(std::move(d), "device deleted", limit);
    co_return done;
}

awaitable<result<>> device_registry::erase(device d, std::string told_as, deadline limit)
{
    auto done = co_await wdm_.erase(d, limit);
    if (done)
    {
        log_.info(told_as, {{"name", shown_name(d)}, {"id", shown_id(d)}});
        if (memory_.url == d.url)
            remember_url({});
    }
    co_return done;
}

awaitable<std::vector<device>> device_registry::erase_all(std::vector<device> doomed, deadline limit)
{
    std::vector<device> gone;
    for (auto& d : doomed)
    {
        const auto done = co_await erase(d, "surplus device deleted", limit);
        if (done)
        {
            gone.push_back(std::move(d));
            continue;
        }
        const auto& why = done.error();
        log_.warning("surplus device not deleted", {{"id", shown_id(d)}, {"reason", describe(why)}});
        if (ends_everything(why) && !why.is(errc::bad_input)) // its own URL is what may not see the token
            break;
    }
    co_return gone;
}

awaitable<result<std::vector<device>>> device_registry::list(std::string wdm, deadline limit)
{
    auto all = co_await wdm_.list(std::move(wdm), limit);
    co_return all;
}

awaitable<result<std::size_t>> device_registry::prune(std::string wdm, deadline limit)
{
    auto all = co_await wdm_.list(wdm, limit);
    if (!all)
        co_return all.error();
    auto ours = prunable(std::move(*all), mark_);
    std::vector<device> gone;
    result<> so_far;
    for (auto& d : ours)
    {
        const auto done = co_await erase(d, "device deleted", limit);
        if (done)
            gone.push_back(std::move(d));
        else if (so_far)
            so_far = done.error();
    }
    const auto count = gone.size();
    if (!so_far)
    {
        auto why = so_far.error();
        why.ours += (why.ours.empty() ? "" : ", ") + std::to_string(count) + " others were deleted";
        co_return why;
    }
    if (count != 0)
        co_await wait_until_gone(wdm, std::move(gone), limit);
    co_return count;
}

// WDM's list may lag behind a deletion, and its limit with it (mercury.md 3.6).
awaitable<void> device_registry::wait_until_gone(std::string wdm, std::vector<device> gone, deadline limit)
{
    for (unsigned look = 1;; ++look)
    {
        const auto all = co_await wdm_.list(wdm, limit);
        if (!all)
            co_return;
        const bool listed = std::any_of(all->begin(), all->end(), [&](const device& d) {
            return std::any_of(gone.begin(), gone.end(), [&](const device& g) { return g.url == d.url; });
        });
        if (!listed)
            co_return;
        bool waited = look < looks_at_list && limit.left() > options_.list_again;
        if (waited)
            waited = co_await pause_for(options_.list_again);
        if (!waited)
        {
            log_.warning("WDM still lists devices that were deleted");
            co_return;
        }
    }
}

void device_registry::remember(const device& d)
{
    had_ = d.id();
    if (memory_.url != d.url)
        remember_url(d.url);
}

void device_registry::forget(const device& d)
{
    log_.info("device is gone at WDM", {{"name", shown_name(d)}, {"id", shown_id(d)}});
    if (memory_.url == d.url)
        remember_url({});
}

void device_registry::remember_url(std::string url)
{
    memory_.url = std::move(url);
    if (memory_.keep)
        memory_.keep(memory_.url);
}

} // namespace postern::source
