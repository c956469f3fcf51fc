#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/source/device/device.hpp"
#include "postern/source/device/signed_calls.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace postern::source {

// The requests of WDM (protocol/mercury.md 3.1): one attempt each, nothing decided. `wdm` is its base URL.
// Errors of all: those of signed_calls. Used from one strand.
class wdm_calls
{
public:
    wdm_calls(own_mark, std::chrono::milliseconds timeout, signed_calls&);

    // All devices of this user; none is an answer (WDM says 404).
    awaitable<result<std::vector<device>>> list(std::string wdm, deadline limit);

    // Also bad_response, maybe_sent: what came is no device, or one at a host that may not see the token.
    awaitable<result<device>> create(std::string wdm, deadline limit);

    // The device as WDM has it now. What the answer leaves out stays as it is, and so does everything after a
    // 304 and after a success that shows no device, if it is known where the channel is. Also bad_response,
    // as above.
    awaitable<result<device>> refresh(device, deadline limit);

    // 404 counts as done.
    awaitable<result<>> erase(device, deadline limit);

    // May the device's own URL see the token? Nothing can be done with one that may not.
    bool trusts(const device&) const;

private:
    result<device> at_trusted_hosts(device, std::string doing) const;

    own_mark mark_;
    std::chrono::milliseconds timeout_;
    signed_calls& calls_;
};

} // namespace postern::source
