#pragma once

#include "postern/journal/journal.hpp"
#include "postern/journal/memory_values.hpp"
#include "postern/journal/settled.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::journal {

struct memory_journal_options
{
    // Each gets every event, and has its own progress. At least one.
    std::vector<std::string> consumers{"bot"};

    // Deliveries that are not over yet: one for each consumer of an event. An event that would exceed it is
    // refused with journal_full.
    std::size_t unfinished = 10'000;

    // The bodies of the events that are not over for all. A body that would exceed it is refused with
    // journal_full. Bytes.
    std::size_t unfinished_bytes = 64 * 1024 * 1024;

    // Keys of events that are over, so that a late repetition is recognised. Beyond it the oldest is
    // forgotten.
    std::size_t remembered = 50'000;

    // Deliveries that are over, with what became of them, for find(). Beyond it the oldest is forgotten.
    std::size_t history = 1'000;

    // Rooms that rooms() knows of. Beyond it a new one is not noted.
    std::size_t rooms = 20'000;

    // What bots remember.
    value_limits values{};
};

// The journal that lives as long as the process: for tests, for the demo and for who wants no file. "Durable"
// here means that nothing is lost while the process runs. An event that finds it full is refused; it is
// `taking` all the same, because the next outcome makes room.
//
// Thread-safe. Coroutines that call it run on a strand, or on a context with one thread. The same key for two
// bots is two events. Cancelling a waiting claim ends it with errc::stopped. A claim whose deadline has
// passed is a question: what may run now?
class memory_journal final : public journal
{
public:
    explicit memory_journal(memory_journal_options = {});
    ~memory_journal() override;

    awaitable<result<stored>> append(event, deadline) override;

    deliveries_port& consumer(const std::string& name) override;
    values_port& values() override;
    std::size_t unfinished() const override;
    journal_state state() const override;
    void on_change(std::function<void(const journal_state&)>) override; // it never changes
    awaitable<void> close() override;

    void hold() override;
    void release(const std::string& lane) override;
    void release_all() override;
    awaitable<result<std::vector<room_position>>> rooms(std::string bot, deadline) override;
    awaitable<result<>> remember(std::string bot, std::vector<room_position>, deadline) override;
    void heard(std::string bot, std::chrono::system_clock::time_point until) override;
    awaitable<result<std::optional<std::chrono::system_clock::time_point>>> heard_until(std::string bot,
                                                                                        deadline) override;

    // What became of the event with that key; the latest if there are several. Empty while it is not over,
    // and once it left the history.
    std::optional<settled> find(std::string_view key) const;

private:
    struct shelf;
    class reader;
    std::unique_ptr<shelf> shelf_;
    memory_values values_;
    std::vector<std::unique_ptr<reader>> readers_;
};

} // namespace postern::journal
