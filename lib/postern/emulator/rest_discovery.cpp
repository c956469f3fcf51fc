#include "postern/emulator/conversation_urls.hpp"
#include "postern/emulator/routes.hpp"

#include <set>

namespace postern::emulator {
namespace {

constexpr std::string_view home = "urn:TEAM:us-east-2_a"; // what clients call "us" (protocol/mercury.md 7.3)

// Clusters of the rooms there are, and of those there may be.
std::set<std::string> foreign_clusters(const world& w)
{
    std::set<std::string> clusters;
    for (const auto& [uuid, o] : w.organisations())
        clusters.insert(o.cluster);
    for (const auto* r : w.rooms())
        clusters.insert(r->cluster);
    clusters.erase("us");
    return clusters;
}

// The JS SDK puts `host` where the host of a URL stands and appends the URL's port again: so `host` has none,
// although the key has (protocol/mercury.md 9.3).
void list_host(json::object& hosts, const std::string& authority, std::string_view cluster)
{
    json::object entry;
    entry["host"] = host_of(authority);
    entry["ttl"] = -1;
    entry["priority"] = 1;
    entry["id"] = std::string(cluster) + ":identityLookup";
    auto& entries = hosts[authority];
    if (!entries.is_array())
        entries = json::array();
    entries.as_array().push_back(std::move(entry));
}

} // namespace

// protocol/mercury.md 2.2. Everybody's home is here; rooms of other clusters have conversation URLs with
// hosts of their own.
granted<transport::response> get_catalogue(call& c)
{
    json::object links;
    links["u2c"] = c.origin + "/u2c/api/v1";
    links["wdm"] = c.origin + "/wdm/api/v1";
    links["mercuryConnection"] = websocket_origin(c.origin) + "/v1";
    links["conversation"] = conversation_base(c.origin, "us");
    links["identityLookup"] = conversation_base(c.origin, "us");
    links["encryption"] = c.origin + "/encryption/api/v1";
    links["hydra"] = c.api();
    links["metrics"] = c.origin + "/metrics/api/v1";

    json::object hosts;
    list_host(hosts, authority_of(c.origin), home);
    for (const auto& cluster : foreign_clusters(c.state))
        list_host(hosts, authority_of(conversation_base(c.origin, cluster)), cluster);

    json::object body;
    body["serviceLinks"] = std::move(links);
    body["hostCatalog"] = std::move(hosts);
    return json_response(body);
}

} // namespace postern::emulator
