#pragma once

#include "postern/source/device/service_catalog.hpp"
#include "postern/transport/url.hpp"

#include <optional>
#include <string>
#include <vector>

namespace postern::source {

// Where the token may go: the catalogue's own origin, the hosts it names, and hosts under the configured
// suffixes; encrypted, unless the catalogue itself was configured without (protocol/mercury.md 2.3). Not
// thread-safe.
class trusted_hosts
{
public:
    trusted_hosts(const transport::url& u2c, std::vector<std::string> suffixes);

    void take(service_catalog catalog) { catalog_ = std::move(catalog); }
    bool covers(const transport::url&) const; // http, https, ws, wss

private:
    transport::url u2c_;
    std::vector<std::string> suffixes_;
    std::optional<service_catalog> catalog_;
};

} // namespace postern::source
