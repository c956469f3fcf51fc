#include "postern/gateway/settings.hpp"

#include "postern/gateway/commands_config.hpp"
#include "postern/gateway/private_files.hpp"
#include "postern/gateway/setting_values.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace postern {
namespace {

using options = gateway_options;

const setting* find(std::string_view key)
{
    const auto table = settings();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const setting& s) { return s.key == key; });
    return found == table.end() ? nullptr : &*found;
}

error wrong(std::string where, std::string why)
{
    return error(errc::bad_configuration, std::move(where)).because(std::move(why));
}

// What is set, and whether the files that secrets stand in are read for it.
struct target
{
    options made;
    bool with_secrets = true;
};

result<> apply(target& into, const setting& what, const std::string& value, const std::string& where)
{
    if (!into.with_secrets && (what.key.ends_with("token_file") || what.key.ends_with("secret_file")))
        return {};
    auto complaint = what.set(into.made, value);
    if (!complaint.empty())
        return wrong(where, std::move(complaint));
    return {};
}

// TOML scalars as the text that a flag would have carried, and arrays of texts as its comma list.
std::optional<std::string> as_text(const toml::node& node)
{
    if (const auto* items = node.as_array())
    {
        std::string all;
        for (const auto& item : *items)
        {
            const auto* one = item.as_string();
            if (!one || one->get().find(',') != std::string::npos)
                return std::nullopt;
            (all += all.empty() ? "" : ",") += one->get();
        }
        return all;
    }
    if (const auto* s = node.as_string())
        return s->get();
    if (const auto* i = node.as_integer())
        return std::to_string(i->get());
    if (const auto* b = node.as_boolean())
        return std::string(b->get() ? "true" : "false");
    return std::nullopt;
}

result<> apply_table(target& into, const toml::table& from, const std::string& prefix,
                     const std::string& file)
{
    for (const auto& [name, node] : from)
    {
        const auto key = prefix + std::string(name.str());
        if (key == "commands") // read_commands() has it
            continue;
        const auto where = file + ':' + std::to_string(node.source().begin.line) + ": " + key;
        if (const auto* section = node.as_table(); section && prefix.empty())
        {
            auto applied = apply_table(into, *section, key + '.', file);
            if (applied.has_error())
                return applied;
            continue;
        }
        const auto* known = find(key);
        if (!known)
            return wrong(where, "there is no such key; postern run --help lists them");
        const auto value = as_text(node);
        if (!value)
            return wrong(where, "expected a text, a list of texts, a whole number, true or false");
        auto applied = apply(into, *known, *value, where);
        if (applied.has_error())
            return applied;
    }
    return {};
}

result<> apply_file(target& into, const std::string& file, const environment& env)
{
    auto content = read_small_file(file);
    if (content.has_error())
        return content.error().during("reading the configuration");
    auto commands = read_commands(*content, file, env, into.with_secrets);
    if (commands.has_error())
        return commands.error();
    into.made.no_code = std::move(*commands);
    try // the library that Debian builds reports by exception
    {
        return apply_table(into, toml::parse(*content, file), "", file);
    }
    catch (const toml::parse_error& failed)
    {
        return wrong(file + ':' + std::to_string(failed.source().begin.line),
                     std::string(failed.description()));
    }
}

// The names that people's fingers know, newest first.
constexpr std::array token_variables{"WEBEX_ACCESS_TOKEN", "WEBEX_TEAMS_ACCESS_TOKEN", "WEBEX_BOT_TOKEN",
                                     "SPARK_ACCESS_TOKEN", "CISCO_SPARK_ACCESS_TOKEN", "TEAMS_BOT_TOKEN",
                                     "BOT_ACCESS_TOKEN",   "BOT_IDENTITY_TOKEN"};

result<> find_token(options& into, const environment& env)
{
    const auto take = [&](const std::string& name) {
        const char* value = env(name.c_str());
        if (!value || !*value)
            return false;
        into.token = secret(value);
        into.token_source = "$" + name;
        return true;
    };
    if (!into.token.empty())
        return {};
    if (!into.token_source.empty()) // webex.token_env named a variable, and no other will do
    {
        if (take(into.token_source.substr(1)))
            return {};
        return wrong("webex.token_env", "the variable " + into.token_source.substr(1) + " is not set");
    }
    for (const auto* name : token_variables)
        if (take(name))
            return {};
    if (const char* credentials = env("CREDENTIALS_DIRECTORY"))
    {
        const auto path = std::string(credentials) + "/webex-token";
        if (auto read = read_secret_file(path))
        {
            into.token = std::move(*read);
            into.token_source = path;
        }
    }
    return {};
}

void default_data_dir(options& into, const environment& env)
{
    if (!into.data_dir.empty())
        return;
    if (const char* state = env("STATE_DIRECTORY"))
        into.data_dir = std::string(state).substr(0, std::string_view(state).find(':'));
    else if (const char* xdg = env("XDG_STATE_HOME"))
        into.data_dir = std::string(xdg) + "/postern";
    else if (const char* home = env("HOME"))
        into.data_dir = std::string(home) + "/.local/state/postern";
    else
        into.data_dir = "postern-data";
}

// Between the file and our own variables: LOG_LEVEL, what Webex's own tools read, and what other bot
// frameworks call the allowed domains.
result<> foreign_variables(options& into, const environment& env)
{
    for (const auto* name : {"WHITELIST_DOMAINS", "PERMITTED_DOMAINS", "ALLOWED_DOMAINS"})
        if (const char* domains = env(name); domains && *domains)
            if (auto complaint = setting_values::domains(domains, into.guard.domains); !complaint.empty())
                return wrong(name, std::move(complaint)); // whoever sets it relies on it
    if (const char* level = env("LOG_LEVEL"))
        if (const auto parsed = parse_severity(level))
            into.level = *parsed;
    if (const char* hydra = env("HYDRA_SERVICE_URL"))
        into.api.base_url = hydra;
    if (const char* u2c = env("U2C_SERVICE_URL"))
        into.device.u2c_url = u2c;
    return {};
}

result<> apply_all(target& into, const std::string& file, const std::map<std::string, std::string>& flags,
                   const environment& env)
{
    if (!file.empty())
    {
        auto applied = apply_file(into, file, env);
        if (applied.has_error())
            return applied;
    }
    auto foreign = foreign_variables(into.made, env);
    if (foreign.has_error())
        return foreign;
    for (const auto& known : settings())
    {
        const auto name = variable_of(known.key);
        if (const char* value = env(name.c_str()))
        {
            auto applied = apply(into, known, value, name);
            if (applied.has_error())
                return applied;
        }
    }
    for (const auto& [key, value] : flags)
    {
        const auto* known = find(key);
        if (!known)
            return wrong(key, "there is no such setting");
        auto applied = apply(into, *known, value, std::string(known->flag));
        if (applied.has_error())
            return applied;
    }
    return {};
}

} // namespace

std::string variable_of(std::string_view key)
{
    std::string name = "POSTERN_";
    for (const char c : key)
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

result<gateway_options> load_options(const std::string& file, const std::map<std::string, std::string>& flags,
                                     const environment& env)
{
    target into;
    auto& loaded = into.made;
    auto applied = apply_all(into, file, flags, env);
    if (applied.has_error())
        return applied.error();
    auto proxies = transport::proxy_rules::make(loaded.network, env);
    if (proxies.has_error())
        return proxies.error();
    loaded.client.proxy = std::move(*proxies);
    auto token = find_token(loaded, env);
    if (token.has_error())
        return token.error();
    default_data_dir(loaded, env);
    // However many hang, there are lanes for the other commands.
    loaded.no_code.lanes = std::max(loaded.dispatch.lanes - loaded.dispatch.lanes / 4, std::size_t{1});
    return std::move(loaded);
}

result<gateway_options> load_options_without_secrets(const std::string& file,
                                                     const std::map<std::string, std::string>& flags,
                                                     const environment& env)
{
    target into;
    into.with_secrets = false;
    auto applied = apply_all(into, file, flags, env);
    if (applied.has_error())
        return applied.error();
    default_data_dir(into.made, env);
    return std::move(into.made);
}

} // namespace postern
