#pragma once

#include "postern/gateway/settings.hpp"

#include <map>
#include <string>

namespace CLI {
class App;
}

namespace postern {

// The settings as flags of a program, for load_options.
struct command_line
{
    std::string config;                       // -c, --config
    std::map<std::string, std::string> flags; // key -> value
};

// `into` must live until the program's arguments are parsed.
void add_setting(CLI::App& program, const setting&, std::map<std::string, std::string>& into);
// --config, and all settings that have a flag.
void add_settings(CLI::App& program, command_line& into);

// For --help: keys and variables, a line each; with its help where there is no flag.
std::string table_of_settings();

} // namespace postern
