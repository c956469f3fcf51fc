#pragma once

#include "postern/base/log.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

namespace postern::test {

// The log is behaviour, so tests read it. Thread-safe.
struct captured_log
{
    log writer{severity::debug, [this](const log_line& line) {
                   auto text = format_line(line, log_format::human, {});
                   const std::lock_guard lock(mutex_);
                   lines_.push_back(std::move(text));
               }};

    std::vector<std::string> lines() const
    {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    bool says(std::string_view words) const
    {
        const auto all = lines();
        return std::any_of(all.begin(), all.end(), [&](const auto& l) { return l.find(words) != l.npos; });
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

} // namespace postern::test
