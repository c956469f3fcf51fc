#pragma once

#include "postern/source/device/device.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// Decides about devices without asking anybody. Devices of other programs are never in an answer.

struct device_choice
{
    std::optional<device> use;   // none: register
    std::vector<device> surplus; // ours as well, and not needed: to be deleted
};
// Of all devices of this user: the one that `kept_url` names if it is ours, else our youngest.
device_choice choose_device(std::vector<device> all, const own_mark&, std::string_view kept_url);

// What to delete when WDM says that there are too many: all of ours, oldest first.
std::vector<device> prunable(std::vector<device> all, const own_mark&);

// Is that refusal "too many registrations"? Compared without regard to case and surroundings
// (protocol/mercury.md 3.6).
bool is_excessive(unsigned status, std::string_view message);

// Who holds the registrations, for the person who must make room: "12 registrations: 2 of this postern, 7
// \"node\", 3 \"python-spark-client\"". Foreign names are escaped and cut.
std::string census(const std::vector<device>& all, const own_mark&);

// When to refresh: with a life time as the JS SDK does, half of it and a minute, but never later than nine
// tenths of it (mercury.md 3.4); else `otherwise`.
std::chrono::milliseconds refresh_after(const device&, std::chrono::milliseconds otherwise);

} // namespace postern::source
