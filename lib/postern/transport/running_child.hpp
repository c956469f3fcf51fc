#pragma once

// Private to transport.

#include "postern/transport/child_process.hpp"
#include "postern/transport/line_splitter.hpp"
#include "postern/transport/unique_fd.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>

namespace postern::transport {

// A child from its start to its collection: what its readers and its waiters share. Lives on the strand, as
// long as one of them is under way.
class running_child : public std::enable_shared_from_this<running_child>
{
public:
    // Throws system_error if the context of the strand has no reactor yet and can't have one.
    running_child(net::any_io_executor strand, child_options options, log out);

    // From here on the process belongs to it, also when it fails: then abandon() ends it. Reads `out` and
    // `err`, and waits for `watch`. Errors: the system's codes.
    error_code begin(int pid, unique_fd watch, unique_fd out, unique_fd err);

    int pid() const { return pid_; }
    void signal(int number);
    static awaitable<result<child_end>> ended(std::shared_ptr<running_child> self, deadline limit);
    static awaitable<child_end> stop(std::shared_ptr<running_child> self, std::chrono::milliseconds patience);
    void abandon(); // its owner goes: killed and collected now, and on_line is not called any more

private:
    using descriptor = net::posix::stream_descriptor;
    struct output
    {
        output(const net::any_io_executor& strand, child_options::stream which, std::size_t line_limit)
            : name(which), pipe(strand), lines(line_limit)
        {
        }
        child_options::stream name;
        descriptor pipe;
        line_splitter lines;
        std::array<char, 8 * 1024> buffer;
    };

    bool exists() const { return pid_ > 0 && !end_; } // not yet, still, or no longer: kill() must not err
    void read(output& from);
    void came(output& from, error_code, std::size_t size);
    void drain(output& from);
    void hand_over(output& from, std::size_t size);
    void tell(const output& from, std::string_view line);
    void program_ended();
    bool all_read() const;
    void collect();

    const net::any_io_executor strand_;
    int pid_ = -1; // until begin()
    const std::string program_;
    const std::function<void(child_options::stream, std::string_view)> on_line_;
    const log log_;
    descriptor watch_;
    net::steady_timer patience_;
    std::array<output, 2> outputs_;
    bool program_ended_ = false;
    bool out_of_patience_ = false;
    bool abandoned_ = false;
    std::optional<child_end> end_; // once it has been collected
    std::vector<std::shared_ptr<net::steady_timer>> waiters_;
};

} // namespace postern::transport
