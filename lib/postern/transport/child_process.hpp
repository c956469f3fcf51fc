#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::transport {

struct child_options
{
    std::string program; // a path, or a name that is looked up on the PATH of `environment` or else ours
    std::vector<std::string> arguments;             // handed over as they are: there is no shell
    std::map<std::string, std::string> environment; // all of it; nothing of ours is inherited
    std::string directory;                          // working directory; ours if empty
    std::string input;                              // all that its standard input holds; empty: /dev/null
    std::size_t line_limit = 64 * 1024;             // bytes; a longer line arrives in pieces of that size

    // Called for every line of its standard output and error, in order, without the line end (\n or \r\n),
    // from the strand that was given to start(). What it gets may be any bytes; a last line needs no end. It
    // is called between two reads, so a flood costs no memory: the child waits. It must not block, may
    // destroy the child_process, and is not called after that. An exception is logged, and the line is lost.
    enum class stream
    {
        out,
        err
    };
    std::function<void(stream, std::string_view line)> on_line;
};

// How a child ended.
struct child_end
{
    std::optional<int> code;   // its exit code, if it exited
    std::optional<int> signal; // the signal that ended it, otherwise
    std::string words() const; // "exit code 1", "killed by signal 9"
};

// A running program: in a process group of its own, without our descriptors, with default signals, and dead
// when we are dead, even by SIGKILL. Its outputs are read for its whole life, its exit status is collected on
// every path. Used from the strand given to start(), and destroyed before the context of that strand. Linux
// 5.11 or newer only.
//
// What it starts itself belongs to it while it stays in its group: when it ends, by itself or by us, its last
// lines are read for at most 200 ms, and whatever is left of the group is then killed. Only our own death by
// SIGKILL ends the program alone and spares its children; and a program that gains privileges when it is
// started (set-user-ID) survives us.
class child_process
{
public:
    // Blocks until the program runs (fork and exec: a few milliseconds). Errors: bad_configuration, naming
    // the program that was not found or can't be run; the system's own code when it is out of processes,
    // memory or descriptors.
    static result<std::unique_ptr<child_process>> start(net::any_io_executor strand, child_options, log);

    // Kills the whole group if it still runs, and collects it (which waits for the kernel, not for a
    // context).
    virtual ~child_process() = default;

    virtual int pid() const = 0;

    // Waits for the end; every waiter is told, also when the child_process is destroyed meanwhile. Errors:
    // timed_out, stopped (cancelled); the child goes on.
    virtual awaitable<result<child_end>> ended(deadline limit) = 0;

    // SIGTERM to the group, SIGKILL after `patience`; returns when it has been collected and its last lines
    // were handed over (a grandchild that keeps the pipe open is not waited for). Once begun it is carried
    // through: a cancellation only ends the patience.
    virtual awaitable<child_end> stop(std::chrono::milliseconds patience) = 0;

    virtual void signal(int number) = 0; // to the group; of no effect once it has ended
};

} // namespace postern::transport
