#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace postern::test {

// Empty if it can't be read.
std::string content(const std::string& path);

// Of another process nobody tells a test, so it looks again.
bool eventually(const std::function<bool()>& holds,
                std::chrono::milliseconds patience = std::chrono::seconds(30));

// Ended; whether it was collected already is not asked, for it may have been left to a lazy init.
bool gone(pid_t pid);

struct family
{
    std::vector<pid_t> living, zombies;
};
family children_of(pid_t parent);

} // namespace postern::test
