#include "integration/child.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace postern::test {

child::child(const std::string& program, std::vector<std::string> arguments, environment variables)
{
    for (const auto* name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(name))
            variables.emplace(name, value);
    std::vector<std::string> pairs;
    for (const auto& [name, value] : variables)
        pairs.push_back(name + '=' + value);
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv, envp;
    for (auto& a : arguments)
        argv.push_back(a.data());
    for (auto& p : pairs)
        envp.push_back(p.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);

    int out[2], err[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipes left");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    const int failed = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    ::close(err[1]);
    if (failed != 0)
        throw std::runtime_error("can't start " + program);

    out_.reader = std::thread([this, from = out[0]] { read(out_, from); });
    log_.reader = std::thread([this, from = err[0]] { read(log_, from); });
    reaper_ = std::thread([this] {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        const std::lock_guard lock(mutex_);
        code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        changed_.notify_all();
    });
}

child::~child()
{
    if (!exit_code(std::chrono::seconds(0)))
        signal(SIGKILL);
    reaper_.join();
    out_.reader.join();
    log_.reader.join();
}

void child::read(output& into, int from)
{
    FILE* stream = ::fdopen(from, "r");
    char* line = nullptr;
    std::size_t space = 0;
    for (ssize_t size; (size = ::getline(&line, &space, stream)) > 0;)
    {
        const std::lock_guard lock(mutex_);
        into.lines.emplace_back(line, static_cast<std::size_t>(line[size - 1] == '\n' ? size - 1 : size));
        changed_.notify_all();
    }
    std::free(line);
    std::fclose(stream);
    const std::lock_guard lock(mutex_);
    into.ended = true;
    changed_.notify_all();
}

std::optional<std::string> child::next(output& from, const std::string& words, std::chrono::seconds patience)
{
    std::optional<std::string> found;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] {
        while (from.handed_out < from.lines.size() && !found)
            if (const auto& line = from.lines[from.handed_out++]; line.find(words) != line.npos)
                found = line;
        return found || from.ended;
    });
    return found;
}

std::optional<std::string> child::out_line(const std::string& words, std::chrono::seconds patience)
{
    return next(out_, words, patience);
}

std::optional<std::string> child::log_line(const std::string& words, std::chrono::seconds patience)
{
    return next(log_, words, patience);
}

std::string child::all(const output& from) const
{
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& line : from.lines)
        text += line + '\n';
    return text;
}

std::string child::log() const { return all(log_); }
std::string child::out() const { return all(out_); }

void child::signal(int number) const { ::kill(pid_, number); }

std::optional<int> child::exit_code(std::chrono::seconds patience)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return code_.has_value(); });
    return code_;
}

std::optional<int> child::stop()
{
    signal(SIGTERM);
    return exit_code();
}

} // namespace postern::test
