#pragma once

#include "postern/journal/sqlite/call.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace postern::journal::sqlite {

// Calls on their way to the journal's thread and back. One timer watches all deadlines, and only while
// somebody waits: no caller waits longer than it said, whatever the disk does.
class call_queue : public std::enable_shared_from_this<call_queue>
{
public:
    using calls = std::vector<std::shared_ptr<call>>;
    using time_point = deadline::clock::time_point;

    call_queue(net::any_io_executor where, std::size_t most, std::size_t most_bytes);

    // Thread-safe. Calls beyond the bounds are answered with journal_full, and with stopped after close().
    // A deadline that has passed is answered at once.
    void put(std::shared_ptr<call>);

    // Ends the intake. `last` is what remains to be answered when everything before it was.
    void close(std::shared_ptr<call> last);

    // --- the journal's thread only

    // Waits for calls until `until`; at most `most` of them, without those that nobody waits for any more.
    // Valid until done().
    const calls& take(std::size_t most, time_point until);
    // By one post to `where`, however many they are.
    void answer(const calls&);
    void done();

    const net::any_io_executor& where() const { return where_; }
    bool idle() const; // nobody waits to be taken
    bool closed() const;
    std::shared_ptr<call> last() const;

private:
    void watch(time_point);
    void sweep();

    const net::any_io_executor where_;
    const std::size_t most_, most_bytes_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    calls queued_, taken_;
    std::size_t queued_bytes_ = 0;
    bool thread_waits_ = false;
    bool closed_ = false;
    std::shared_ptr<call> last_;
    net::steady_timer watch_;
    time_point watched_ = time_point::max(); // when watch_ goes off; max: it is not set
};

} // namespace postern::journal::sqlite
