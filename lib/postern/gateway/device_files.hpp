#pragma once

#include "postern/base/log.hpp"
#include "postern/source/device/device_registry.hpp"

#include <string>
#include <string_view>

namespace postern {

// The name of our device unless the configuration says another: the same for one bot on one host, whatever
// happens in between, so that a start finds what the last run left. "postern-<host>-<8 digits of the bot>"
std::string default_device_name(std::string_view person_id);

// The device of the last run, as the data directory remembers it. A file that can't be written is said in the
// log and is no reason to stop: the device is found by its name as well.
source::device_memory remembered_device(const std::string& data_dir, log);

} // namespace postern
