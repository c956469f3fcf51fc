#pragma once

// What the tests of child processes share.

#include "postern/transport/child_process.hpp"

#include "support/run.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace postern::test {

using transport::child_end;
using transport::child_options;
using transport::child_process;
using child_ptr = std::unique_ptr<child_process>;

inline result<child_ptr> start(net::any_io_executor strand, child_options options, log out = quiet_log())
{
    return child_process::start(std::move(strand), std::move(options), std::move(out));
}

inline deadline soon() { return deadline::after(std::chrono::seconds(30)); }

// What a child has said.
struct said
{
    std::vector<std::string> out, err;

    void listen(child_options& options)
    {
        options.on_line = [this](child_options::stream from, std::string_view line) {
            (from == child_options::stream::out ? out : err).emplace_back(line);
        };
    }
};

inline child_options program(std::string name, std::vector<std::string> arguments = {})
{
    child_options options;
    options.program = std::move(name);
    options.arguments = std::move(arguments);
    for (const auto* variable : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(variable))
            options.environment.emplace(variable, value);
    return options;
}

inline child_options shell(std::string script) { return program("sh", {"-c", std::move(script)}); }

// A test case of this program that is disabled, run as a child: our own code in another process.
inline child_options ourselves(const std::string& test_case)
{
    return program(std::filesystem::read_symlink("/proc/self/exe").string(),
                   {"--run_test=" + test_case, "--log_level=error"});
}

// A child whose line `first` has been seen: it is up.
struct up
{
    child_ptr process;
    std::shared_ptr<std::string> line; // what stood after `first`
};

inline awaitable<up> start_and_wait_for(child_options options, std::string first)
{
    const auto strand = co_await net::this_coro::executor;
    net::steady_timer seen(strand, std::chrono::seconds(30));
    up out{nullptr, std::make_shared<std::string>()};
    options.on_line = [&seen, line = out.line, first, then = std::move(options.on_line),
                       waiting = true](child_options::stream from, std::string_view text) mutable {
        if (waiting && text.starts_with(first))
        {
            waiting = false;
            *line = text.substr(first.size());
            seen.cancel();
        }
        if (then)
            then(from, text);
    };
    out.process = start(strand, std::move(options)).value();
    const auto [cancelled] = co_await seen.async_wait(as_result);
    BOOST_TEST_REQUIRE(cancelled == net::error::operation_aborted, "the child does not say " + first);
    co_return out;
}

// Any process, ours or not, whose end can be seen.
class somebody
{
public:
    explicit somebody(int pid) : pid_(pid), fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)))
    {
        BOOST_TEST_REQUIRE(fd_ >= 0);
    }
    ~somebody()
    {
        ::kill(pid_, SIGKILL); // nothing outlives a test
        ::close(fd_);
    }
    somebody(const somebody&) = delete;

    bool gone_within(std::chrono::milliseconds patience) const
    {
        pollfd wait{fd_, POLLIN, 0};
        return ::poll(&wait, 1, static_cast<int>(patience.count())) == 1;
    }
    bool alive() const { return !gone_within(std::chrono::milliseconds(0)); }

private:
    int pid_;
    int fd_;
};

// True if not a single child, dead or alive, is left to collect.
inline bool childless()
{
    siginfo_t about = {};
    return ::waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) == -1 && errno == ECHILD;
}

inline std::size_t open_descriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace postern::test
