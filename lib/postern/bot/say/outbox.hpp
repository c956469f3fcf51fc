#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace postern::matching {

// Whose turn it is to speak: in one room one after another, in the order in which they came, several rooms
// side by side. One for each bot; thread-safe.
//
// It holds no messages: who waits is a coroutine with what it wants to say, and its deadline. How long the
// cloud wants to be left alone is the API's to know (webex/rate_gate.hpp): all calls of the token wait there.
class outbox
{
    struct state;

public:
    struct limits
    {
        std::size_t rooms = 16;       // that are spoken to side by side
        std::size_t waiting = 10'000; // turns; beyond that nobody is let in
    };

    // While it lives nobody else speaks in the room.
    class turn
    {
    public:
        turn(turn&&) noexcept = default;
        turn& operator=(turn&&) = delete;
        ~turn();

    private:
        friend class outbox;
        turn(std::shared_ptr<state> of, std::string room) : of_(std::move(of)), room_(std::move(room)) {}

        std::shared_ptr<state> of_;
        std::string room_;
    };

    outbox();
    explicit outbox(limits);

    // Errors: timed_out and stopped while waiting, too_large when too many wait.
    awaitable<result<turn>> enter(std::string room, deadline limit);

    std::size_t waiting() const;

private:
    std::shared_ptr<state> state_;
};

} // namespace postern::matching
