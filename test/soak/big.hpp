#pragma once

#include <cstddef>
#include <string>

namespace postern::test {

struct big_options
{
    std::string program; // postern
    std::size_t events = 1'000'000;
};

// Starts a server on an empty journal and on one that holds so many events that are over, and compares: how
// long until it is ready, how much memory it takes, whether it still answers. Prints both; true if they are
// within a second and 8 MB of each other.
bool big(const big_options&);

} // namespace postern::test
