#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace postern::test {

// One of our programs, run for real: arguments, environment, its two outputs line by line, its exit code.
// Killed and reaped at the end of the test, whatever happened.
class child
{
public:
    using environment = std::map<std::string, std::string>;

    // The environment is exactly what is given, plus PATH and the sanitizers' options: nothing else of the
    // machine leaks into a test.
    child(const std::string& program, std::vector<std::string> arguments, environment variables = {});
    ~child();
    child(const child&) = delete;

    // The first line of standard output or error, after those already handed out, that contains `words`.
    // Empty if it does not come within `patience`, or the program ended before.
    std::optional<std::string> out_line(const std::string& words,
                                        std::chrono::seconds patience = std::chrono::seconds(30));
    std::optional<std::string> log_line(const std::string& words,
                                        std::chrono::seconds patience = std::chrono::seconds(30));

    std::string log() const; // all of standard error so far
    std::string out() const;

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    // Waits for its end; empty if it is still running after `patience`. A death by signal is 128 + its
    // number.
    std::optional<int> exit_code(std::chrono::seconds patience = std::chrono::seconds(30));
    // SIGTERM, then its exit code.
    std::optional<int> stop();

private:
    struct output
    {
        std::vector<std::string> lines;
        std::size_t handed_out = 0;
        bool ended = false;
        std::thread reader;
    };

    void read(output& into, int from);
    std::optional<std::string> next(output& from, const std::string& words, std::chrono::seconds patience);
    std::string all(const output&) const;

    pid_t pid_ = -1;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    output out_, log_;
    std::optional<int> code_;
    std::thread reaper_;
};

} // namespace postern::test
