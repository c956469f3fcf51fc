#include "postern/emulator/world.hpp"

#include "postern/base/crypto.hpp"
#include "postern/emulator/webhook_rules.hpp"
#include "postern/transport/url.hpp"

#include <algorithm>

namespace postern::emulator {
namespace {

std::optional<refusal> unusable(std::string_view name, std::string_view target_url)
{
    if (name.empty())
        return refusal{400, "name cannot be empty"};
    if (target_url.empty())
        return refusal{400, "targetUrl cannot be null"};
    if (!transport::parse_url(
            target_url)) // plain http was accepted historically (protocol/webex-rest.md 4.9)
        return refusal{400, "targetUrl must be a URL"};
    return std::nullopt;
}

} // namespace

// An id filter on something the owner has no access to is refused (protocol/webex-rest.md 5.3).
std::optional<refusal> world::check_filter(const person& owner, const webhook& hook) const
{
    for (const auto& [key, value] : hook.conditions)
    {
        bool accessible = true;
        if (key == "roomId")
            accessible = room_of(owner, value).has_value();
        else if (key == "messageId")
            accessible = message_of(owner, value).has_value();
        else if (key == "personId")
            accessible = value == "me" || person_of(value).has_value();
        if (!accessible)
            return refusal{400, "invalid value for filter: " + key};
    }
    return std::nullopt;
}

granted<const webhook*> world::add_webhook(const person& owner, webhook_wish wish)
{
    if (auto no = unusable(wish.name, wish.target_url))
        return *no;
    if (auto known = check_subscription(wish.resource, wish.event); !known)
        return known.error();
    auto filter = read_filter(wish.resource, wish.filter);
    if (!filter)
        return filter.error();

    const auto* org = find_organisation(owner.org);

    webhook hook;
    hook.uuid = random_uuid();
    hook.cluster = org ? org->cluster : "us";
    hook.name = std::move(wish.name);
    hook.target_url = std::move(wish.target_url);
    hook.resource = std::move(wish.resource);
    hook.event = std::move(wish.event);
    hook.filter = std::move(wish.filter);
    hook.conditions = std::move(*filter);
    hook.key = std::move(wish.key);
    hook.creator = owner.uuid;
    hook.created = std::chrono::floor<std::chrono::milliseconds>(now());
    if (auto no = check_filter(owner, hook))
        return *no;
    auto key = hook.uuid;
    return &webhooks_.emplace(std::move(key), std::move(hook)).first->second;
}

granted<const webhook*> world::webhook_of(const person& owner, std::string_view id) const
{
    const auto ref = read_reference(id, "WEBHOOK");
    if (!ref)
        return ref.error();
    const auto found = webhooks_.find(ref->native);
    if (found == webhooks_.end() || !names(*ref, found->second.cluster) ||
        found->second.creator != owner.uuid)
        return refused::not_found();
    return &found->second;
}

granted<const webhook*> world::update_webhook(const person& owner, std::string_view id, webhook_edit edit)
{
    const auto found = webhook_of(owner, id);
    if (!found)
        return found.error();
    if (auto no = unusable(edit.name, edit.target_url))
        return *no;
    auto& hook = webhooks_.find((*found)->uuid)->second;
    hook.name = std::move(edit.name);
    hook.target_url = std::move(edit.target_url);
    if (edit.key)
        hook.key = std::move(*edit.key);
    if (edit.activate && !hook.active)
    {
        hook.active = true;
        hook.failures.reactivated(steady_now());
    }
    return &hook;
}

granted<> world::remove_webhook(const person& owner, std::string_view id)
{
    const auto found = webhook_of(owner, id);
    if (!found)
        return found.error();
    webhooks_.erase(webhooks_.find((*found)->uuid));
    return {};
}

std::vector<const webhook*> world::webhooks() const
{
    std::vector<const webhook*> all;
    for (const auto& [uuid, hook] : webhooks_)
        all.push_back(&hook);
    std::sort(all.begin(), all.end(), [](const webhook* a, const webhook* b) {
        return std::tie(a->created, a->uuid) < std::tie(b->created, b->uuid);
    });
    return all;
}

std::vector<const webhook*> world::webhooks_of(const person& owner) const
{
    auto all = webhooks();
    std::erase_if(all, [&](const webhook* hook) { return hook->creator != owner.uuid; });
    return all;
}

bool world::delivery_failed(std::string_view webhook_id)
{
    const auto ref = read_reference(webhook_id, "WEBHOOK");
    const auto found = ref ? webhooks_.find(ref->native) : webhooks_.end();
    if (found == webhooks_.end() || !found->second.active || !found->second.failures.failed(steady_now()))
        return false;
    found->second.active = false;
    return true;
}

} // namespace postern::emulator
