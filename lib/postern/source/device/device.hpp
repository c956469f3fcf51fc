#pragma once

#include "postern/base/json.hpp"
#include "postern/base/result.hpp"
#include "postern/base/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// A registration with WDM (protocol/mercury.md 3.3), as far as we need it.
struct device
{
    std::string url;           // what it is refreshed and deleted by; its last segment is its id
    std::string websocket_url; // where its channel is; may be empty in a list
    std::string name;
    std::string type;
    std::string etag;                        // of the answer that brought it; may be empty
    std::string user;                        // UUID; may be empty
    wall_time modified{};                    // the epoch if it is not said
    std::optional<std::chrono::seconds> ttl; // how long it lives without a refresh, if it is said

    std::string id() const; // the last segment of `url`
};

// Errors: bad_response, when `url` or `webSocketUrl` is missing or is no URL of its kind.
result<device> read_device(const json::object&);
// A list, entry by entry: what has no `url` is left out; a device without a usable `webSocketUrl` is kept,
// since it counts and can be deleted. Errors: bad_response, when it is no list.
result<std::vector<device>> read_devices(std::string_view body);

// What makes a device ours.
struct own_mark
{
    std::string name;
    std::string type = "DESKTOP";

    bool fits(const device& d) const { return d.name == name && d.type == type; }
};

// The body of a registration (mercury.md 3.2).
json::object registration_body(const own_mark&);

} // namespace postern::source
