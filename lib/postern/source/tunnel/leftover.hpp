#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// Which process that is, and no other that later gets its number: Linux only.
struct process_mark
{
    int pid = 0;
    std::uint64_t start = 0; // in clock ticks since the machine started
    std::string boot;        // which start of the machine
    std::string program;     // the file it runs

    friend bool operator==(const process_mark&, const process_mark&) = default;
};

// As it is now; none if it has ended, or may not be looked at.
std::optional<process_mark> mark_process(int pid);

// A child, who started it, and where its local API is (for the person who reads the file).
struct child_note
{
    process_mark child;
    process_mark owner;
    std::string web_addr;

    friend bool operator==(const child_note&, const child_note&) = default;
};

std::string to_text(const child_note&);
std::optional<child_note> read_child_note(std::string_view text); // none: it is none, or damaged

enum class leftover
{
    none,   // nothing is left of that child
    theirs, // it runs, and whoever started it does too: another postern with the same directory
    ours    // it runs without its owner, or the owner is this very process
};
leftover judge_leftover(const child_note&);

// Ends an orphan of an earlier postern, with its group: SIGTERM, SIGKILL after `patience`. It holds our place
// and our name in the account otherwise (protocol/ngrok.md SUP-2). Kills nothing but the very process of the
// note.
awaitable<void> end_leftover(net::any_io_executor strand, child_note, std::chrono::milliseconds patience,
                             log);

} // namespace postern::source
