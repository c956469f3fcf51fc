#pragma once

#include "postern/source/device/channel_policy.hpp"
#include "postern/source/device/channel_state.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace postern::source {

// The sentences about a channel that a person reads in the log.

// "20 ms", "0.4 s", "12 s", "5 min"
std::string spoken(std::chrono::milliseconds);

// "channel lost: closed by the cloud with 1001 (going away); trying again in 0.4 s"
std::string lost_words(std::string_view standing, const treatment&);

// "channel ready again after 6.2 s, 3 tries; events between … and … may have been missed"
std::string back_words(std::chrono::milliseconds outage, unsigned tries, const gap&);

} // namespace postern::source
