#include "postern/source/webhook/registrar.hpp"

#include <algorithm>

namespace postern::source {
namespace {

void keep_first(result<>& so_far, error failed)
{
    if (so_far.has_value())
        so_far = std::move(failed);
}

} // namespace

registrar::registrar(std::shared_ptr<webex::api> api, std::string instance,
                     std::vector<wanted_webhook> wanted, log out)
    : api_(std::move(api)), instance_(std::move(instance)), wanted_(std::move(wanted)),
      log_(out.in("webhooks"))
{
}

awaitable<result<>> registrar::make_right(std::string target, secret key, deadline limit)
{
    const auto actual = co_await api_->list_webhooks(limit);
    if (actual.has_error())
        co_return actual.error().during("listing webhooks");
    const auto plan = plan_webhooks(instance_, wanted_, *actual);
    for (const auto& w : plan.revived)
        log_.warning("a webhook was switched off by the cloud and is switched on again", {{"name", w.name}});

    result<> done;
    for (const auto& [was, wanted] : plan.keep)
    {
        const auto updated =
            co_await api_->update_webhook(was.id, webhook_name(instance_, wanted), target, key, limit);
        if (updated.has_error())
            keep_first(done, updated.error().during("updating the webhook \"" + was.name + '"'));
        else
            log_.info("webhook kept", {{"name", updated->name}, {"target", target}});
    }
    for (const auto& wanted : plan.create)
    {
        webex::new_webhook fresh;
        fresh.name = webhook_name(instance_, wanted);
        fresh.target_url = target;
        fresh.resource = wanted.resource;
        fresh.event = wanted.event;
        fresh.filter = wanted.filter;
        const auto name = fresh.name;
        const auto created = co_await api_->create_webhook(std::move(fresh), key, limit);
        if (created.has_error())
            keep_first(done, created.error().during("creating the webhook \"" + name + '"'));
        else
            log_.info("webhook created", {{"name", name}, {"target", target}});
    }
    const auto removed = co_await remove(plan.remove, limit);
    if (removed.has_error())
        keep_first(done, removed.error());
    co_return done;
}

awaitable<result<>> registrar::remove_all(deadline limit)
{
    auto actual = co_await api_->list_webhooks(limit);
    if (actual.has_error())
        co_return actual.error().during("listing webhooks");
    std::erase_if(*actual, [&](const webex::webhook& w) { return !is_ours(instance_, w); });
    auto removed = co_await remove(std::move(*actual), limit);
    co_return removed;
}

awaitable<result<>> registrar::remove(std::vector<webex::webhook> doomed, deadline limit)
{
    result<> done;
    for (const auto& w : doomed)
    {
        const auto removed = co_await api_->delete_webhook(w.id, limit);
        if (removed.has_error() && !removed.error().is(errc::not_found))
            keep_first(done, removed.error().during("removing the webhook \"" + w.name + '"'));
        else
            log_.info("webhook removed", {{"name", w.name}});
    }
    co_return done;
}

} // namespace postern::source
