#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/source/webhook/webhook_plan.hpp"
#include "postern/webex/api.hpp"

#include <memory>
#include <string>
#include <vector>

namespace postern::source {

// Carries out a webhook_plan in the cloud: at start, and the removal at stop. Used by one coroutine at a
// time.
class registrar
{
public:
    registrar(std::shared_ptr<webex::api>, std::string instance, std::vector<wanted_webhook>, log);

    // Makes our webhooks point at `target`, signed with `key`. Where a step fails the others are still tried;
    // the first error is returned, and calling again completes the work.
    awaitable<result<>> make_right(std::string target, secret key, deadline limit);

    // Removes all webhooks of this instance. A webhook that is gone already is fine.
    awaitable<result<>> remove_all(deadline limit);

private:
    awaitable<result<>> remove(std::vector<webex::webhook> doomed, deadline limit);

    std::shared_ptr<webex::api> api_;
    std::string instance_;
    std::vector<wanted_webhook> wanted_;
    log log_;
};

} // namespace postern::source
