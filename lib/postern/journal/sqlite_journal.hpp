#pragma once

#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/journal/journal.hpp"
#include "postern/journal/value_limits.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace postern::journal {

struct sqlite_journal_options
{
    std::string file; // beside it: FILE-wal, FILE-shm and FILE.lock

    // A consumer that is new here gets the events from now on; what one that is gone has left is parked.
    std::vector<std::string> consumers{"bot"};

    // Deliveries that are not over, and the bodies of their events. One more is refused with journal_full.
    std::size_t unfinished = 100'000;
    std::uint64_t unfinished_bytes = 256ull * 1024 * 1024;

    // Of the file. At it, what is over is removed before its time; what is not over stays, and new events are
    // refused with journal_full.
    std::uint64_t size_limit = 1024ull * 1024 * 1024;

    // What bots remember. A quarter of `size_limit` is all that it may ever take.
    value_limits values{};

    // So long an event that is over is kept, and its key known.
    std::chrono::milliseconds keep = std::chrono::hours(24 * 7);

    std::chrono::milliseconds tidy_every{10'000}; // old events are removed in steps of
    std::size_t tidy_step = 500;

    // While the file can't be written: how often that is tried without being asked.
    std::chrono::milliseconds probe_every{1'000};

    // How long another program's lock on the file is waited for.
    std::chrono::milliseconds busy_timeout{2'000};

    // Replays that were asked for by another process are looked for so often.
    std::chrono::milliseconds requests_every{250};

    std::size_t group = 512;      // calls that share one commit, at most
    std::size_t cached = 8 << 20; // events that are kept in memory for the claim to come; bytes

    std::string vfs; // of SQLite, by its name; empty: its own. For tests, whose disks fail.
};

// Since it was opened.
struct sqlite_journal_counters
{
    std::uint64_t commits{};     // that callers waited for
    std::uint64_t calls{};       // that shared them
    std::uint64_t reads{};       // deliveries and rooms that were read from the file
    std::uint64_t checkpoints{}; // of the write-ahead log
    std::uint64_t removed{};     // old events
};

// The durable journal: one SQLite file, write-ahead log, synchronous FULL, on a thread of its own. Callers
// that come while a commit is under way share the next one. Schema and its versions: journal/sqlite/schema.
//
// A crash loses nothing that append, settle or a change of a value has returned for. Deliveries that were in
// flight are handed out again at the next start, with the effects that were noted.
//
// A call that is cancelled or whose deadline passes is answered at once, even if the disk hangs. What the
// thread had not taken up by then never happens; what it had (error::maybe_sent) may. An event that must be
// read from the file is waited for a little beyond the claim's deadline.
//
// `where` outlives it. Close it before it is destroyed; the destructor writes what is under way too, but
// blocks meanwhile.
class sqlite_journal : public journal
{
public:
    // Completions run on `where`. Errors: file_unreadable, whose advice says what to do: in use by another
    // process (with its pid), not a journal, damaged, of a newer postern, not writable.
    static result<std::unique_ptr<sqlite_journal>> open(net::any_io_executor where, sqlite_journal_options,
                                                        log);

    virtual sqlite_journal_counters counters() const = 0; // thread-safe
};

} // namespace postern::journal
