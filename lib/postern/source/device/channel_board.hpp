#pragma once

#include "postern/base/log.hpp"
#include "postern/source/device/channel.hpp"
#include "postern/source/device/channel_policy.hpp"
#include "postern/source/device/channel_state.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace postern::source {

// Keeps what others may know of the channel, and tells it: to the log, to whoever watches, to whoever asks.
// Everything but state() is called on the channel's strand.
class channel_board final : public channel_listener
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct ears
    {
        std::function<void(const channel_state&)> watch; // phase, device, error or gap changed
        std::function<void()> ready;
        std::function<void()> catalogue_changed;
    };

    channel_board(ears, log);

    channel_state state() const; // thread-safe

    void enter(channel_phase);
    void device(std::string id); // empty: none
    void connecting(std::string_view websocket_url);
    void ended(const treatment& next); // an attempt, or a channel that was ready
    void accepted(std::string activity);

private:
    void channel_open() override { enter(channel_phase::authorising); }
    void channel_ready(bool in_sync) override;
    void frame_seen() override;
    void pong_seen() override;
    void frames_missing(std::uint64_t) override;
    void catalogue_changed() override;

    template <class Change>
    void change(Change how);
    template <class Change>
    void change_and_show(Change how);

    ears ears_;
    log log_;
    std::string host_;       // of the channel
    std::string last_event_; // id of the activity

    struct loss
    {
        time_point since;
        wall_time last_sign; // of life
        unsigned tries = 0;  // to come back
    };
    std::optional<loss> lost_; // it was ready, and is not now

    mutable std::mutex mutex_;
    channel_state state_;
};

} // namespace postern::source
