#pragma once

#include "postern/bot/no_code/spoken.hpp"

#include <string>

namespace postern::no_code {

// What came of a program or a target.
struct answer_of
{
    spoken says{};
    std::string for_user{}; // not empty: it failed; "failed (exit 3)"
    std::string for_log{};  // why, with all that helps the operator
    bool stopped = false;   // postern is stopping: nothing is said, and it runs again
    bool later_too = false; // its URL for later replies stays open

    bool failed() const { return !for_user.empty(); }

    static answer_of failure(std::string told, std::string logged)
    {
        answer_of out;
        out.for_user = std::move(told);
        out.for_log = std::move(logged);
        return out;
    }
    static answer_of stop()
    {
        answer_of out;
        out.stopped = true;
        return out;
    }
};

} // namespace postern::no_code
