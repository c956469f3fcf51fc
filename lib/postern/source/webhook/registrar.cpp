#include "postern/source/webhook/registrar.hpp"

#include <algorithm>

namespace postern::source {
namespace {

void note(webhook_work& work, error failed)
{
    if (!work.failed)
        work.failed = std::move(failed);
}

// May the next step be made?
bool goes_on(const webhook_order& order, webhook_work& work)
{
    if (order.still_wanted && !order.still_wanted())
        work.abandoned = true;
    return !work.abandoned && !(work.failed && work.failed->is(errc::stopped));
}

// The cloud may spell a URL otherwise than we do; what it tells is what it will list.
std::string target_told(const webex::webhook& answer, const webhook_order& order)
{
    return answer.target_url.empty() ? order.target : answer.target_url;
}

} // namespace

registrar::registrar(std::shared_ptr<webex::api> api, std::string instance,
                     std::vector<wanted_webhook> wanted, log out)
    : api_(std::move(api)), instance_(std::move(instance)), wanted_(std::move(wanted)),
      log_(out.in("webhooks"))
{
}

awaitable<result<std::vector<webex::webhook>>> registrar::list_all(deadline limit)
{
    auto actual = co_await api_->list_webhooks(limit);
    if (actual.has_error())
        co_return actual.error().during("listing webhooks");
    co_return actual;
}

awaitable<result<std::vector<webex::webhook>>> registrar::list_ours(deadline limit)
{
    auto actual = co_await list_all(limit);
    if (actual.has_value())
        std::erase_if(*actual, [&](const webex::webhook& w) { return !is_ours(instance_, w); });
    co_return actual;
}

awaitable<void> registrar::carry_out(webhook_plan plan, webhook_order order, webhook_work& work,
                                     deadline limit)
{
    for (const auto& one : plan.keep)
    {
        if (!one.needs_update())
            work.left.emplace(one.actual.id, one.actual.target_url);
        else if (goes_on(order, work))
            co_await update(one, order, work, limit);
    }
    for (const auto& one : plan.create)
        if (goes_on(order, work))
            co_await create(one, order, work, limit);
    for (const auto& one :
         plan.remove) // only once all that shall serve does: a double may be what serves now
        if (goes_on(order, work) && !work.failed)
            co_await remove(one, work, limit);
}

awaitable<void> registrar::update(webhook_plan::kept one, const webhook_order& order, webhook_work& work,
                                  deadline limit)
{
    const auto updated = co_await api_->update_webhook(one.actual.id, webhook_name(instance_, one.wanted),
                                                       order.target, order.key, limit);
    if (updated.has_error())
    {
        note(work, updated.error().during("updating the webhook \"" + one.actual.name + '"'));
        co_return;
    }
    ++work.updated;
    work.left.insert_or_assign(one.actual.id, target_told(*updated, order));
    if (one.asleep)
    {
        ++work.revived;
        log_.warning("a webhook was switched off by the cloud and is switched on again",
                     {{"name", one.actual.name}, {"target", order.target}});
    }
    else
        log_.info("webhook updated", {{"name", one.actual.name}, {"target", order.target}});
}

awaitable<void> registrar::create(wanted_webhook one, const webhook_order& order, webhook_work& work,
                                  deadline limit)
{
    webex::new_webhook fresh;
    fresh.name = webhook_name(instance_, one);
    fresh.target_url = order.target;
    fresh.resource = one.resource;
    fresh.event = one.event;
    fresh.filter = one.filter;
    const auto name = fresh.name;
    const auto created = co_await api_->create_webhook(std::move(fresh), order.key, limit);
    if (created.has_error())
    {
        note(work, created.error().during("creating the webhook \"" + name + '"'));
        co_return;
    }
    ++work.created;
    work.left.insert_or_assign(created->id, target_told(*created, order));
    log_.info("webhook created", {{"name", name}, {"target", order.target}});
}

awaitable<void> registrar::remove(webex::webhook one, webhook_work& work, deadline limit)
{
    const auto removed = co_await api_->delete_webhook(one.id, limit);
    if (removed.has_error() && !removed.error().is(errc::not_found))
    {
        note(work, removed.error().during("removing the webhook \"" + one.name + '"'));
        co_return;
    }
    ++work.removed;
    log_.info("webhook removed", {{"name", one.name}});
}

awaitable<result<webhook_work>> registrar::make_right(std::string target, secret key, deadline limit)
{
    const auto actual = co_await list_all(limit);
    if (actual.has_error())
        co_return actual.error();
    webhook_order order;
    order.target = std::move(target);
    order.key = std::move(key);
    webhook_work work;
    co_await carry_out(plan(*actual), std::move(order), work, limit);
    if (work.failed)
        co_return *work.failed;
    co_return work;
}

awaitable<result<>> registrar::remove_all(deadline limit)
{
    const auto ours = co_await list_ours(limit);
    if (ours.has_error())
        co_return ours.error();
    webhook_work work;
    for (const auto& one : *ours)
        co_await remove(one, work, limit);
    if (work.failed)
        co_return *work.failed;
    co_return result<>();
}

} // namespace postern::source
