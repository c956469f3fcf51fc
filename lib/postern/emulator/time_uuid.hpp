#pragma once

#include "postern/base/time.hpp"

#include <cstdint>
#include <string>

namespace postern::emulator {

// UUIDs of version 1 (RFC 4122 4.2), as rooms and messages have them (protocol/webex-rest.md 3.2). Two are
// never equal, whatever the clock does. Not thread-safe.
class time_uuids
{
public:
    time_uuids();
    std::string next(wall_time now);

private:
    std::string tail_; // clock sequence and node: random, as RFC 4122 4.5 allows
    std::uint64_t last_ = 0;
};

} // namespace postern::emulator
