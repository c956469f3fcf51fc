#pragma once

#include "postern/base/json.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::emulator {

// What the control API makes the emulated Mercury do otherwise. Holds for sockets that are open, too.
struct mercury_mode
{
    bool duplicate = false;                  // every event twice, under two envelope ids
    bool reorder = false;                    // neighbours change places; a single event waits 200 ms for one
    std::chrono::milliseconds delay{};       // before each event
    std::chrono::milliseconds ready_delay{}; // before the ready signal
    bool binary = false;                     // also where text was asked for
    bool omit_ids = false;                   // envelopes have no `id`
    bool silent = false;                     // accepts, but never says ready, and nothing after that
    bool no_pong = false;                    // pings are not answered
    bool wrong_pong = false;                 // ... or with another id
    bool sequence_gap = false;               // a sequence number is missing between two frames
    bool deaf = false;                       // new registrations hear nothing, as at a wrong region
    bool scans = false;                      // a share of documents is followed by the news of its scan
    std::size_t buffer = 0;                  // events kept for a registration without a socket; 0: none are
    std::chrono::milliseconds buffer_for{};  // ... and how long at most; 0: for as long as it takes
};

// The two clocks, read once: what the cloud calls now, and what waiting is measured with.
struct moment
{
    wall_time wall{};
    std::chrono::steady_clock::time_point steady{};
};

// An event on its way: the envelope's `data`, as JSON text.
struct mercury_event
{
    std::shared_ptr<const std::string> data;
    wall_time at{};
};

struct mercury_frame
{
    std::string payload;
    bool binary = false;
};

// What one websocket has yet to say, and in which frames (protocol/mercury.md 4.3, 4.5, 4.6, 5.1): the ready
// signal first, one sequence number per frame in the order in which they leave, pongs included. Not
// thread-safe.
class mercury_outbox
{
public:
    using steady = std::chrono::steady_clock;

    // `first` is the number of the first frame; it may be any. The frames are text or binary.
    mercury_outbox(std::uint64_t first, bool text) : next_number_(first), text_(text) {}

    void say_ready(const json::object& data, const mercury_mode&, moment);
    // False, and nothing queued, when 10000 events or 16 MiB of them wait already.
    bool tell(mercury_event, const mercury_mode&, moment);
    bool pong(std::string id, moment); // false, and none, when 10000 frames wait that are no events
    void say_shutdown(moment);
    // A frame as it is, whatever comes of it. Without `binary`, of the socket's own kind.
    void raw(std::string payload, std::optional<bool> binary, moment);

    // The next frame if one is due.
    std::optional<mercury_frame> take(const mercury_mode&, moment);
    // When to ask again; none: when something new came.
    std::optional<steady::time_point> due() const;

    // The client has that envelope. True if it is one of those we wait for.
    bool acknowledged(std::string_view id);

    // Everything that may not have arrived: events that were sent under a mode with a buffer and not
    // acknowledged, then those that wait. Empties the outbox. `unsure` becomes true if more was sent than
    // could be remembered.
    std::vector<mercury_event> reclaim(bool& unsure);

    std::size_t waiting() const noexcept { return items_.size(); }
    std::uint64_t sent() const noexcept { return sent_; } // frames

private:
    enum class kind
    {
        ready,
        event,
        pong,
        shutdown,
        raw
    };
    struct item
    {
        kind what;
        std::string id;
        mercury_event about; // `data` of ready and event; the payload of raw
        wall_time at{};
        steady::time_point due{};
        std::optional<bool> binary{};
        bool held = false; // the first of a pair that is to change places
        bool copy = false; // of an event that is queued as well
    };
    struct sent_event
    {
        std::string id;
        mercury_event about;
    };

    std::string envelope(const item&, const mercury_mode&, moment);
    void queue_event(item, const mercury_mode&, moment);

    std::uint64_t next_number_;
    bool text_;
    std::deque<item> items_;
    std::deque<sent_event> unacknowledged_;
    std::size_t bytes_ = 0;  // of events
    std::size_t events_ = 0; // in items_
    std::uint64_t sent_ = 0;
    bool ready_said_ = false;
    bool forgot_ = false; // something unacknowledged was dropped from memory
    steady::time_point last_due_{};
};

} // namespace postern::emulator
