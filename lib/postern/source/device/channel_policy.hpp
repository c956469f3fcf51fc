#pragma once

#include "postern/base/error.hpp"
#include "postern/source/device/device_options.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// How far an attempt to get a channel had come when it ended.
enum class stage
{
    catalogue,    // asking where the services are
    registration, // looking for our device, or making one
    refresh,      // PUT of our device
    handshake,    // connecting, up to the answer to the upgrade
    authorising,  // connected; the ready signal or the first pong is missing
    serving       // ready
};

// How an attempt, or a channel that was ready, ended.
struct setback
{
    enum class kind
    {
        refused,     // by an HTTP answer: `status`
        failed,      // without an answer: `why`
        closed,      // the websocket ended: `code`; 1006 where nobody said goodbye
        never_ready, // connected, but the ready signal did not come in time
        silent,      // no pong
        slept,       // we were asleep, and nobody answers our ping since
        announced,   // the cloud said that it is about to close
        moved        // the catalogue names another registration service than ours
    };
    kind what = kind::failed;
    stage where = stage::handshake;
    unsigned status = 0;
    std::uint16_t code = 0;
    std::string reason; // of the close frame: foreign text
    error why;

    // A call or a handshake that brought an error instead of what was asked for.
    static setback of(stage, error);
};

enum class remedy
{
    reconnect,      // to the same device
    refresh_device, // PUT, then reconnect
    register_anew,  // the device is given up, another one registered
    discover_anew,  // catalogue, device and socket from the start
    doubt_token,    // the gateway asks whether the token still holds; meanwhile reconnect
    alarm           // a person must look; after minutes all from the start, with the device as it is
};

// What the driver does now: waits, and then performs the remedy.
struct treatment
{
    remedy what = remedy::reconnect;
    std::chrono::milliseconds pause{};
    std::string words; // what happened, for a person
};

std::string_view to_string(remedy) noexcept; // "reconnecting", "registering anew", ...

// Decides what follows each setback (protocol/mercury.md 4.7, 4.8), for as long as the way in lives: there is
// no setback after which nothing follows. No clock, no timer, no socket inside.
//
// clang-format off
//   401, 4401, "authentication failed"  doubt_token
//   400, 403, 451 and 44xx of these     alarm
//   404, 410 to the handshake           register_anew, the first time without a pause
//   4404, 4410, 1005 before ready       refresh_device; 4404 again: register_anew
//   404, 410 to the refresh             register_anew, the first time without a pause
//   404 to the registration             discover_anew
//   429, 4429                           after Retry-After, or a minute
//   4000 "replaced"                     register_anew after 30 to 60 s; again within a quarter of an hour: alarm
//   a URL that may not see the token    alarm
//   announced shutdown, sleep           reconnect, the first time without a pause
//   another registration service        discover_anew, the first time without a pause
//   everything else                     reconnect, and refresh_device every third time
// clang-format on
//
// Whenever there was no ready channel for `rebuild_after`, discover_anew takes the place of all but an alarm.
class channel_policy
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    channel_policy(const device_options&, time_point now);

    void ready(time_point now); // the channel is ready: the outage is over

    // `random` is in [0, 1).
    treatment after(const setback&, time_point now, double random);

private:
    treatment decide(const setback&, time_point now, double random);
    treatment answered(unsigned status, const setback&, time_point now, double random);
    treatment closed(const setback&, time_point now, double random);
    treatment gone(const setback&, time_point now, double random);
    treatment replaced(time_point now, double random);
    treatment again(const setback&, time_point now, double random);
    treatment soon(remedy, time_point now, double random);
    treatment alarm(double random) const;
    treatment as_asked(const setback&, double random) const;
    std::chrono::milliseconds backoff_pause(time_point now, double random) const;

    const device_options options_;
    time_point outage_since_; // no ready channel since then
    time_point rebuilt_;      // or began anew since then
    std::optional<time_point> ready_since_;
    std::optional<time_point> replaced_at_;
    unsigned failures_ = 0;     // in a row
    unsigned young_deaths_ = 0; // channels in a row that were ready for less than a ping period
    unsigned gone_ = 0;         // devices in a row that WDM or the handshake did not know
    unsigned denied_ = 0;       // times in a row that an open channel did not know its registration
};

// What a close code says, in words; empty for one nobody has defined.
std::string_view meaning_of_close(std::uint16_t code) noexcept;

} // namespace postern::source
