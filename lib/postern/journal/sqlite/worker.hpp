#pragma once

#include "postern/base/log.hpp"
#include "postern/journal/sqlite/call_queue.hpp"
#include "postern/journal/sqlite/desk.hpp"
#include "postern/journal/sqlite/front.hpp"
#include "postern/journal/sqlite/health.hpp"
#include "postern/journal/sqlite/late_notes.hpp"
#include "postern/journal/sqlite/lock_file.hpp"
#include "postern/journal/sqlite/open_file.hpp"
#include "postern/journal/sqlite_journal.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace SQLite {
class Exception;
}

namespace postern::journal::sqlite {

connection_options connection_of(const sqlite_journal_options&);
// Events are to find room in the file, however much bots keep.
value_limits value_limits_of(const sqlite_journal_options&);

// The journal's thread: takes the calls that wait, does them in one transaction, and between them what is to
// be done from time to time. It alone touches the file.
class worker
{
public:
    struct parts // outlive it
    {
        front& shared;
        heard_times& heard;
        health& fitness;
        std::shared_ptr<call_queue> queue;
    };

    worker(sqlite_journal_options, log, lock_file, std::unique_ptr<open_file>, parts);
    ~worker(); // closes the queue if nobody did, and waits for the end

    sqlite_journal_counters counters() const;

private:
    using clock = deadline::clock;

    void run();
    void serve(const call_queue::calls&);
    void read(const std::shared_ptr<call>&);
    void write(const call_queue::calls&);
    void together(const call_queue::calls&);
    desk fresh_desk();

    // What is due when. Each is a transaction of its own.
    clock::time_point next_wake() const;
    void look_after(clock::time_point now);
    void probe(clock::time_point now);
    void take_requests(clock::time_point now);
    void write_notes(clock::time_point now);
    void tidy(clock::time_point now);
    void reconsider_room();
    void checkpoint(clock::time_point now);
    void shut_down();

    bool make_room(std::uint64_t needed); // false: there is none
    bool has_room() const;
    bool notes_are_due(clock::duration age) const;
    void put_notes();     // inside a transaction
    void notes_are_put(); // after its commit

    // Between begin() and commit(); false: it failed and was rolled back, and was told.
    bool transaction(const std::function<void()>&);
    bool usable(); // makes the connection anew if it must be
    void broke(const error&, const SQLite::Exception&);
    void broke(const error&);
    void works();
    error explained(const SQLite::Exception&, std::string doing);

    const sqlite_journal_options options_;
    const log log_;
    parts with_;
    std::optional<lock_file> lock_;
    std::unique_ptr<open_file> file_; // null while it can't be opened again
    bool connect_again_ = false;
    error last_trouble_;

    late_notes notes_;
    std::vector<std::pair<std::string, wall_time>> heard_being_written_;
    clock::time_point notes_since_, next_probe_, next_requests_, next_tidy_, next_checkpoint_;
    bool more_requests_ = false;
    bool file_is_full_ = false;

    struct tally
    {
        std::atomic<std::uint64_t> commits{0}, calls{0}, reads{0}, checkpoints{0}, removed{0};
    };
    tally tally_;
    std::thread thread_; // last: it uses all of the above
};

} // namespace postern::journal::sqlite
