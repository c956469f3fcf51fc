#pragma once

#include "postern/base/secret.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace postern::emulator {

// One delivery on its way out.
struct outgoing
{
    std::string webhook_id;
    std::string target_url;
    std::string body; // the envelope, byte for byte; it is signed as it is here
    secret key;       // empty: unsigned
    std::string data_id;
    bool modern_signature = false; // also X-Webex-Signature; only where there is a key
};

// Faults of the cloud's sender, on top of what the target does.
struct delivery_mode
{
    bool duplicate = false; // every delivery goes out twice
    bool reorder = false;   // neighbours in one webhook's queue change places; needs a queue, so a delay
    std::chrono::milliseconds delay{}; // before each delivery
    unsigned drop_next = 0;            // so many deliveries are lost on their way, across all webhooks
};

// Decides what the sender sends next: a queue per webhook, one delivery of a webhook at a time, and what the
// mode makes of it. Not thread-safe; the sender guards and drives it.
class delivery_queue
{
public:
    explicit delivery_queue(std::size_t bound = 10'000) : bound_(bound) {}

    struct admission
    {
        bool start = false;                // nobody works for this webhook: begin
        std::optional<outgoing> displaced; // the oldest one, dropped because the queue was full
    };
    admission push(outgoing);

    // How long to wait before the webhook's next delivery; none: its work is over, until push() says `start`.
    std::optional<std::chrono::milliseconds> pause_before(const std::string& webhook_id);

    struct step
    {
        outgoing what;
        unsigned copies = 1; // 0: it is lost on its way
    };
    std::optional<step> take(const std::string& webhook_id); // none if everything was taken away meanwhile

    std::vector<outgoing> take_all(); // what has not begun

    void set_mode(delivery_mode mode) { mode_ = mode; }
    bool idle() const noexcept { return lanes_.empty(); } // nothing queued, nobody at work

private:
    struct lane
    {
        std::deque<outgoing> waiting;
        bool overtaken = false; // the first one was overtaken, and is next whatever the mode
    };

    std::size_t bound_;
    delivery_mode mode_;
    std::map<std::string, lane> lanes_; // of webhooks with somebody at work
};

} // namespace postern::emulator
