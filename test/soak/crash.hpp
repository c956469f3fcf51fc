#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace postern::test {

struct crash_options
{
    std::string program; // postern
    unsigned rounds = 100;
    std::uint64_t seed = 0;
    std::vector<std::string> modes; // one of them is drawn for each start
};

// Servers that are killed with SIGKILL, one after another on one data directory, at random moments while
// people write; at last one that is not. Then every message must have its answer: once, in the order of its
// room (see judge()). Prints what it did; true if all is as it must be.
bool crash(const crash_options&);

} // namespace postern::test
