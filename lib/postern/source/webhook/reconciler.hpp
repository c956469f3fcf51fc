#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/time.hpp"
#include "postern/source/alarm.hpp"
#include "postern/source/webhook/reconcile_schedule.hpp"
#include "postern/source/webhook/registrar.hpp"
#include "postern/source/webhook/webhook_secrets.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

struct reconciler_options
{
    reconcile_timing timing;
    std::chrono::milliseconds round_timeout{60'000}; // one look at the cloud and what follows from it
};

// What others may know of our webhooks. A value.
struct reconciler_state
{
    std::string target; // where they are to deliver to; empty: nowhere yet
    // As far as we know, each of them exists, delivers to `target`, is switched on and has a secret of ours.
    bool in_place = false;
    std::string last_error;                // of the last round, in words; empty if it went well
    std::optional<wall_time> last_checked; // the end of the last round that went well

    std::uint64_t rounds = 0;
    std::uint64_t failures = 0; // rounds
    std::uint64_t created = 0;  // webhooks, as all that follow
    std::uint64_t updated = 0;
    std::uint64_t removed = 0;
    std::uint64_t revived = 0; // the cloud had switched them off
    std::uint64_t drifted = 0; // somebody else had changed, removed or doubled them
    std::uint64_t rekeyed = 0; // times that our secret was set again because signatures were refused
};

// Keeps the webhooks in the cloud as wanted, for as long as run() is awaited: at start, when the target or
// the secret changes, on a timer, on demand, and again and again while it fails. Decisions are made in
// reconcile_schedule, webhook_plan and webhook_secrets; carried out by registrar.
//
// All but run() and remove_all() are thread-safe.
class reconciler
{
public:
    struct setup
    {
        reconciler_options options;
        std::shared_ptr<webex::api> api;
        std::string instance;
        std::vector<wanted_webhook> wanted;
        std::shared_ptr<webhook_secrets> secrets;

        // Both may be none, and are called on the strand.
        std::function<void(const reconciler_state&)> watch; // when the state has changed
        std::function<void()> on_revived;                   // deliveries were lost: check the path, catch up
    };

    reconciler(net::any_io_executor strand, setup, log);

    // Until cancelled, on the strand. Does nothing until there is a target.
    awaitable<void> run();

    // Where to deliver to from now on: registered at once, and whatever is under way for another target is
    // given up. Empty: nowhere; the webhooks stay as they are.
    void aim(std::string url);
    void check_now();

    // A new secret: accepted before any webhook has it, and set in all of them at once. Errors: see
    // webhook_secrets::rotate.
    result<> rotate(secret next);

    // A delivery was refused for its signature, or for the lack of one (then its body may be empty). If it
    // may be one of ours, our secret is set again; see reconcile_timing for how often. `body` is forged until
    // proven otherwise: it is searched for our webhooks' ids, never parsed.
    void signature_refused(std::string_view body);

    reconciler_state state() const;

    // After run() has returned: removes our webhooks.
    awaitable<result<>> remove_all(deadline limit) { return hand_.remove_all(limit); }

private:
    // What a round is about; another number means that it is out of date.
    struct wish
    {
        std::uint64_t number = 0;
        std::string target;
        secret key;
    };

    awaitable<void> round();
    // The reference belongs to round(), which awaits it.
    awaitable<result<>> look_after(wish, webhook_work&, deadline limit);
    std::chrono::milliseconds look_timeout() const;
    wish begin();
    webhook_plan compare(const std::vector<webex::webhook>& actual);
    void finish(const wish&, const result<>&, const webhook_work&);
    void settle(const wish&, const result<>&, const webhook_work&); // with the lock held
    void fail(const error&);

    bool outdated(std::uint64_t number) const;
    void change_wish(); // with the lock held
    void wake();
    void drop_old_secret();
    void show();

    const setup with_;
    const log log_;
    registrar hand_;
    const net::any_io_executor strand_;
    alarm due_;     // something is to be done
    alarm changed_; // what is under way is out of date

    mutable std::mutex mutex_;
    reconcile_schedule schedule_;
    reconciler_state state_;
    std::uint64_t wish_ = 0;
    webhooks_left left_;
    bool settled_ = false; // all were in place, and nothing else was wanted since
    bool unshown_ = false; // state_ has changed since `watch` was called
};

} // namespace postern::source
