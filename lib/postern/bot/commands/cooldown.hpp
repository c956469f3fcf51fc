#pragma once

#include "postern/base/deadline.hpp"
#include "postern/base/stages.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace postern::matching {

// How often a command runs for one person in one room. Remembers at most so many runs; beyond that the oldest
// is forgotten, and the command may come again early. Owns no clock, and knows nothing of an earlier process.
// Thread-safe.
class cooldown_book
{
public:
    using time_point = deadline::clock::time_point;

    explicit cooldown_book(std::size_t most = 4096) : most_(most) {}

    struct answer
    {
        enum class kind
        {
            run,       // and the time runs from now on
            tell,      // "wait": the first time
            be_silent, // was told already
        };
        kind what = kind::run;
        std::chrono::milliseconds left{};
    };

    // An event that comes again, because its delivery is tried again, is answered as it was.
    answer ask(const std::string& who_and_what, std::chrono::milliseconds cooldown, record_id record,
               time_point now);

private:
    struct run
    {
        time_point until;
        record_id record;   // that ran
        record_id told = 0; // that was told to wait
        unsigned long long number;
    };
    struct place
    {
        std::string name;
        unsigned long long number;
    };

    const std::size_t most_;
    std::mutex mutex_;
    std::unordered_map<std::string, run> runs_;
    std::deque<place> oldest_first_;
    unsigned long long number_ = 0;
};

} // namespace postern::matching
