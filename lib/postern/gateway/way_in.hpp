#pragma once

#include "postern/admin/routes.hpp"
#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/stages.hpp"
#include "postern/webex/types.hpp"

#include <functional>
#include <memory>
#include <string>

namespace postern {

// How events come in: one of these a gateway, --mode says which. Behind it nobody knows which it is. Used
// from the gateway's strand.
class way_in
{
public:
    virtual ~way_in() = default;

    // What it needs of the listener.
    virtual void add_routes(admin::router::table&) {}

    // Where the cloud reaches it at the moment; empty where it needs not.
    virtual std::string reached_at() const { return {}; }

    // Hands every event that is meant for `me` to the intake, until it is cancelled. What fails is logged,
    // shown in /ready and tried again. `ready` is called whenever events begin to come in.
    virtual awaitable<void> run(webex::person me, std::shared_ptr<intake_port>,
                                std::function<void()> ready) = 0;

    // After run() has ended: takes away what was made in the cloud.
    virtual awaitable<void> tidy(deadline limit) = 0;
    // Last: nothing more is handed to the intake.
    virtual void close() {}
};

} // namespace postern
