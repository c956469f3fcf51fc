#pragma once

#include "postern/base/deadline.hpp"

#include <chrono>

namespace postern::matching {

// How often a message may be edited to show progress: Webex takes ten edits (protocol/webex-rest.md 4.7), and
// the last one is kept for the result. Each pause is twice the one before, so that nine last for long work,
// too. Owns no clock.
class edit_budget
{
public:
    using time_point = deadline::clock::time_point;

    edit_budget(time_point said, std::chrono::milliseconds first_pause)
        : next_(said + first_pause), pause_(first_pause)
    {
    }

    // True: edit now, and it counts.
    bool take(time_point now)
    {
        if (left_ == 0 || now < next_)
            return false;
        --left_;
        pause_ *= 2;
        next_ = now + pause_;
        return true;
    }

private:
    time_point next_;
    std::chrono::milliseconds pause_;
    unsigned left_ = 9;
};

} // namespace postern::matching
