#include "postern/source/device/service_catalog.hpp"

#include "postern/base/json.hpp"
#include "postern/transport/url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace postern::source {
namespace {

constexpr std::size_t longest_host = 253; // of a name in DNS
constexpr std::size_t longest_url = 2048; // longer ones are not meant seriously

std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool is_alnum(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "h", "h:8080", "[::1]:8080", "::1"
struct place
{
    std::string host; // lower case, without brackets
    std::uint16_t port = 0;

    // As clusters are kept: the usual ports are left out, as in a URL.
    std::string key() const
    {
        return port == 0 || port == 443 || port == 80 ? host : host + ' ' + std::to_string(port);
    }
};

std::optional<place> read_place(std::string_view text)
{
    place out;
    std::string_view host = text;
    std::string_view port;
    bool has_port = false;
    if (text.starts_with('['))
    {
        const auto end = text.find(']');
        if (end == text.npos)
            return std::nullopt;
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        has_port = !port.empty();
        if (has_port && port.front() != ':')
            return std::nullopt;
        port.remove_prefix(has_port ? 1 : 0);
    }
    else if (std::count(text.begin(), text.end(), ':') == 1)
    {
        has_port = true;
        host = text.substr(0, text.find(':'));
        port = text.substr(host.size() + 1);
    }
    if (host.empty() || host.size() > longest_host || !std::all_of(host.begin(), host.end(), [](char c) {
            return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
        }))
        return std::nullopt;
    if (has_port)
    {
        const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), out.port);
        if (failed != std::errc() || end != port.data() + port.size() || out.port == 0)
            return std::nullopt;
    }
    out.host = lower(host);
    return out;
}

// "urn:TEAM:eu-central-1_k:identityLookup" -> "urn:TEAM:eu-central-1_k" (mercury.md 7.3); empty if it is none
std::string cluster_in(std::string_view id)
{
    for (const std::string_view home : {"urn:TEAM:us-east-2_a", "urn:TEAM:us-east-1_int13"})
        if (id.starts_with(home))
            return "us";
    const auto first = id.find(':');
    const auto second = first == id.npos ? id.npos : id.find(':', first + 1);
    if (second == id.npos)
        return {};
    const auto third = std::min(id.find(':', second + 1), id.size());
    const bool empty_part = first == 0 || second == first + 1 || third == second + 1;
    const auto cluster = id.substr(0, third);
    return !empty_part && plausible_cluster(cluster) ? std::string(cluster) : std::string();
}

// One line of the hostCatalog: alternatives for one host.
struct alternatives
{
    std::optional<place> preferred; // of lowest positive priority
    std::string cluster;            // of the host itself, else of the first that tells one
    std::vector<std::pair<place, std::string>> all;
};

alternatives read_alternatives(const json::array& entries, const place& of)
{
    alternatives out;
    double best = std::numeric_limits<double>::infinity();
    bool exact = false;
    for (const auto& each : entries)
    {
        const auto* entry = each.if_object();
        auto at = entry ? read_place(text_or(*entry, "host")) : std::nullopt;
        if (!at)
            continue;
        auto cluster = cluster_in(text_or(*entry, "id"));
        if (!cluster.empty() && (out.cluster.empty() || (!exact && at->host == of.host)))
        {
            out.cluster = cluster;
            exact = at->host == of.host;
        }
        const auto* number = entry->if_contains("priority");
        const double priority = number && number->is_number() ? number->to_number<double>() : 0;
        if (priority > 0 && priority < best)
        {
            best = priority;
            out.preferred = *at;
        }
        out.all.emplace_back(std::move(*at), std::move(cluster));
    }
    return out;
}

std::optional<transport::url> read_base(const json::value& link)
{
    const auto* text = link.if_string();
    if (!text || text->size() > longest_url)
        return std::nullopt;
    auto parsed = transport::parse_url(*text);
    if (!parsed)
        parsed = transport::parse_websocket_url(*text);
    if (!parsed || parsed->target.find('?') != std::string::npos)
        return std::nullopt; // nothing could be put behind it
    return std::move(*parsed);
}

} // namespace

bool plausible_cluster(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || c == ':' || c == '-' || c == '_' || c == '.';
    });
}

result<service_catalog> service_catalog::parse(std::string_view body)
{
    const auto parsed = parse_json(body, "reading the service catalogue");
    if (!parsed)
        return parsed.error();
    const auto* root = parsed->if_object();
    const auto* links = root ? get_object(*root, "serviceLinks") : nullptr;
    if (!links)
        return error(errc::bad_response, "reading the service catalogue").because("it has no serviceLinks");

    service_catalog out;
    std::map<std::string, place, std::less<>> preferred;
    std::map<std::string, std::string> elsewhere; // clusters of alternatives that have no line of their own
    static const json::object none;
    const auto* lines = get_object(*root, "hostCatalog");
    for (const auto& [name, entries] : lines ? *lines : none)
    {
        const auto at = read_place(name);
        const auto* list = entries.if_array();
        if (!at || !list)
            continue;
        auto line = read_alternatives(*list, *at);
        out.hosts_.insert(at->host);
        if (!line.cluster.empty())
            out.clusters_.insert_or_assign(at->key(), line.cluster);
        if (line.preferred)
            preferred.insert_or_assign(at->key(), *line.preferred);
        for (auto& [other, cluster] : line.all)
        {
            out.hosts_.insert(other.host);
            if (cluster.empty())
                continue;
            const auto [known, fresh] = elsewhere.emplace(other.key(), cluster);
            if (!fresh && known->second != cluster)
                known->second.clear(); // a wrong id is worse than none
        }
    }
    for (auto& [key, cluster] : elsewhere)
        out.clusters_.emplace(key, cluster);

    for (const auto& [name, link] : *links)
    {
        auto base = read_base(link);
        if (!base)
            continue;
        out.hosts_.insert(base->host);
        auto found = preferred.find(place{base->host, base->port}.key());
        if (found == preferred.end())
            found = preferred.find(base->host);
        if (found != preferred.end())
        {
            base->host = found->second.host;
            if (found->second.port != 0)
                base->port = found->second.port;
        }
        auto text = base->str();
        text.erase(text.find_last_not_of('/') + 1);
        out.services_.insert_or_assign(std::string(name), std::move(text));
    }
    return out;
}

std::optional<std::string> service_catalog::service(std::string_view name) const
{
    const auto found = services_.find(name);
    return found == services_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> service_catalog::cluster_of(std::string_view authority) const
{
    const auto at = read_place(authority);
    if (!at)
        return std::nullopt;
    auto found = clusters_.find(at->key());
    if (found == clusters_.end())
        found = clusters_.find(at->host);
    if (found == clusters_.end() || found->second.empty())
        return std::nullopt;
    return found->second;
}

bool service_catalog::names(std::string_view host) const { return hosts_.contains(host); }

} // namespace postern::source
