#pragma once

#include "postern/base/stages.hpp"

#include <chrono>
#include <string>

namespace postern::journal {

// What became of an event that is over for one consumer.
struct settled
{
    record_id record{};
    std::string consumer;
    std::string bot;
    std::string key;
    outcome::kind what{}; // done, ignored or dead
    std::string reason;   // may be empty for done
    unsigned attempts{};  // how often it was handed out
    std::chrono::system_clock::time_point at{};
    std::optional<judgement> guard{}; // of its last attempt, if the guard was asked
};

} // namespace postern::journal
