#pragma once

// What POST /api/tunnels and /api/endpoints take: the definitions of the configuration file, as JSON.

#include "postern/base/json.hpp"
#include "standin/config.hpp"
#include "standin/version.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace postern::standin {

// The second: what is wrong with it.
std::variant<endpoint_spec, std::string> read_tunnel_definition(std::string_view body, const agent_version&);
std::variant<endpoint_spec, std::string> read_endpoint_definition(std::string_view body);

} // namespace postern::standin
