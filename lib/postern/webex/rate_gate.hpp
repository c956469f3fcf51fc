#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace postern::webex {

// After a 429 the whole family of calls that it concerns keeps still, not only the call that was told
// (protocol/webex-rest.md 7: limits count per token and endpoint). No clock inside. Thread-safe.
class rate_gate
{
public:
    using clock = std::chrono::steady_clock;

    // Calls of this family ("messages", "people", ...) wait until then; an earlier end never shortens a later
    // one.
    void close(std::string_view family, clock::time_point until);

    // How long a call must wait now; zero when the gate is open. Spread by `random` in [0, 1), so that those
    // who waited don't all leave in the same instant; never shorter than what was asked.
    std::chrono::milliseconds wait(std::string_view family, clock::time_point now, double random);

private:
    std::mutex mutex_;
    std::map<std::string, clock::time_point, std::less<>> closed_until_;
};

} // namespace postern::webex
