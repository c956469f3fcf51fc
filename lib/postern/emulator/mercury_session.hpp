#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/emulator/cloud.hpp"
#include "postern/transport/websocket.hpp"

#include <chrono>
#include <memory>

namespace postern::emulator {

struct mercury_options
{
    std::chrono::milliseconds authorise_within{30'000}; // protocol/mercury.md 4.2
    std::chrono::milliseconds write_timeout{10'000};    // of one frame; then the socket is cut
    std::chrono::milliseconds close_timeout{2'000};     // for the client's part of a goodbye
};

// Serves one websocket of the emulated Mercury until it ends: frames of the client to the cloud, and what the
// cloud says next to the client. It decides nothing (cloud::heard, cloud::next_step do). Runs on the
// websocket's strand; a stop of the HTTP server ends it, cloud::hang_up() does so with a goodbye.
//
// RFC 6455 pings are answered, none are sent: the transport has no control pings of its own. A stalled socket
// therefore answers control pings until the client's next message arrives.
awaitable<void> serve_mercury(std::shared_ptr<cloud>, cloud::admission, transport::websocket_ptr,
                              mercury_options, log);

} // namespace postern::emulator
