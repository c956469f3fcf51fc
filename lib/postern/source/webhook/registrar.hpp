#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/source/webhook/webhook_plan.hpp"
#include "postern/webex/api.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::source {

// How our webhooks are to be.
struct webhook_order
{
    std::string target;
    secret key;
    std::function<bool()> still_wanted; // asked before every step; none: always
};

// What was done of it.
struct webhook_work
{
    std::size_t created = 0;
    std::size_t updated = 0;
    std::size_t revived = 0; // among `updated`
    std::size_t removed = 0;
    webhooks_left left;          // those that are as ordered now, the untouched ones included
    bool abandoned = false;      // it was not wanted any more before it was done
    std::optional<error> failed; // the first step that failed; the others were tried all the same

    bool complete() const noexcept { return !abandoned && !failed; }
};

// Our hand in the cloud: makes, updates and removes the webhooks of this instance, and nobody else's. Makes
// every step once; the retries are webex::api's, and calling again completes what failed. Used by one
// coroutine at a time.
class registrar
{
public:
    registrar(std::shared_ptr<webex::api>, std::string instance, std::vector<wanted_webhook>, log);

    // Whoever made them: all that this token sees.
    awaitable<result<std::vector<webex::webhook>>> list_all(deadline limit);
    // Those of this instance.
    awaitable<result<std::vector<webex::webhook>>> list_ours(deadline limit);

    webhook_plan plan(const std::vector<webex::webhook>& actual, const webhooks_left& left = {}) const
    {
        return plan_webhooks(instance_, wanted_, actual, left);
    }
    // What was done is in `work` at any moment, also when the caller is cancelled in the middle. It belongs
    // to who awaits this.
    awaitable<void> carry_out(webhook_plan, webhook_order, webhook_work& work, deadline limit);

    // All of it, once: makes our webhooks point at `target`, signed with `key`, whatever they were. Errors:
    // the first step that failed.
    awaitable<result<webhook_work>> make_right(std::string target, secret key, deadline limit);

    // Removes all webhooks of this instance. A webhook that is gone already is fine.
    awaitable<result<>> remove_all(deadline limit);

private:
    // The references belong to the caller's frame, which awaits these.
    awaitable<void> update(webhook_plan::kept, const webhook_order&, webhook_work&, deadline limit);
    awaitable<void> create(wanted_webhook, const webhook_order&, webhook_work&, deadline limit);
    awaitable<void> remove(webex::webhook, webhook_work&, deadline limit);

    std::shared_ptr<webex::api> api_;
    std::string instance_;
    std::vector<wanted_webhook> wanted_;
    log log_;
};

} // namespace postern::source
