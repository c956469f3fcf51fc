#include "standin/plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace postern::standin {
namespace {

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// With --config the default file is not read.
std::vector<std::string> files_of(const command_line& line, const settings& env)
{
    if (!line.configs.empty())
        return line.configs;
    const auto found = default_config(variable("HOME"), variable("XDG_CONFIG_HOME"), env.version);
    return found.empty() ? std::vector<std::string>() : std::vector<std::string>{found};
}

std::string choose(const std::optional<std::string>& flag, const std::optional<std::string>& file,
                   std::string otherwise)
{
    return flag ? *flag : file ? *file : std::move(otherwise);
}

std::string place_log(plan& p, const command_line& line, const agent_config& config, const settings& env)
{
    const bool pipe = ::isatty(STDOUT_FILENO) == 0 && env.version.logs_to_pipes();
    const auto where = choose(line.log, config.log, pipe ? "stdout" : "false");
    const auto format = choose(line.log_format, config.log_format, "term");
    const auto threshold = choose(line.log_level, config.log_level, "info");

    if (where == "stdout" || where == "stderr")
        p.log.descriptor = where == "stdout" ? STDOUT_FILENO : STDERR_FILENO;
    else
        p.log.descriptor = -1;
    if (where != "stdout" && where != "stderr" && where != "false")
        p.log_file = where;
    if (format != "term" && format != "logfmt" && format != "json")
        return "invalid log format: " + format;
    p.log.format = format == "json" ? record_format::json : record_format::logfmt;
    const auto level_of = parse_level(threshold);
    if (!level_of)
        return "invalid log level: " + threshold;
    p.log.threshold = *level_of;
    p.log.early_terminal = !env.version.early_lines_as_json();
    p.log.quirks = env.records;
    return {};
}

std::string check_url(const std::string& url)
{
    const auto slashes = url.find("://");
    const auto slash = url.find('/', slashes == url.npos ? 0 : slashes + 3);
    if (slash == url.npos || url == "https://" || url == "http://")
        return {};
    return "failed to start tunnel: The URL '" + url + "' must not have a path.\n\nERR_NGROK_9037";
}

std::string take_command_line_endpoint(plan& p, const command_line& line, const settings& env)
{
    endpoint_spec spec;
    spec.name = line.name.value_or("command_line");
    spec.upstream = line.upstream;
    spec.url = line.url.value_or("");
    if (env.version.both_schemes())
        spec.schemes = line.bind_tls == "true" ? "https" : line.bind_tls == "false" ? "http" : "both";
    spec.inspect = line.inspect.value_or(true);
    spec.pooling = line.pooling;
    spec.metadata = line.metadata.value_or("");
    spec.description = line.description.value_or("");
    spec.host_header = line.host_header.value_or("");
    if (line.traffic_policy_file)
    {
        std::ifstream file(*line.traffic_policy_file);
        std::stringstream text;
        text << file.rdbuf();
        if (!file)
            return "open " + *line.traffic_policy_file + ": no such file or directory";
        spec.traffic_policy = text.str();
        if (const auto wrong = webhook_secret_of(spec.traffic_policy).second; !wrong.empty())
            return "traffic policy: " + wrong;
    }
    p.endpoints.push_back(std::move(spec));
    return check_url(p.endpoints.back().url);
}

std::string take_named_endpoints(plan& p, const command_line& line, const agent_config& config)
{
    if (line.none)
        return {};
    if (line.all)
    {
        p.endpoints = config.endpoints;
        return {};
    }
    for (const auto& name : line.names)
    {
        const auto& all = config.endpoints;
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const endpoint_spec& e) { return e.name == name; });
        if (found == all.end())
            return "Tunnel '" + name + "' is not defined in the configuration.";
        p.endpoints.push_back(*found);
    }
    return {};
}

// Loopback only, whatever it asks for.
std::string web_address(std::string text)
{
    if (text.find(':') == text.npos)
        return "127.0.0.1:" + text;
    const auto port = text.substr(text.rfind(':'));
    const auto host = text.substr(0, text.rfind(':'));
    return (host.empty() || host == "0.0.0.0" || host == "localhost" ? "127.0.0.1" : host) + port;
}

} // namespace

std::variant<std::vector<std::string>, std::string> check_configuration(const command_line& line,
                                                                        const settings& env)
{
    const auto files = files_of(line, env);
    if (files.empty())
        return "open " + variable("HOME") + "/.config/ngrok/ngrok.yml: no such file or directory";
    const auto config = read_config(files, env.version);
    if (const auto* wrong = std::get_if<std::string>(&config))
        return *wrong;
    return files;
}

std::variant<plan, std::string> make_plan(const command_line& line, const settings& env)
{
    plan p;
    p.config_files = files_of(line, env);
    p.default_config = line.configs.empty();
    auto read = read_config(p.config_files, env.version);
    if (const auto* wrong = std::get_if<std::string>(&read))
        return *wrong;
    const auto& config = std::get<agent_config>(read);

    const auto proxy = variable("http_proxy");
    if (!proxy.empty() && proxy.find("://") == proxy.npos)
        return std::string(
            "Invalid configuration property value for 'http_proxy': URL scheme must be 'http' or "
            "'https'");
    if (config.proxy_url && env.free_plan)
        ::setenv("http_proxy", config.proxy_url->c_str(), 1);

    const auto token = variable("NGROK_AUTHTOKEN");
    p.token = line.authtoken ? *line.authtoken : !token.empty() ? token : config.authtoken.value_or("");
    p.web_allow_hosts = config.web_allow_hosts;
    p.web_disabled = config.web_addr == "false";
    if (config.web_addr && !p.web_disabled)
        p.web_addr = web_address(*config.web_addr);
    p.deprecated = line.deprecated;

    auto wrong = place_log(p, line, config, env);
    if (wrong.empty())
        wrong = line.what == command::http ? take_command_line_endpoint(p, line, env)
                                           : take_named_endpoints(p, line, config);
    if (!wrong.empty())
        return wrong;
    p.update_check = config.update_check;
    for (auto& e : p.endpoints)
        e.inspect = e.inspect && config.inspection;
    return p;
}

} // namespace postern::standin
