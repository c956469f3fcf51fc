#include "postern/emulator/failure_window.hpp"

namespace postern::emulator {

bool failure_window::failed(time_point now)
{
    if (limits_.failures == 0)
        return false;
    failures_.push_back(now);
    while (now - failures_.front() > limits_.within)
        failures_.pop_front();

    const bool on_probation = reactivated_ && now - *reactivated_ < limits_.probation;
    if (!on_probation && failures_.size() < limits_.failures)
        return false;
    failures_.clear();
    reactivated_.reset();
    return true;
}

void failure_window::reactivated(time_point now)
{
    failures_.clear();
    reactivated_ = now;
}

} // namespace postern::emulator
