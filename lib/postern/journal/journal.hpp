#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/values_port.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace postern::journal {

// Whether events can be kept at the moment. A value.
struct journal_state
{
    bool taking = true;
    std::string reason; // why not, in words and with what to do; empty while it takes
};

// What every journal is to the house. Thread-safe.
class journal : public journal_port, public history_port
{
public:
    // One of the consumers it was opened with; an unknown name is a broken invariant. Lives as long as the
    // journal.
    virtual deliveries_port& consumer(const std::string& name) = 0;

    // What bots remember, as durable as the events. Lives as long as the journal.
    virtual values_port& values() = 0;

    // Deliveries that are not over.
    virtual std::size_t unfinished() const = 0;

    virtual journal_state state() const = 0;
    // Called when `taking` changes, from any thread. Set before the first append.
    virtual void on_change(std::function<void(const journal_state&)>) = 0;

    // Writes what is under way and ends; afterwards every call answers errc::stopped. Once.
    virtual awaitable<void> close() = 0;
};

} // namespace postern::journal
