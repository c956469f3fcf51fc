#include "postern/transport/watchdog.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace postern::transport {
namespace {

// An operation of several steps that was between two of them has not heard it.
constexpr std::chrono::milliseconds again_after{20};

} // namespace

void watchdog::stop()
{
    release(side::reading);
    release(side::writing);
    release(side::answering);
    cancel_ = nullptr;
    timer_.cancel();
}

error watchdog::translate(side what, const error_code& ec) const
{
    if (ec == net::error::operation_aborted)
        return error(fired(what) ? errc::timed_out : errc::stopped);
    return error(errc::connection_lost).because(ec.message());
}

void watchdog::arm()
{
    armed_ = true;
    timer_.expires_at(std::min(earliest(), clock::now() + std::chrono::seconds(5)));
    timer_.async_wait([self = shared_from_this()](const error_code& ec) {
        if (!ec)
            self->look();
    });
}

void watchdog::look()
{
    armed_ = false;
    const auto next = earliest();
    if (next == clock::time_point::max())
        return; // nothing is under way
    if (clock::now() < next)
        return arm();
    for (auto& one : watched_) // they can only be cancelled together
    {
        if (one.limit == clock::time_point::max())
            continue;
        one.limit = clock::now() + again_after;
        one.fired = true;
    }
    if (cancel_)
        cancel_();
    arm();
}

} // namespace postern::transport
