#pragma once

#include "postern/base/time.hpp"
#include "postern/source/device/device_options.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// Were we asleep? A suspended machine's steady clock stands still while the wall clock runs on; a stopped
// process, or a machine whose steady clock runs on, looks at its clocks too late. A wall clock that is set
// forward looks the same.
class sleep_watch
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    sleep_watch(std::chrono::milliseconds jump, time_point now, wall_time wall)
        : jump_(jump), last_(now), last_wall_(wall)
    {
    }

    // Since the last look; to be asked every look_every() at least.
    bool slept(time_point now, wall_time wall);
    std::chrono::milliseconds look_every() const { return std::max(jump_ / 2, std::chrono::milliseconds(1)); }

private:
    std::chrono::milliseconds jump_;
    time_point last_;
    wall_time last_wall_;
};

// Is the peer still there? Application pings as the JS SDK sends them: the first at once, then one
// `ping_every` after each pong; no pong in `pong_timeout` means that nobody is there any more
// (protocol/mercury.md 4.5). After a sleep, which shows in the clocks, the question is asked at once and with
// less patience: the connection is most often dead then. No clock, no timer, no socket inside.
class pulse
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct beat
    {
        enum class kind
        {
            nothing,
            ping, // send one with `id`
            dead  // the peer is gone
        };
        kind what = kind::nothing;
        std::string id;     // a UUID
        bool slept = false; // dead: nobody answers since we slept
    };

    pulse(const device_options&, time_point now, wall_time wall);

    // To be called at next(), or earlier. A pong and a resume() change when that is.
    beat tick(time_point now, wall_time wall);
    time_point next() const;

    // True if it is the answer to our last ping. Another id is no sign of life: it may have lain in a buffer
    // while we slept.
    bool pong(std::string_view id, time_point now);

    // While nothing is read, silence says nothing about the peer; afterwards it gets its time anew.
    void pause() noexcept { paused_ = true; }
    void resume(time_point now);

private:
    beat ask(time_point now);

    std::chrono::milliseconds every_;
    std::chrono::milliseconds patience_;
    sleep_watch clocks_;
    time_point ping_at_; // if none is under way
    std::string asked_;  // id of the ping under way; empty: none
    time_point dead_at_{};
    time_point look_at_; // at the clocks
    bool paused_ = false;
    bool slept_ = false; // the ping under way was sent because of a sleep
    bool dead_ = false;
};

} // namespace postern::source
