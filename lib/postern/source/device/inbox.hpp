#pragma once

#include "postern/base/log.hpp"
#include "postern/base/stages.hpp"
#include "postern/source/bell.hpp"
#include "postern/source/device/activity_map.hpp"
#include "postern/source/device/cluster_book.hpp"
#include "postern/source/device/device_options.hpp"
#include "postern/source/device/frames.hpp"
#include "postern/source/device/outbox.hpp"
#include "postern/source/device/signed_calls.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace postern::source {

// Activities on their way from the channel to the journal, in order. Outlives the connections that fill it:
// what one has brought is handed over while the next one is being made, and is lost with neither. An activity
// is acknowledged once all its events are stored, or once it is known to hold none. Used from one strand.
class inbox
{
public:
    struct parts
    {
        const device_options& options;
        signed_calls& calls;
        cluster_book& clusters;
        const activity_map& map;
        intake_port& intake;
        std::string bot; // whose events they are: person id
        std::function<void(std::string activity_id)> accepted;
    };

    inbox(const net::any_io_executor& strand, parts, log);

    // Must the next frame of that many bytes wait? By number and by bytes; an empty inbox takes any.
    bool full(std::size_t bytes) const noexcept;

    // Waits while it is full. Cancelled while waiting: the frame is taken all the same.
    awaitable<void> put(frame activity, std::size_t bytes, std::shared_ptr<outbox> acks);

    // Hands over what comes in, until it is cancelled, or closed and empty. A journal that can't take an
    // event is asked again until it does.
    awaitable<void> run();
    void close();

    std::size_t waiting() const noexcept { return held_; }
    std::uint64_t without_event() const noexcept { return without_event_; }

private:
    struct item
    {
        frame what;
        std::size_t bytes;
        std::shared_ptr<outbox> acks;
    };
    enum class fate
    {
        settled, // stored, or nothing to store
        cut_off  // we were cancelled: not acknowledged
    };

    awaitable<fate> hand_over(const item&);
    awaitable<fate> store(std::string envelope, const frame& from);
    awaitable<result<stored>> accept(std::string envelope);
    awaitable<mapped> look_up(const item&, mapped unknown);
    awaitable<result<>> learn_cluster(std::string unknown_url, std::string lookup_url);
    mapped map(const frame&) const;
    void tell_nothing(const item&, const mapped&);

    parts with_;
    log log_;
    std::deque<item> queue_;
    std::size_t held_ = 0; // waiting, or being handed over
    std::size_t held_bytes_ = 0;
    std::uint64_t without_event_ = 0;
    bool closed_ = false;
    bell filled_;
    bell room_;
};

} // namespace postern::source
