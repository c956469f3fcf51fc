#include "postern/source/tunnel/ngrok_config.hpp"

#include <algorithm>

namespace postern::source {
namespace {

bool single_dashes(const program_version& v) { return v.major < 3; }
bool agent_section(const program_version& v) { return v >= program_version{3, 16, 0}; }
bool knows_domain(const program_version& v) { return v >= program_version{3, 2, 1}; }

std::string_view name_flag(const program_version& v)
{
    if (agent_section(v))
        return "url";
    return knows_domain(v) ? "domain" : "hostname";
}

} // namespace

std::string ngrok_config(const program_version& version, const std::string& web_addr)
{
    const bool section = agent_section(version);
    std::string text = section ? "version: 3\nagent:\n" : "version: \"2\"\n";
    for (const auto& line :
         {"web_addr: " + web_addr, std::string("console_ui: false"), std::string("update_check: false"),
          std::string("remote_management: false"), std::string("inspect_db_size: -1")})
        text += (section ? "  " : "") + line + '\n';
    return text;
}

std::vector<std::string> ngrok_arguments(const program_version& version, const std::string& target,
                                         const std::string& config_file, const std::string& domain)
{
    const std::string dash = single_dashes(version) ? "-" : "--";
    std::vector<std::string> all{"http"};
    // Flags of agents before 3 stand before the address.
    for (const auto& flag :
         {"config=" + config_file, std::string("log=stdout"), std::string("log-format=json"),
          std::string("log-level=info"), std::string("inspect=false")})
        all.push_back(dash + flag);
    if (!domain.empty())
    {
        const auto flag = name_flag(version);
        const auto host = domain.substr(domain.find("://") == domain.npos ? 0 : domain.find("://") + 3);
        all.push_back(dash + std::string(flag) + '=' + (flag == "url" ? domain : host));
    }
    all.push_back(target);
    return all;
}

std::string wrong_with_authtoken(std::string_view token)
{
    const auto blank = [](unsigned char c) { return c <= ' ' || c == 0x7f; };
    if (token.empty())
        return "it is empty";
    if (std::any_of(token.begin(), token.end(), blank))
        return "there is white space in it";
    if (token.starts_with("cr_"))
        return "it is the id of a credential, not the authtoken itself";
    if (token.find('~') != token.npos)
        return "there is a ~ in it, which no authtoken has";
    return {};
}

} // namespace postern::source
