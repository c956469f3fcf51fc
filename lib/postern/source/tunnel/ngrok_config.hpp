#pragma once

#include "postern/source/tunnel/program_version.hpp"

#include <string>
#include <vector>

namespace postern::source {

// What we tell an agent, by its version (protocol/ngrok.md 2, 3). Decides; writes no file.

// Assumed of an agent that does not tell: a current one.
inline constexpr program_version current_ngrok{3, 39, 0};

// The only configuration it gets (SUP-18): its API on `web_addr` ("127.0.0.1:40123"), without inspection,
// updates and remote control. No token: that travels in its environment.
std::string ngrok_config(const program_version&, const std::string& web_addr);

// Behind the program's name. `domain`: "https://bots.example.com", or empty.
std::vector<std::string> ngrok_arguments(const program_version&, const std::string& target,
                                         const std::string& config_file, const std::string& domain);

// Why that can't be an authtoken, in words that don't repeat it; empty if it can.
std::string wrong_with_authtoken(std::string_view token);

} // namespace postern::source
