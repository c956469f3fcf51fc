#pragma once

#include "postern/base/stages.hpp"
#include "postern/journal/sqlite/call_queue.hpp"
#include "postern/journal/sqlite/calls.hpp"
#include "postern/journal/sqlite/front.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace postern::journal::sqlite {

// The journal as one consumer sees it. Thread-safe.
class consumer_deliveries final : public deliveries_port
{
public:
    struct patience
    {
        std::chrono::milliseconds to_read{};     // beyond the claim's deadline, for an event that was taken
        std::chrono::milliseconds after_error{}; // before it is tried again
    };

    consumer_deliveries(consumer_id, front&, std::shared_ptr<call_queue>, patience);

    awaitable<result<std::optional<delivery>>> claim(deadline) override;
    awaitable<result<>> settle(record_id, outcome, deadline) override;
    awaitable<result<>> note(record_id, effect, deadline) override;

private:
    struct offer
    {
        bool closed = false;
        std::optional<ticket> taken;
        std::chrono::steady_clock::time_point until; // when to look again if nobody rings
    };
    offer look();
    offer look_or_wait(const alarms::alarm&, deadline);
    awaitable<result<std::optional<delivery>>> read(ticket, deadline);
    void give_back(record_id, std::chrono::milliseconds pause);

    const consumer_id id_;
    front& shared_;
    const std::shared_ptr<call_queue> queue_;
    const patience patience_;
};

} // namespace postern::journal::sqlite
