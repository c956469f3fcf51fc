#pragma once

#include "postern/source/bell.hpp"

#include <deque>
#include <optional>
#include <string>

namespace postern::source {

// What is still to be sent over one connection, in order. May outlive the connection: an event that is stored
// after its connection has gone is acknowledged into the void. Used from one strand.
class outbox
{
public:
    explicit outbox(const net::any_io_executor& strand) : filled_(strand) {}

    // Dropped once it is closed, and while thousands wait already: the peer reads nothing then, and the pulse
    // will notice. The cloud's delivery doesn't depend on acknowledgements (protocol/mercury.md 4.4).
    void send(std::string text);

    // Waits for one. None: closed, or cancelled.
    awaitable<std::optional<std::string>> next();

    void close();

private:
    std::deque<std::string> waiting_;
    bell filled_;
    bool closed_ = false;
};

} // namespace postern::source
