#include "standin/config.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <stdexcept>

namespace postern::standin {
namespace {

struct invalid : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

using names = std::initializer_list<std::string_view>;

constexpr std::string_view common_keys[] = {"authtoken",
                                            "api_key",
                                            "web_addr",
                                            "web_allow_hosts",
                                            "console_ui",
                                            "console_ui_color",
                                            "log",
                                            "log_format",
                                            "log_level",
                                            "heartbeat_interval",
                                            "heartbeat_tolerance",
                                            "connect_timeout",
                                            "crl_noverify",
                                            "crl_url",
                                            "proxy_url",
                                            "dns_resolver_ips",
                                            "inspect_db_size",
                                            "update_check",
                                            "update_channel",
                                            "remote_management",
                                            "metadata"};

// Go's YAML reader names line, field and type of what it does not know.
class known_keys
{
public:
    known_keys(std::string type, bool strict) : type_(std::move(type)), strict_(strict) {}

    void check(const YAML::Node& map, names extra, bool with_common) const
    {
        if (!strict_ || !map.IsMap())
            return;
        std::string complaints;
        for (const auto& entry : map)
        {
            const auto key = entry.first.as<std::string>("");
            const bool common = with_common && std::find(std::begin(common_keys), std::end(common_keys),
                                                         key) != std::end(common_keys);
            if (!common && std::find(extra.begin(), extra.end(), key) == extra.end())
                complaints += "\n  line " + std::to_string(entry.first.Mark().line + 1) + ": field " + key +
                              " not found in type " + type_;
        }
        if (!complaints.empty())
            throw invalid("yaml: unmarshal errors:" + complaints);
    }

private:
    std::string type_;
    bool strict_;
};

void take(const YAML::Node& from, const char* key, std::optional<std::string>& into)
{
    if (const auto value = from[key]; value && value.IsScalar())
        into = value.as<std::string>();
}

std::string text_of(const YAML::Node& from, const char* key)
{
    const auto value = from[key];
    return value && value.IsScalar() ? value.as<std::string>() : std::string();
}

bool truth_of(const YAML::Node& from, const char* key, bool otherwise)
{
    const auto value = from[key];
    return value ? value.as<bool>(otherwise) : otherwise;
}

void take_agent(const YAML::Node& from, agent_config& into)
{
    take(from, "authtoken", into.authtoken);
    take(from, "web_addr", into.web_addr);
    take(from, "log", into.log);
    take(from, "log_format", into.log_format);
    take(from, "log_level", into.log_level);
    take(from, "proxy_url", into.proxy_url);
    into.update_check = truth_of(from, "update_check", into.update_check);
    if (const auto size = text_of(from, "inspect_db_size"); !size.empty())
        into.inspection = size != "-1";
    if (const auto hosts = from["web_allow_hosts"]; hosts && hosts.IsSequence())
        into.web_allow_hosts = hosts.as<std::vector<std::string>>();
}

endpoint_spec read_tunnel(const std::string& name, const YAML::Node& from, const agent_version& version)
{
    const known_keys known("config.Tunnel", version.strict_configuration());
    known.check(from,
                {"proto", "addr", "domain", "hostname", "subdomain", "schemes", "inspect", "host_header",
                 "basic_auth", "metadata", "description", "pooling_enabled", "labels", "url", "bind_tls",
                 "auth", "traffic_policy", "app_protocol"},
                false);
    endpoint_spec spec;
    spec.name = name;
    spec.proto = text_of(from, "proto");
    spec.upstream = text_of(from, "addr");
    for (const char* key : {"url", "domain", "hostname"})
        if (spec.url.empty())
            spec.url = text_of(from, key);
    if (const auto label = text_of(from, "subdomain"); spec.url.empty() && !label.empty())
        spec.url = label + ".ngrok-free.test";
    if (version.both_schemes())
    {
        const auto tls = text_of(from, "bind_tls");
        spec.schemes = tls == "true" ? "https" : tls == "false" ? "http" : "both";
    }
    spec.inspect = truth_of(from, "inspect", true);
    spec.pooling = truth_of(from, "pooling_enabled", false);
    spec.metadata = text_of(from, "metadata");
    spec.description = text_of(from, "description");
    spec.host_header = text_of(from, "host_header");
    return spec;
}

endpoint_spec read_endpoint(const YAML::Node& from)
{
    const known_keys known("config.EndpointDefinition", true);
    known.check(from,
                {"name", "url", "upstream", "traffic_policy", "bindings", "metadata", "description",
                 "pooling_enabled", "agent_tls_termination", "inspect"},
                false);
    endpoint_spec spec;
    spec.name = text_of(from, "name");
    spec.url = text_of(from, "url");
    if (const auto upstream = from["upstream"]; upstream && upstream.IsMap())
    {
        known_keys("config.Upstream", true).check(upstream, {"url", "protocol", "proxy_protocol"}, false);
        spec.upstream = text_of(upstream, "url");
    }
    spec.inspect = truth_of(from, "inspect", true);
    spec.pooling = truth_of(from, "pooling_enabled", false);
    spec.metadata = text_of(from, "metadata");
    spec.description = text_of(from, "description");
    if (const auto policy = from["traffic_policy"]; policy)
        spec.traffic_policy = YAML::Dump(policy);
    return spec;
}

void put(std::vector<endpoint_spec>& into, endpoint_spec spec)
{
    std::erase_if(into, [&](const endpoint_spec& e) { return e.name == spec.name; });
    into.push_back(std::move(spec));
}

void take_tunnels(const YAML::Node& root, agent_config& into, const agent_version& version)
{
    const auto tunnels = root["tunnels"];
    if (!tunnels || !tunnels.IsMap())
        return;
    for (const auto& entry : tunnels)
        put(into.endpoints, read_tunnel(entry.first.as<std::string>(), entry.second, version));
}

void take_version_3(const YAML::Node& root, agent_config& into, const agent_version& version)
{
    known_keys("config.v3yamlConfig", true).check(root, {"version", "agent", "endpoints", "tunnels"}, false);
    if (const auto agent = root["agent"]; agent && agent.IsMap())
    {
        known_keys("config.Agent", true).check(agent, {"connect_url", "connect_cas"}, true);
        take_agent(agent, into);
    }
    if (const auto endpoints = root["endpoints"]; endpoints && endpoints.IsSequence())
    {
        into.endpoints.clear();
        for (const auto& e : endpoints)
            put(into.endpoints, read_endpoint(e));
    }
    take_tunnels(root, into, version);
}

void take_version_2(const YAML::Node& root, agent_config& into, const agent_version& version)
{
    known_keys("config.v2yamlConfig", version.strict_configuration())
        .check(root, {"version", "tunnels", "region", "server_addr", "root_cas"}, true);
    take_agent(root, into);
    take_tunnels(root, into, version);
}

void take_file(const std::string& path, agent_config& into, const agent_version& version)
{
    std::ifstream file(path);
    if (!file)
        throw invalid("open " + path + ": no such file or directory");
    std::stringstream text;
    text << file.rdbuf();
    const auto root = YAML::Load(text.str());
    into.files.push_back(path);
    const auto wanted = text_of(root, "version");
    if (!root.IsMap() && !root.IsNull())
        throw invalid("yaml: unmarshal errors:\n  line 1: cannot unmarshal into config");
    if (version.strict_configuration() && wanted.empty())
        throw invalid("`version` property is required.");
    if (wanted == "3" && version.agent_section())
        return take_version_3(root, into, version);
    if (!wanted.empty() && wanted != "1" && wanted != "2")
        throw invalid("`version` property '" + wanted + "' is not supported.");
    take_version_2(root, into, version);
}

} // namespace

read_config_result read_config(const std::vector<std::string>& files, const agent_version& version)
{
    agent_config config;
    for (const auto& path : files)
    {
        const auto failed = [&](const std::string& why) {
            return "Error reading configuration file '" + path + "': " + why;
        };
        try
        {
            take_file(path, config, version);
        }
        catch (const invalid& e)
        {
            return failed(e.what());
        }
        catch (const YAML::Exception& e)
        {
            return failed("yaml: line " + std::to_string(e.mark.line + 1) + ": " + e.msg);
        }
    }
    return config;
}

std::string default_config(const std::string& home, const std::string& config_home,
                           const agent_version& version)
{
    const auto base = config_home.empty() ? home + "/.config" : config_home;
    const auto path = version.major >= 3 ? base + "/ngrok/ngrok.yml" : home + "/.ngrok2/ngrok.yml";
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? path : std::string();
}

std::pair<std::string, std::string> webhook_secret_of(const std::string& traffic_policy)
{
    try
    {
        const auto root = YAML::Load(traffic_policy);
        if (!root.IsMap())
            return {};
        for (const auto& rule : root["on_http_request"])
            for (const auto& action : rule["actions"])
                if (const auto config = action["config"];
                    text_of(action, "type") == "verify-webhook" && text_of(config, "provider") == "webex")
                    return {text_of(config, "secret"), {}};
    }
    catch (const YAML::Exception& e)
    {
        return {{}, e.what()};
    }
    return {};
}

} // namespace postern::standin
