#pragma once

// What a start of the agent is to do: the command line, the files and the environment, put together.

#include "standin/command_line.hpp"
#include "standin/config.hpp"
#include "standin/recorder.hpp"
#include "standin/settings.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace postern::standin {

struct plan
{
    std::string token;
    recorder::options log;
    std::string log_file;                  // --log=PATH
    std::vector<std::string> config_files; // read
    bool default_config = false;           // none was named
    std::optional<std::string> web_addr;   // none: the default, with others to fall back on
    bool web_disabled = false;
    std::vector<std::string> web_allow_hosts;
    std::vector<endpoint_spec> endpoints;
    std::vector<std::string> deprecated; // flags
    bool update_check = true;
};

// The second: why not, for an "ERROR:" block.
std::variant<plan, std::string> make_plan(const command_line&, const settings&);

// `ngrok config check`: the files it would read, or what is wrong.
std::variant<std::vector<std::string>, std::string> check_configuration(const command_line&, const settings&);

} // namespace postern::standin
