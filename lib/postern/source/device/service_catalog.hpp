#pragma once

#include "postern/base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// What the service catalogue says (protocol/mercury.md 2.2): where the services of this user's home are, and
// which cluster each host belongs to. A value.
class service_catalog
{
public:
    // The answer's body as it came. Errors: bad_response, when it is no catalogue. Single entries that can't
    // be understood are left out.
    static result<service_catalog> parse(std::string_view body);

    // The base URL of a service, "wdm": the serviceLinks URL with the host of the entry of lowest positive
    // priority, if there is one. Without a slash at its end.
    std::optional<std::string> service(std::string_view name) const;

    // The cluster as public ids name it: "us", or three parts as "urn:TEAM:eu-central-1_k". `authority` is a
    // host with or without port; the entry with the port wins.
    std::optional<std::string> cluster_of(std::string_view authority) const;

    // Is that host one of the catalogue's? Tokens may go there.
    bool names(std::string_view host) const;

private:
    struct host_entry
    {
        std::string preferred; // the alternative of lowest positive priority; empty if there is none
        std::string cluster;
    };
    std::map<std::string, std::string, std::less<>> services_;
    std::map<std::string, host_entry, std::less<>> hosts_; // as the catalogue names them
};

} // namespace postern::source
