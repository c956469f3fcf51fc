#pragma once

// Private to recovery.

#include "postern/source/alarm.hpp"
#include "postern/source/recovery/recovery.hpp"
#include "postern/source/recovery/recovery_holds.hpp"
#include "postern/source/recovery/recovery_policy.hpp"
#include "postern/source/recovery/recovery_windows.hpp"
#include "postern/source/recovery/recovery_words.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace postern::source {

// Performs what recovery_windows, recovery_policy and recovery_holds decide. Two coroutines: work() fetches,
// attend() keeps an eye on holds that last too long and tells how far it is.
class recovery_run final : public recovery
{
public:
    recovery_run(net::any_io_executor strand, setup, const log&);

    awaitable<void> run() override;

    void expect() override;
    void missed(missed_time) override;
    void nothing_missed() override;
    recovery_state state() const override;

private:
    using steady = std::chrono::steady_clock;

    // One try.
    struct round
    {
        missed_time window;
        recovery_times times;
        recovery_plan plan;
        std::size_t next = 0; // of plan.rooms
        std::optional<error> failed;
    };
    enum class handed
    {
        fresh,
        known,
        refused,
        cut_off // we were cancelled
    };

    bool off() const { return with_.options.reach.count() <= 0; }

    awaitable<void> work();
    awaitable<bool> learn_past(); // false: cancelled
    std::optional<round> begin();
    void tell_begin(const round&) const;
    void succeed(const round&);
    void fail(const round&, const error&);

    // References belong to work(), which awaits these.
    awaitable<result<>> attempt(round&);
    awaitable<result<>> look_back(round&);
    awaitable<result<std::vector<webex::room>>> active_rooms(recovery_times);
    awaitable<result<>> tell_left(round&);
    awaitable<void> side_by_side(round&, std::size_t coroutines);
    awaitable<void> fetch_rooms(round&);
    awaitable<result<>> fetch(const room_task&);
    awaitable<handed> hand_over(std::string envelope, std::string about);
    awaitable<result<stored>> accept(std::string envelope);

    awaitable<void> attend();
    steady::time_point look_after(); // when to look again

    void release(const std::string& room);
    void count_calls(std::size_t);
    void change(const std::function<void(recovery_state&)>&);

    const setup with_;
    const log log_;
    recovery_policy policy_;
    recovery_tally tally_;
    unsigned failures_ = 0;                     // tries of this recovery
    alarm due_;                                 // something is to be fetched
    alarm changed_;                             // something is to be looked after
    steady::time_point telling_ = alarm::never; // of the next line about how far it is; during a try

    mutable std::mutex mutex_; // for all below, and held while the history is told to hold and release
    recovery_windows windows_;
    recovery_holds holds_;
    recovery_state state_;
    steady::time_point try_at_{};
    bool unshown_ = false; // state_ has changed since `watch` was called
};

} // namespace postern::source
