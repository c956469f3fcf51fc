#pragma once

#include "standin/version.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace postern::standin {

enum class command
{
    http,
    start,
    version,
    config_check,
    diagnose,
    stand_in, // is this one? The real agent refuses the flag
    help
};

// What the agent was asked for (ST-2, ST-3). Flags that have no meaning here are accepted and forgotten.
struct command_line
{
    command what = command::help;
    std::string upstream;             // http
    std::vector<std::string> names;   // start
    bool all = false;                 // start
    bool none = false;                // start
    std::vector<std::string> configs; // --config, as often as it was there
    std::optional<std::string> log, log_format, log_level, authtoken;
    std::optional<std::string> url; // or what older versions call domain, hostname, subdomain
    std::optional<std::string> name, metadata, description, traffic_policy_file, host_header;
    std::optional<bool> inspect;
    std::string bind_tls = "both"; // 2.3
    bool pooling = false;
    std::string report_file;             // diagnose
    std::vector<std::string> deprecated; // flags given that the version calls so
};

// The second: what is wrong with it, without "ERROR:".
using parsed_command_line = std::variant<command_line, std::string>;
parsed_command_line parse_command_line(const std::vector<std::string>& arguments, const agent_version&);

} // namespace postern::standin
