#include "standin/api_definition.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <initializer_list>

namespace postern::standin {
namespace {

using names = std::initializer_list<std::string_view>;

std::string unknown_key(const json::object& from, names known, std::string_view type)
{
    for (const auto& [key, value] : from)
        if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end())
            return "yaml: unmarshal errors:\n  line 1: field " + std::string(key) + " not found in type " +
                   std::string(type);
    return {};
}

// A port may be a number there.
std::string address_of(const json::object& from, std::string_view key)
{
    if (const auto number = get_int(from, key))
        return std::to_string(*number);
    return text_or(from, key);
}

} // namespace

std::variant<endpoint_spec, std::string> read_tunnel_definition(std::string_view body,
                                                                const agent_version& version)
{
    const auto parsed = parse_json(body, "the definition");
    if (!parsed || !parsed->is_object())
        return "yaml: cannot unmarshal into config.Tunnel";
    const auto& from = parsed->as_object();
    auto wrong = unknown_key(from,
                             {"name", "proto", "addr", "domain", "hostname", "subdomain", "schemes",
                              "inspect", "host_header", "basic_auth", "metadata", "description",
                              "pooling_enabled", "url", "bind_tls", "auth", "traffic_policy", "app_protocol"},
                             "config.Tunnel");
    if (!wrong.empty() && version >= agent_version{3, 0, 1})
        return wrong;
    endpoint_spec spec;
    spec.name = text_or(from, "name");
    spec.proto = text_or(from, "proto");
    spec.upstream = address_of(from, "addr");
    if (spec.proto.empty() || spec.upstream.empty())
        return std::string("a tunnel definition needs proto and addr");
    for (const char* key : {"url", "domain", "hostname"})
        if (spec.url.empty())
            spec.url = text_or(from, key);
    if (version.both_schemes())
    {
        const bool only_tls =
            get_bool(from, "bind_tls").value_or(false) || text_or(from, "bind_tls") == "true";
        const bool no_tls =
            !get_bool(from, "bind_tls").value_or(true) || text_or(from, "bind_tls") == "false";
        spec.schemes = only_tls ? "https" : no_tls ? "http" : "both";
    }
    spec.inspect = get_bool(from, "inspect").value_or(true);
    spec.pooling = get_bool(from, "pooling_enabled").value_or(false);
    spec.metadata = text_or(from, "metadata");
    spec.host_header = text_or(from, "host_header");
    spec.traffic_policy = text_or(from, "traffic_policy");
    return spec;
}

std::variant<endpoint_spec, std::string> read_endpoint_definition(std::string_view body)
{
    const auto parsed = parse_json(body, "the definition");
    if (!parsed || !parsed->is_object())
        return "json: cannot unmarshal into config.EndpointDefinition";
    const auto& from = parsed->as_object();
    auto wrong =
        unknown_key(from,
                    {"name", "uri", "url", "upstream", "inspect", "traffic_policy", "bindings", "metadata",
                     "description", "pooling_enabled", "agent_tls_termination", "metrics"},
                    "config.EndpointDefinition");
    if (!wrong.empty())
        return wrong;
    endpoint_spec spec;
    spec.name = text_or(from, "name");
    spec.url = text_or(from, "url");
    if (const auto* upstream = get_object(from, "upstream"))
        spec.upstream = address_of(*upstream, "url");
    if (spec.upstream.empty())
        return std::string("an endpoint definition needs upstream.url");
    spec.inspect = get_bool(from, "inspect").value_or(true);
    spec.pooling = get_bool(from, "pooling_enabled").value_or(false);
    spec.metadata = text_or(from, "metadata");
    spec.description = text_or(from, "description");
    spec.traffic_policy = text_or(from, "traffic_policy");
    return spec;
}

} // namespace postern::standin
