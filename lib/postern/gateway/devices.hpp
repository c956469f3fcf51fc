#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/time.hpp"
#include "postern/gateway/options.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace postern {

struct known_device
{
    std::string id;
    std::string name; // foreign text, unless it is ours
    std::string type;
    wall_time modified{}; // the epoch if it is not said
    bool ours = false;    // the name and type that `postern run` with this configuration gives its device
};

// All devices of the token's user, other programs' too. Must run on a strand. Errors: bad_configuration,
// token_rejected, and those of the calls.
awaitable<result<std::vector<known_device>>> list_devices(net::any_io_executor, gateway_options, log);

// Deletes those that are ours, and says how many they were. A postern that is running registers anew.
awaitable<result<std::size_t>> prune_devices(net::any_io_executor, gateway_options, log);

} // namespace postern
