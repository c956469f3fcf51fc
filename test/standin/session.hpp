#pragma once

// The agent's connection to the service: login, loss, reconnecting (ST-16, ST-17; protocol/ngrok.md 5, 6).

#include "postern/base/deadline.hpp"
#include "standin/fault.hpp"
#include "standin/world.hpp"

#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace postern::standin {

class session
{
public:
    session(world& w) : world_(w), pause_(w.io) {}

    // Returns once connected, or with what the service says against us, or when cancelled. Tries for ever
    // while the service is unreachable.
    awaitable<std::optional<remote_refusal>> login();

    // Lost from now on; false: it was already.
    bool lose(const fault& how);
    // Tries until the fault's `for` has passed, or restore().
    awaitable<void> reconnect(fault how);
    void restore();

private:
    std::optional<remote_refusal> objection();
    void record_online();
    awaitable<bool> try_until(std::optional<deadline> limit, std::string err); // false: cancelled

    world& world_;
    net::steady_timer pause_;
    bool restored_ = false;
};

} // namespace postern::standin
