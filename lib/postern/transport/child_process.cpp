#include "postern/transport/child_process.hpp"

#include "postern/transport/child_launcher.hpp"
#include "postern/transport/programs.hpp"
#include "postern/transport/running_child.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>

namespace postern::transport {
namespace {

template <class T>
using outcome = boost::system::result<T>;

error_code last_error() { return {errno, boost::system::system_category()}; }

class child final : public child_process
{
public:
    explicit child(std::shared_ptr<running_child> running) : running_(std::move(running)) {}
    ~child() override { running_->abandon(); }

    int pid() const override { return running_->pid(); }
    awaitable<result<child_end>> ended(deadline limit) override
    {
        return running_child::ended(running_, limit);
    }
    awaitable<child_end> stop(std::chrono::milliseconds patience) override
    {
        return running_child::stop(running_, patience);
    }
    void signal(int number) override { running_->signal(number); }

private:
    std::shared_ptr<running_child> running_;
};

bool has_nul(const std::string& text) { return text.find('\0') != text.npos; }

// What C strings and NAME=value can't say. The values themselves are secrets perhaps, and not named.
std::string unsayable(const child_options& options)
{
    if (has_nul(options.program) || has_nul(options.directory))
        return "a path holds a NUL byte";
    for (const auto& argument : options.arguments)
        if (has_nul(argument))
            return "an argument holds a NUL byte";
    for (const auto& [name, value] : options.environment)
    {
        if (name.empty() || has_nul(name) || name.find('=') != name.npos)
            return "\"" + printable(name) + "\" can't be the name of a variable";
        if (has_nul(value))
            return "the variable " + printable(name) + " holds a NUL byte";
    }
    return {};
}

std::string search_path(const child_options& options)
{
    const auto own = options.environment.find("PATH");
    if (own != options.environment.end())
        return own->second;
    const char* ours = std::getenv("PATH");
    return ours ? ours : "/usr/local/bin:/usr/bin:/bin";
}

// Out of the way of 0, 1 and 2, which are free if we were started without them: the child's own would land
// on top of it.
unique_fd above_standard(unique_fd fd)
{
    if (!fd || fd.get() > STDERR_FILENO)
        return fd;
    return unique_fd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

// A file in memory rather than a pipe: nobody has to write it bit by bit, and a child that does not read it
// costs us neither a wait nor a SIGPIPE.
outcome<unique_fd> standard_input(std::string_view input)
{
    const bool any = !input.empty();
    auto file = above_standard(unique_fd(any ? ::memfd_create("standard input", MFD_CLOEXEC)
                                             : ::open("/dev/null", O_RDONLY | O_CLOEXEC)));
    if (!file)
        return last_error();
    while (!input.empty())
    {
        const auto size = ::write(file.get(), input.data(), input.size());
        if (size < 0 && errno != EINTR)
            return last_error();
        input.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    if (any && ::lseek(file.get(), 0, SEEK_SET) != 0)
        return last_error();
    return file;
}

error_code make_pipe(unique_fd& ours, unique_fd& theirs)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return last_error();
    ours = unique_fd(ends[0]);
    theirs = above_standard(unique_fd(ends[1]));
    return theirs ? error_code() : last_error();
}

// What is left of our side once the child runs.
struct started
{
    launched child;
    unique_fd out, err;
};

outcome<started> launch(std::string program, child_options options)
{
    launch_order order;
    order.program = std::move(program);
    order.arguments = std::move(options.arguments);
    for (const auto& [name, value] : options.environment)
        order.environment.push_back(name + '=' + value);
    order.directory = options.directory;

    started ours;
    auto input = standard_input(options.input);
    if (!input)
        return input.error();
    order.in = std::move(*input);
    auto failed = make_pipe(ours.out, order.out);
    if (!failed)
        failed = make_pipe(ours.err, order.err);
    if (failed)
        return failed;
    auto child = child_launcher::launch(std::move(order));
    if (!child)
        return child.error();
    ours.child = std::move(*child);
    return ours;
}

} // namespace

std::string child_end::words() const
{
    if (code)
        return "exit code " + std::to_string(*code);
    if (signal)
        return "killed by signal " + std::to_string(*signal);
    return "ended, nobody knows how"; // somebody else collected it
}

result<std::unique_ptr<child_process>> child_process::start(net::any_io_executor strand,
                                                            child_options options, log out)
{
    auto refused = error(errc::bad_configuration, "starting " + printable(options.program));
    const auto wrong = unsayable(options);
    if (!wrong.empty())
        return std::move(refused).because(wrong);
    auto program = find_program(options.program, search_path(options));
    if (!program)
        return program.error();
    std::error_code ignored;
    if (!options.directory.empty() && !std::filesystem::is_directory(options.directory, ignored))
        return std::move(refused)
            .because("its working directory " + printable(options.directory) + " is not there")
            .advise("create it, or name another one");

    try
    {
        // First, because it may throw: nothing must come between a running process and its owner.
        const auto running = std::make_shared<running_child>(std::move(strand), options, std::move(out));
        auto owner = std::make_unique<child>(running);
        auto ours = launch(std::move(*program), options);
        if (!ours)
            return launch_failure(options.program, ours.error());
        const auto failed = running->begin(ours->child.pid, std::move(ours->child.watch),
                                           std::move(ours->out), std::move(ours->err));
        if (failed)
            return launch_failure(options.program, failed);
        return owner;
    }
    catch (const boost::system::system_error& e)
    {
        return launch_failure(options.program, e.code());
    }
}

} // namespace postern::transport
