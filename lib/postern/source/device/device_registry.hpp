#pragma once

#include "postern/base/log.hpp"
#include "postern/source/device/device.hpp"
#include "postern/source/device/device_options.hpp"
#include "postern/source/device/device_policy.hpp"
#include "postern/source/device/signed_calls.hpp"
#include "postern/source/device/wdm_calls.hpp"

#include <functional>
#include <string>
#include <vector>

namespace postern::source {

// Where the device of the last run is remembered, so that a start after a crash takes it over.
struct device_memory
{
    std::string url;                              // of the device of the last run; empty if there was none
    std::function<void(const std::string&)> keep; // called with each new one, and with "" when it is gone
};

// Our device at WDM: found again, made, refreshed, deleted (protocol/mercury.md 3). Used from one strand.
class device_registry
{
public:
    device_registry(const device_options&, signed_calls&, device_memory, log);

    // A device of ours that is fit for use: the one of last time or another of ours, refreshed; else a new
    // one. Surplus ones of ours are deleted. When WDM says "excessive registrations", ours are deleted and it
    // is tried once more. Errors: those of signed_calls, with advice where a person must help; bad_response
    // for a device at a host that may not see the token. A registration whose answer was lost
    // (error::maybe_sent) is found in the list by the next call.
    awaitable<result<device>> obtain(std::string wdm, deadline limit);

    // PUT. Errors: not_found when it is gone, and those of signed_calls. A 304 leaves it as it is.
    awaitable<result<device>> refresh(device, deadline limit);

    // 404 counts as done.
    awaitable<result<>> remove(device, deadline limit);

    // All devices of this user, other programs' too; none is an answer (WDM says 404).
    awaitable<result<std::vector<device>>> list(std::string wdm, deadline limit);

    // Our devices at WDM are deleted; the number of them is returned. Where one fails the others are still
    // tried, and its error is returned.
    awaitable<result<std::size_t>> prune(std::string wdm, deadline limit);

    const own_mark& mark() const noexcept { return mark_; }

private:
    awaitable<result<device_choice>> reuse(std::vector<device> all, deadline limit);
    awaitable<result<device>> create(std::string wdm, deadline limit);
    awaitable<result<device>> make_room(std::string wdm, error refused, deadline limit);
    awaitable<result<>> erase(device, std::string told_as, deadline limit);
    awaitable<std::vector<device>> erase_all(std::vector<device>, deadline limit); // answers what is gone
    awaitable<void> wait_until_gone(std::string wdm, std::vector<device>, deadline limit);
    void remember(const device&);
    void forget(const device&);
    void remember_url(std::string);

    device_options options_;
    signed_calls& calls_;
    device_memory memory_;
    own_mark mark_;
    wdm_calls wdm_;
    std::string had_; // id of the device that obtain() gave last
    log log_;
};

} // namespace postern::source
