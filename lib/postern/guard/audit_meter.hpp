#pragma once

#include "postern/guard/auditor.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace postern::guard {

// Says how far an audit is, for a terminal or a log. Decides only; one thread.
class audit_meter
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    // "[======>             ] 640 of 2000 rooms, 2 bad, about 3 min left"; never ends a line. Empty if it is
    // too early after the last one, unless this is the end.
    std::optional<std::string> bar(const audit_state&, time_point now);
    // "640 of 2000 rooms, 2 bad, about 3 min left": at the beginning, then as it goes on, every ten seconds,
    // or every minute where a minute brings little.
    std::optional<std::string> line(const audit_state&, time_point now);

private:
    std::string words(const audit_state&, time_point now);

    std::optional<time_point> begun_, shown_;
    std::size_t told_ = 0; // rooms, in the last line
};

} // namespace postern::guard
