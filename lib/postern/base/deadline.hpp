#pragma once

#include <algorithm>
#include <chrono>

namespace postern {

// One point in time, handed down: never a fresh duration per layer.
class deadline
{
public:
    using clock = std::chrono::steady_clock;

    static deadline after(clock::duration d) { return deadline(clock::now() + d); }
    static deadline at(clock::time_point t) { return deadline(t); }

    // A step may ask for less than what is left, never for more.
    deadline at_most(clock::duration d) const { return deadline(std::min(at_, clock::now() + d)); }

    clock::time_point at() const noexcept { return at_; }
    bool passed() const { return clock::now() >= at_; }
    clock::duration left() const { return std::max(at_ - clock::now(), clock::duration::zero()); }

private:
    explicit deadline(clock::time_point t) : at_(t) {}
    clock::time_point at_;
};

} // namespace postern
