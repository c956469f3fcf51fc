#pragma once

#include "postern/base/log.hpp"
#include "postern/source/device/device_options.hpp"
#include "postern/source/device/service_catalog.hpp"
#include "postern/source/device/signed_calls.hpp"

#include <optional>
#include <string>

namespace postern::source {

// Where this token's user is at home.
struct home
{
    std::string wdm;                        // base URL of device registration
    std::optional<service_catalog> catalog; // none: nobody told, `wdm` is the hard-coded one
};

// Finds the services (protocol/mercury.md 2.1, 2.4): the catalogue of the user's home; where the token may
// not read it (403), the limited one by organisation; where neither can be had, the hard-coded WDM with a
// warning.
class discovery
{
public:
    // `organisation`: its UUID.
    discovery(const device_options&, signed_calls&, std::string organisation, log);

    // What was found is also given to the hosts that may see the token. `fresh` defeats caches on the way.
    // Errors: token_rejected, stopped, and cannot_connect, timed_out, connection_lost or tls_failed when the
    // catalogue can't be reached at all: then nothing else could be either; api_unavailable for a 429 while
    // no catalogue is known. An answer that is no catalogue ends in the one that was had before, else in the
    // hard-coded host, and the log says so.
    awaitable<result<home>> find(bool fresh, deadline limit);

private:
    awaitable<result<home>> ask(std::string url, bool with_token, deadline limit);
    home fall_back(const error& why);

    device_options options_;
    signed_calls& calls_;
    std::string organisation_;
    log log_;
    std::optional<home> known_; // a catalogue that was had before is better than the hard-coded host
    bool limited_told_ = false;
    bool fallback_told_ = false;
};

} // namespace postern::source
