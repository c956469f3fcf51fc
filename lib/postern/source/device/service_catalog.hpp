#pragma once

#include "postern/base/result.hpp"

#include <map>
#include <optional>
#include <set>
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

    // Is that host, lower case and without port, one of the catalogue's? Tokens may go there.
    bool names(std::string_view host) const;

private:
    std::map<std::string, std::string, std::less<>> services_; // base URLs
    std::map<std::string, std::string, std::less<>> clusters_; // by authority; empty: two are claimed
    std::set<std::string, std::less<>> hosts_;
};

// May that stand in a public id as its cluster? "us", "urn:TEAM:eu-central-1_k": short, and nothing that
// would change the id's structure.
bool plausible_cluster(std::string_view text) noexcept;

} // namespace postern::source
