#include "postern/gateway/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace postern {

void add_setting(CLI::App& program, const setting& s, std::map<std::string, std::string>& into)
{
    const auto keep = [&into, key = std::string(s.key)](const std::string& value) { into[key] = value; };
    if (s.value.empty())
        program.add_flag_callback(
            std::string(s.flag), [keep] { keep("true"); }, std::string(s.help));
    else
        program.add_option_function<std::string>(std::string(s.flag), keep, std::string(s.help))
            ->type_name(std::string(s.value));
}

void add_settings(CLI::App& program, command_line& into)
{
    program.add_option("-c,--config", into.config, "TOML file with any of the keys below")->type_name("FILE");
    for (const auto& s : settings())
        if (!s.flag.empty())
            add_setting(program, s, into.flags);
}

std::string table_of_settings()
{
    std::string text;
    for (const auto& s : settings())
    {
        std::string key(s.key);
        key.resize(std::max<std::size_t>(key.size() + 1, 24), ' ');
        text += "  " + key + variable_of(s.key) + '\n';
        if (s.flag.empty())
            text += "      " + std::string(s.help) + '\n';
    }
    return text;
}

} // namespace postern
