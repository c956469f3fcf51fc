#include "postern/source/recovery/recovery_holds.hpp"

#include <utility>

namespace postern::source {

void recovery_holds::expect(time_point now)
{
    expecting_ = true;
    if (!std::exchange(held_, true))
        until_ = now + most_;
}

void recovery_holds::missed(time_point now)
{
    expecting_ = false;
    if (!std::exchange(held_, true) || !owes())
        until_ = now + most_;
    waiting_ = true;
}

void recovery_holds::begin()
{
    waiting_ = false;
    fetching_ = true;
}

void recovery_holds::failed()
{
    waiting_ = true;
    fetching_ = false;
}

bool recovery_holds::nothing_missed()
{
    expecting_ = false;
    return release_if_idle();
}

bool recovery_holds::recovered()
{
    fetching_ = false;
    return release_if_idle();
}

bool recovery_holds::overdue(time_point now)
{
    if (!held_ || now < until_)
        return false;
    held_ = false;
    return true;
}

bool recovery_holds::release_if_idle()
{
    if (expecting_ || owes())
        return false;
    return std::exchange(held_, false);
}

} // namespace postern::source
