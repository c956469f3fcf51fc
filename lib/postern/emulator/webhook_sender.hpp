#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/emulator/delivery_queue.hpp"
#include "postern/transport/http_client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace postern::emulator {

// What became of a delivery.
struct delivery_report
{
    std::string webhook_id;
    std::string data_id;
    unsigned status = 0; // 0: no answer
    std::string problem; // why it failed, in our words; empty for any 2xx
    std::chrono::milliseconds took{};
    std::string body_sent; // empty if sending was not even tried
};

// Posts deliveries to webhooks' targets (protocol/webex-rest.md 5.1, 5.5, 5.6): one after another for a
// webhook, side by side across webhooks, one attempt each. Any 2xx is a success. A webhook's queue holds
// 10000 deliveries; beyond, the oldest is dropped with a report. Thread-safe. Reports come from any thread,
// also from within send() for a delivery that will not be sent: whoever calls send() holds no lock that a
// report takes.
class webhook_sender
{
public:
    using report_fn = std::function<void(delivery_report)>;

    // `timeout` bounds one attempt, from the first byte to the whole answer.
    webhook_sender(net::any_io_executor, std::shared_ptr<transport::http_client>, report_fn on_report, log,
                   std::chrono::milliseconds timeout = std::chrono::seconds(10));
    // stop() must have returned.
    ~webhook_sender();
    webhook_sender(const webhook_sender&) = delete;
    webhook_sender& operator=(const webhook_sender&) = delete;

    // Queues and returns at once. After stop() has begun the delivery is reported as not sent.
    void send(outgoing);

    // Holds for deliveries that have not begun.
    void set_mode(delivery_mode);

    // Waits until nothing is queued or under way and all reports are made; false at the deadline, or when
    // cancelled. Any number of waiters, each on a strand.
    awaitable<bool> idle(deadline limit);

    // Takes no more, lets what is queued leave until the deadline, then cuts and reports what is left. To be
    // awaited on a strand, once.
    awaitable<void> stop(deadline limit);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace postern::emulator
