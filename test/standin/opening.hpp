#pragma once

// Opening and closing tunnels: which URL, which names, what the service objects to.

#include "standin/config.hpp"
#include "standin/world.hpp"

#include <optional>
#include <string>
#include <vector>

namespace postern::standin {

struct opened
{
    std::vector<std::string> names; // in the table; 2.3 opens two
    std::optional<remote_refusal> refused;
};

// Prints "started tunnel" for each. Fills the table, the account and the state file.
opened open_tunnels(world&, const endpoint_spec&);

bool close_tunnel(world&, std::string_view name);

} // namespace postern::standin
