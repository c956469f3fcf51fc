#pragma once

#include "postern/base/stages.hpp"
#include "postern/journal/settled.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::journal {

struct memory_journal_options
{
    // Events that are not over yet. One more is refused with journal_full.
    std::size_t unfinished = 10'000;

    // The bodies of those events together. A body that would exceed it is refused with journal_full. Bytes.
    std::size_t unfinished_bytes = 64 * 1024 * 1024;

    // Keys of events that are over, so that a late repetition is recognised. Beyond it the oldest is
    // forgotten.
    std::size_t remembered = 50'000;

    // Events that are over, with what became of them, for find(). Beyond it the oldest is forgotten.
    std::size_t history = 1'000;
};

// The journal that lives as long as the process: for tests, for the demo and for who wants no file. "Durable"
// here means that nothing is lost while the process runs.
//
// Thread-safe. Coroutines that call it run on a strand, or on a context with one thread. The same key for two
// bots is two events. Cancelling a waiting claim ends it with errc::stopped.
class memory_journal final : public journal_port
{
public:
    explicit memory_journal(memory_journal_options = {});
    ~memory_journal() override;

    awaitable<result<stored>> append(event, deadline) override;

    // A deadline that has passed makes it a question: what may run now?
    awaitable<result<std::optional<delivery>>> claim(deadline) override;

    // Errors: bad_input if that record is not in flight; repeating the call can't help then.
    awaitable<result<>> settle(record_id, outcome, deadline) override;

    // What became of the event with that key; the latest if there are several. Empty while it is not over,
    // and once it left the history.
    std::optional<settled> find(std::string_view key) const;

    // Events that are not over.
    std::size_t unfinished() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace postern::journal
