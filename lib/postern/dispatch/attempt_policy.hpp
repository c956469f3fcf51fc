#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/result.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace postern::dispatch {

struct attempt_limits
{
    unsigned attempts = 5; // at least 1
    std::chrono::milliseconds give_up_after = std::chrono::hours(12);
    backoff retry{std::chrono::milliseconds(2'000), std::chrono::milliseconds(600'000)};
    std::chrono::milliseconds longest_pause = std::chrono::hours(1);
};

// When an attempt ended.
struct moment
{
    wall_time now;
    bool stopping = false; // postern stops
    double random = 0.0;   // in [0, 1)
};

// What to write into the journal after an attempt. Two kinds of trouble are kept apart and counted each on
// its own:
//
// - The handler ended without an outcome: by an exception, or because its deadline passed. That is most
//   likely its own fault, and repeating it for long helps nobody: after `attempts` of these it is dead.
// - It wants to be asked again: the cloud or a target is down, the guard can't decide. That passes, however
//   long it takes, so only time ends it: dead once the event is older than `give_up_after`. An event that is
//   old when its turn comes (postern was stopped, its lane was blocked, somebody asked for it again) gets
//   `attempts` all the same.
//
// While postern stops, trouble says nothing about the event, and is never its end.
//
// Attempts are counted since postern started: the number in the journal knows no kinds. Keeps one small entry
// for each delivery that had trouble and is not over. Owns no clock and no timer. Thread-safe.
class attempt_policy
{
public:
    explicit attempt_policy(attempt_limits);

    // `became`: what the handler said, or why it said nothing (errc::stopped: it was cut off).
    outcome after(const delivery&, result<outcome> became, const moment&);

    // The delivery will not come back.
    void forget(record_id);

    std::size_t remembered() const;

private:
    struct trouble
    {
        unsigned failed = 0; // attempts that ended without an outcome
        unsigned wanted = 0; // attempts that were to be repeated
    };
    trouble count(record_id, unsigned trouble::*kind);
    outcome again(outcome wanted, const trouble&, double random) const;

    const attempt_limits limits_;
    mutable std::mutex mutex_;
    std::unordered_map<record_id, trouble> troubles_;
};

} // namespace postern::dispatch
