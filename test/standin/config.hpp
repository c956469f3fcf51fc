#pragma once

// ngrok.yml, versions 2 and 3, as far as it means anything here (protocol/ngrok.md 3; ST-4).

#include "standin/version.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace postern::standin {

// What is to be started: an endpoint of version 3, a tunnel of version 2, or what a command line says.
struct endpoint_spec
{
    std::string name;
    std::string proto = "http";
    std::string upstream;          // as it was written
    std::string url;               // empty: the account's domain
    std::string schemes = "https"; // "http", "https" or "both": 2.3 opens both
    bool inspect = true;
    bool pooling = false;
    std::string metadata;
    std::string description;
    std::string traffic_policy; // YAML
    std::string host_header;    // "rewrite", or a name
};

struct agent_config
{
    std::vector<std::string> files; // that were read
    std::optional<std::string> authtoken, web_addr, log, log_format, log_level, proxy_url;
    bool update_check = true;
    bool inspection = true; // inspect_db_size is not -1
    std::vector<std::string> web_allow_hosts;
    std::vector<endpoint_spec> endpoints;
};

// The second: why not, as behind "ERROR:  ".
using read_config_result = std::variant<agent_config, std::string>;

// Later files win, key by key; lists are replaced, maps merged. A file that was asked for must be there.
read_config_result read_config(const std::vector<std::string>& files, const agent_version&);

// Where it would be; empty if there is none. `home` and `config_home` of the user.
std::string default_config(const std::string& home, const std::string& config_home, const agent_version&);

// The secret of a verify-webhook action for Webex in a traffic policy; empty if there is none. The second of
// the pair: what is wrong with the text.
std::pair<std::string, std::string> webhook_secret_of(const std::string& traffic_policy);

} // namespace postern::standin
