#pragma once

#include "postern/base/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace postern::source {

// All that the websocket way in can be told. Sources: protocol/mercury.md 2 to 4.
struct device_options
{
    // Where services are found (mercury.md 2.1).
    std::string u2c_url = "https://u2c.wbx2.com/u2c/api/v1";

    // Used when no catalogue can be had, with a warning: right for organisations of cluster "a" only; at the
    // wrong region a device registers and never hears anything (mercury.md 2.4).
    std::string fallback_wdm_url = "https://wdm-a.wbx2.com/wdm/api/v1";

    // Hosts that may see the token besides those of the catalogue (mercury.md 2.3).
    std::vector<std::string> trusted_suffixes{"wbx2.com", "ciscospark.com", "webex.com", "webexapis.com"};

    std::string name;         // of the device; makes it ours, together with the type
    bool keep_device = false; // leave it registered at stop

    std::chrono::milliseconds call_timeout{15'000};      // one request to catalogue, WDM or conversation
    std::chrono::milliseconds handshake_timeout{15'000}; // TCP, TLS and the upgrade together
    std::chrono::milliseconds ready_timeout{30'000};  // from the upgrade to the ready signal (mercury.md 4.3)
    std::chrono::milliseconds accept_timeout{30'000}; // one try to hand an event to the journal
    std::chrono::milliseconds goodbye_timeout{2'000}; // for the peer's close frame

    std::chrono::milliseconds ping_every{15'000};     // after the last pong (mercury.md 4.5)
    std::chrono::milliseconds pong_timeout{14'000};   // no pong so long after a ping: the peer is gone
    std::chrono::milliseconds clock_jump{10'000};     // the wall clock ran so far ahead: we were asleep
    std::chrono::milliseconds rebuild_after{300'000}; // no authorised socket for so long: catalogue, device
                                                      // and socket are made anew
    std::chrono::milliseconds refresh_device{6 * 3'600'000}; // of a device whose life time nobody told
    std::chrono::milliseconds list_again{1'000}; // between looks at WDM's list until it shows a deletion

    // Between two tries. The longest pause grows with the outage: `most` holds for its first minute; later
    // a 24th of the time already lost, up to `most_ever`.
    backoff again{std::chrono::milliseconds(500), std::chrono::milliseconds(2'500)};
    std::chrono::milliseconds most_ever{32'000};

    std::size_t frame_limit = 8 * 1024 * 1024; // bytes of one frame (mercury.md 4.6)
    std::size_t queue_limit = 1024;            // frames that wait for the journal; then reading pauses
};

} // namespace postern::source
