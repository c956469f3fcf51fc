#pragma once

#include "postern/base/log.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/time.hpp"
#include "postern/source/bell.hpp"
#include "postern/source/device/channel_policy.hpp"
#include "postern/source/device/device_options.hpp"
#include "postern/source/device/frames.hpp"
#include "postern/source/device/inbox.hpp"
#include "postern/source/device/outbox.hpp"
#include "postern/source/device/pulse.hpp"
#include "postern/source/device/signed_calls.hpp"
#include "postern/transport/websocket.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// Who wants to know how a channel fares. Called on its strand.
class channel_listener
{
public:
    virtual ~channel_listener() = default;
    virtual void channel_open() = 0;              // the handshake is over
    virtual void channel_ready(bool in_sync) = 0; // the cloud said so, and answers; events come in
    virtual void frame_seen() = 0;
    virtual void pong_seen() = 0;
    virtual void frames_missing(std::uint64_t) = 0; // as the sequence numbers say
    virtual void catalogue_changed() = 0;
};

// One connection to the Mercury channel of a device, from the handshake to its end (protocol/mercury.md 4).
// Activities go to the inbox; everything else is acknowledged at once. Reading pauses while the inbox is
// full. Used from one strand; one object is one connection.
class channel
{
public:
    using wall_clock = std::function<wall_time()>;

    channel(net::any_io_executor strand, const device_options&, signed_calls&, inbox&, channel_listener&, log,
            wall_clock = std::chrono::system_clock::now);

    // Connects, authorises and reads until it ends, and tells how. Cancelled, it says goodbye (1000 "Done")
    // and what it returns means nothing.
    awaitable<setback> run(std::string websocket_url);

    // Ends it from our side, for that reason.
    void leave(setback why);

private:
    awaitable<void> read();
    awaitable<void> take(std::string payload);
    awaitable<void> take_activity(frame, std::size_t bytes);
    awaitable<void> write();
    awaitable<void> keep_alive();
    awaitable<void> hang_up(bool politely);

    void let_in(const frame&);
    void take_pong(const frame&);
    void not_understood(const frame&);
    void acknowledge(const frame&);
    void end(setback::kind, error why = {});

    const net::any_io_executor strand_;
    const device_options& options_;
    signed_calls& calls_;
    inbox& inbox_;
    channel_listener& listener_;
    log log_;
    wall_clock wall_;

    transport::websocket_ptr socket_;
    std::shared_ptr<outbox> outbox_;
    stage where_ = stage::handshake;
    std::optional<deadline> ready_limit_;
    std::optional<pulse> pulse_; // begins with the ready signal
    bell beat_due_;
    sequence_watch sequence_;
    bool in_sync_ = false;
    std::uint64_t garbage_ = 0;
    std::optional<setback> end_;
    bell ended_;
    task_scope tasks_; // last: its tasks use all of the above
};

// Where to connect: the device's URL with what asks for text frames, the ready signal, failures as close
// codes and the younger of two sockets (mercury.md 4.1). What the URL asks for already stays.
std::string channel_url(std::string_view websocket_url, wall_time now);

} // namespace postern::source
