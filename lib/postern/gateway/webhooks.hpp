#pragma once

#include "postern/base/async.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/gateway/options.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace postern {

struct known_webhook
{
    std::string id;
    std::string name; // foreign text, unless it is ours
    std::string resource;
    std::string event;
    std::string target;
    std::string status; // "active", "inactive"
    bool ours = false;  // of the instance that this data directory belongs to
};

// What `postern webhooks` does, once. Each must run on a strand. Errors: bad_configuration, token_rejected,
// and those of the calls.

// All webhooks of the token, other programs' too.
awaitable<result<std::vector<known_webhook>>> list_webhooks(net::any_io_executor, gateway_options, log);
// Makes ours right for --public-url, with the secret that the data directory keeps; says how many were made
// or changed.
awaitable<result<std::size_t>> sync_webhooks(net::any_io_executor, gateway_options, log);
// Removes ours, and says how many they were.
awaitable<result<std::size_t>> remove_webhooks(net::any_io_executor, gateway_options, log);

} // namespace postern
