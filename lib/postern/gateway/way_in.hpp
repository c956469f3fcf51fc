#pragma once

#include "postern/admin/routes.hpp"
#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/source/recovery/recovery.hpp"
#include "postern/webex/types.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace postern {

// Whom the way in tells whether everything comes in. All are called on the gateway's strand, and none is
// empty.
struct way_in_ears
{
    std::function<void()> lost;                                   // nothing does, or nobody knows
    std::function<void(std::optional<source::missed_time>)> back; // it does (again)
    std::function<void(source::missed_time)> doubtful;            // it does, but something may be missing
};

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
    // shown in /ready and tried again.
    virtual awaitable<void> run(webex::person me, std::shared_ptr<intake_port>, way_in_ears) = 0;

    // What was said until then has come in, as far as it can tell while it listens. Empty: it can't.
    virtual std::optional<wall_time> heard_until() const { return std::chrono::system_clock::now(); }

    // The journal did not take events, and takes them again: was something lost for it?
    virtual void journal_failed(source::missed_time) {}

    // After run() has ended: takes away what was made in the cloud.
    virtual awaitable<void> tidy(deadline limit) = 0;
    // Last: nothing more is handed to the intake.
    virtual void close() {}
};

} // namespace postern
