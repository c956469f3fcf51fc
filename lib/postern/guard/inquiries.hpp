#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/guard/expected_members.hpp"
#include "postern/guard/guard_options.hpp"
#include "postern/guard/verdict_cache.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace postern::guard {

// What can be judged.
struct subject
{
    enum class kind
    {
        room,
        person
    };
    kind what = kind::room;
    std::string id;   // as Webex spells it
    std::string name; // in the cache

    static subject room(const std::string& id);
    static subject person(const std::string& id);
};

// Questions to Webex, each asked once for all who want to know, and never again while the answer counts.
//
// Thread-safe; whoever asks runs on a strand. An inquiry is a task of the scope, with a deadline of its own:
// it goes on when one who waits for it leaves. There is one inquiry about a subject at a time, so that a room
// in which people come and go all the time costs one walk after the other and not many at once; what is
// forgotten while it runs makes its answer worthless, and then it is asked again.
class inquiries
{
public:
    // Looks, without the cache. It runs on the strand of one who asked.
    using look_fn = std::function<awaitable<result<known>>(subject, deadline)>;
    using clock = std::function<deadline::clock::time_point()>; // callable from any thread

    // The scope must be drained before this ends.
    inquiries(const guard_options&, look_fn, clock, task_scope&);

    struct found
    {
        std::shared_ptr<const known> what;
        bool cached = false; // it was there already
    };
    // Errors: those of looking; timed_out at the deadline of who asks, stopped when he is cancelled or the
    // scope is. Whatever the error, error::retry_after says when to ask again; it grows while a subject can't
    // be decided.
    awaitable<result<found>> ask(subject, deadline);
    // Without a call, or null.
    std::shared_ptr<const known> find(const subject&);

    // Access to what is remembered. `how` is called at once, under the lock: it must not block.
    template <class How>
    auto with(How how)
    {
        const std::lock_guard lock(mutex_);
        return how(cache_, expected_);
    }

    struct counters
    {
        std::uint64_t walks = 0;  // questions about a room
        std::uint64_t people = 0; // questions about a person
    };
    counters counted() const;

private:
    struct inquiry;
    struct asker;

    std::optional<result<found>> look_up(asker&); // empty: woken when there is more to say
    std::shared_ptr<inquiry> begin(const asker&);
    awaitable<void> run(std::shared_ptr<inquiry>);
    void finish(inquiry&, result<known>);
    result<std::shared_ptr<const known>> settle(const inquiry&, result<known>);
    error later(const inquiry&, error);

    const std::chrono::milliseconds call_timeout_;
    const std::chrono::milliseconds again_;
    const look_fn look_;
    const clock now_;
    task_scope& tasks_;

    mutable std::mutex mutex_; // of all below; no coroutine holds it while it is suspended
    verdict_cache cache_;
    expected_members expected_;
    std::unordered_map<std::string, std::shared_ptr<inquiry>> under_way_;
    counters counted_;
};

} // namespace postern::guard
