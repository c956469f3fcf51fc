#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/error.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace postern::webex {

struct retry_limits
{
    unsigned attempts = 6; // requests of one call that end in a server error or a lost connection
    backoff pauses;        // between them, where the service names no time
    std::chrono::milliseconds default_retry_after{15'000};  // for a 429 that names none, or none we can read
    std::chrono::milliseconds shortest_retry_after{1'000};  // whatever the service says
    std::chrono::milliseconds longest_retry_after{300'000}; // whatever the service says
};

// What the driver of a call must do now.
enum class next
{
    done,   // the answer is a success
    again,  // after `pause`
    give_up // the answer, or the lack of one, is the result
};

struct step
{
    next what = next::give_up;
    std::chrono::milliseconds pause{};
    bool smaller_page = false;                        // of a list, if this was one (504)
    std::optional<std::chrono::milliseconds> asked{}; // how long the service wants to be left alone

    friend bool operator==(const step&, const step&) = default;
};

// Decides what follows each attempt of one call (protocol/webex-rest.md 1.5, 1.6, 7); one object a call, no
// clock, no timer, no socket inside. `left` is the time until the call's deadline: a pause that doesn't fit
// is not begun.
//
//   429, 423        any method, until the deadline: the request was refused, or the file is still being
//   scanned 502, 503, 504   GET, HEAD, PUT, DELETE 500             GET and HEAD, once lost connection GET,
//   HEAD, PUT, DELETE; any method when nothing can have been sent everything else never
//
// A DELETE that may have taken effect unnoticed and then finds nothing is done.
class retry_policy
{
public:
    retry_policy(std::string_view method, retry_limits limits);

    // `retry_after` is the header as it came, empty if there was none. `random` is in [0, 1).
    step answered(unsigned status, std::string_view retry_after, std::chrono::milliseconds left,
                  wall_time now, double random);
    step failed(const error& why, std::chrono::milliseconds left, double random);

    // Some attempt may have had its effect although no answer said so.
    bool maybe_done() const noexcept { return maybe_done_; }

private:
    step wait_as_asked(std::chrono::milliseconds asked, std::chrono::milliseconds left, double random) const;
    step back_off(unsigned most, std::chrono::milliseconds left, double random);
    std::chrono::milliseconds clamp(std::chrono::milliseconds asked) const;

    retry_limits limits_;
    bool reads_;      // GET, HEAD
    bool removes_;    // DELETE
    bool idempotent_; // these and PUT
    bool maybe_done_ = false;
    unsigned failures_ = 0;
    unsigned scans_ = 0; // 423 that named no time
};

} // namespace postern::webex
