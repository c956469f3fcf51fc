#pragma once

#include "postern/base/deadline.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace postern::guard {

// Lets something through once in a while for each name. Remembers at most so many names; beyond that the
// oldest is forgotten, and may come again early. Owns no clock. Not thread-safe.
class once_per
{
public:
    using time_point = deadline::clock::time_point;

    once_per(std::chrono::milliseconds period, std::size_t most);

    // True: it is its turn, and not again before the period is over.
    bool due(const std::string& name, time_point now);

    // It is its turn again.
    void forget(const std::string& name);

private:
    const std::chrono::milliseconds period_;
    const std::size_t most_;
    std::unordered_map<std::string, time_point> last_;
    std::deque<std::pair<std::string, time_point>> oldest_first_;
};

} // namespace postern::guard
