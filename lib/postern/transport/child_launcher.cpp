#include "postern/transport/child_launcher.hpp"

// Its functions are compiled in separate/process.cpp, or come as a library since Boost 1.86.
#define BOOST_PROCESS_V2_SEPARATE_COMPILATION
#include <boost/asio/post.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>

#include <cerrno>
#include <csignal>
#include <future>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace postern::transport {
namespace {

namespace process = boost::process::v2;
using boost::system::error_code;
using outcome = boost::system::result<launched>;

error_code last_error() { return {errno, boost::system::system_category()}; }

// What follows runs in the forked child just before exec, one concern each: system calls only, because locks
// of other threads (malloc, log) may be held for ever in this copy of the process.

struct own_group
{
    template <class Launcher, class Path>
    error_code on_exec_setup(Launcher&, const Path&, const char* const*&) const
    {
        return ::setpgid(0, 0) == 0 ? error_code() : last_error();
    }
};

struct dies_with_us
{
    pid_t parent;

    template <class Launcher, class Path>
    error_code on_exec_setup(Launcher&, const Path&, const char* const*&) const
    {
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
            return last_error();
        if (::getppid() != parent) // it died before we had asked
            ::_exit(EXIT_FAILURE);
        return {};
    }
};

// Exec keeps what is ignored (our SIGPIPE) and what is blocked (everything, in the thread that forks).
struct fresh_signals
{
    template <class Launcher, class Path>
    error_code on_exec_setup(Launcher&, const Path&, const char* const*&) const
    {
        struct sigaction usual = {};
        usual.sa_handler = SIG_DFL;
        for (int number = 1; number <= SIGRTMAX; ++number)
            ::sigaction(number, &usual, nullptr); // refused for a few, which can't be changed anyway
        sigset_t none;
        ::sigemptyset(&none);
        return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0 ? error_code() : last_error();
    }
};

// Boost 1.81 and 1.83 leave most descriptors open in the child (listener, journal, TLS sockets).
struct inherit_nothing
{
    template <class Launcher, class Path>
    error_code on_exec_setup(Launcher&, const Path&, const char* const*&) const
    {
        return ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 ? error_code() : last_error();
    }
};

// After a failed exec Boost calls exit(), which would run our destructors and flush our buffers once more.
struct leave_quietly
{
    template <class... Anything> // the order of the arguments differs between the versions of Boost
    void on_exec_error(Anything&&...) const
    {
        ::_exit(EXIT_FAILURE);
    }
};

void collect(pid_t pid)
{
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR)
        ;
}

error_code reason(const std::exception& e)
{
    const auto* known = dynamic_cast<const boost::system::system_error*>(&e);
    if (!known)
        return {ENOMEM, boost::system::system_category()};
    if (known->code().value() == EBADF) // how Boost puts it that there was no pidfd to be had
        return {EMFILE, boost::system::system_category()};
    return known->code();
}

class all_signals_blocked
{
public:
    all_signals_blocked()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~all_signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    all_signals_blocked(const all_signals_blocked&) = delete;

private:
    sigset_t before_;
};

outcome fork_and_exec(boost::asio::io_context& context, const launch_order& order)
{
    std::vector<const char*> environment;
    for (const auto& variable : order.environment)
        environment.push_back(variable.c_str());
    environment.push_back(nullptr);
    process::posix::default_launcher launcher;
    launcher.env = environment.data();
    process::process_stdio outputs{order.in.get(), order.out.get(), order.err.get()};
    process::process_start_dir start_dir(order.directory.empty() ? "." : order.directory);

    const auto us = ::getpid();
    error_code failed;
    try
    {
        auto child =
            launcher(context.get_executor(), failed, order.program, order.arguments, outputs, start_dir,
                     own_group(), dies_with_us{us}, fresh_signals(), inherit_nothing(), leave_quietly());
        child.detach(); // collected by its owner: Boost would kill only the child, not its group
    }
    catch (const std::exception& e)
    {
        if (::getpid() != us) // a fork hook threw in the child, which must not live on as our copy
            ::_exit(EXIT_FAILURE);
        if (launcher.pid > 0) // it runs, but can't be watched
            ::kill(launcher.pid, SIGKILL);
        failed = reason(e);
    }
    if (failed)
    {
        if (launcher.pid > 0) // not done by Boost 1.81 and 1.83; of no effect where it is
            collect(launcher.pid);
        return failed;
    }
    // Ours and not Boost's: its wait collects at once, but a group must be killed before its number is free.
    unique_fd watch(static_cast<int>(::syscall(SYS_pidfd_open, launcher.pid, 0)));
    if (!watch)
    {
        failed = last_error();
        ::kill(launcher.pid, SIGKILL);
        collect(launcher.pid);
        return failed;
    }
    return launched{launcher.pid, std::move(watch)};
}

} // namespace

child_launcher::child_launcher()
{
    // Born with every signal blocked: between fork and exec a handler of ours would run in the child, and
    // Asio's would tell us, through the pipe both share, of a signal that only the child got.
    const all_signals_blocked meanwhile;
    thread_ = std::thread([this] { context_.run(); });
}

child_launcher& child_launcher::shared()
{
    static auto& only = *new child_launcher; // never destroyed: the children die with its thread
    return only;
}

outcome child_launcher::launch(launch_order order)
try
{
    auto& context = shared().context_;
    std::promise<outcome> promise;
    auto answer = promise.get_future();
    boost::asio::post(context, [&context, &order, promise = std::move(promise)]() mutable {
        promise.set_value(fork_and_exec(context, order));
    });
    return answer.get();
}
catch (const std::system_error& e) // no thread to be had
{
    return error_code(e.code().value(), boost::system::system_category());
}

} // namespace postern::transport
