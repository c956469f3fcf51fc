#pragma once

#include "postern/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

enum class channel_phase
{
    idle,        // not started, or stopped
    discovering, // asking the catalogue
    registering, // asking WDM
    connecting,  // TCP, TLS, upgrade
    authorising, // waiting for the ready signal and the first pong
    ready,       // events come in
    waiting      // for the next try
};
std::string_view to_string(channel_phase) noexcept;

// A time in which events may have been missed: from the last sign of life of one connection to the next one's
// ready signal. What was said meanwhile is to be asked for by REST (protocol/mercury.md 4.9).
struct gap
{
    wall_time from{};
    wall_time to{};
    std::string last_event; // key-giving id of the last activity that was accepted; empty if there was none
    bool buffered = false;  // the cloud says that it kept everything (bufferState IN_SYNC)
};

// What others may know of the channel, at any moment. A value.
struct channel_state
{
    channel_phase phase = channel_phase::idle;
    std::string device;                   // id; empty: none
    std::optional<wall_time> ready_since; // of this connection
    std::optional<wall_time> last_frame;  // whatever it was
    std::optional<wall_time> last_event;  // an activity
    std::optional<wall_time> last_pong;
    unsigned attempts = 0;           // to connect, since it was last ready
    std::uint64_t connections = 0;   // that became ready
    std::uint64_t events = 0;        // accepted
    std::uint64_t sequence_gaps = 0; // frames that the sequence numbers say are missing
    std::string last_error;          // in words; empty if there was none
    std::optional<gap> last_gap;
};

} // namespace postern::source
