#include "standin/settings.hpp"

#include <charconv>
#include <cstdlib>
#include <functional>
#include <map>
#include <string_view>

namespace postern::standin {
namespace {

bool read_number(std::string_view text, long least, long most, long& into)
{
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
    return failed == std::errc() && end == text.data() + text.size() && into >= least && into <= most;
}

template <class T>
auto number(T& into, long least, long most)
{
    return [&into, least, most](std::string_view text) {
        long value = 0;
        if (!read_number(text, least, most, value))
            return false;
        into = static_cast<T>(value);
        return true;
    };
}

auto milliseconds(std::chrono::milliseconds& into)
{
    return [&into](std::string_view text) {
        long value = 0;
        if (!read_number(text, 0, 3'600'000, value))
            return false;
        into = std::chrono::milliseconds(value);
        return true;
    };
}

auto text(std::string& into)
{
    return [&into](std::string_view value) {
        into = value;
        return true;
    };
}

bool read_words(std::string_view list, std::set<std::string, std::less<>>& into)
{
    static const std::set<std::string, std::less<>> known{"flat", "duplicate", "csess", "sparse",
                                                          "eror", "docs",      "crlf",  "split"};
    while (!list.empty())
    {
        const auto word = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), word.size() + 1));
        if (!known.contains(word))
            return false;
        into.emplace(word);
    }
    return true;
}

} // namespace

result<settings> read_settings(const char* const* environment)
{
    settings s;
    std::string faults_error;
    const std::map<std::string_view, std::function<bool(std::string_view)>> variables{
        {"VERSION",
         [&](std::string_view v) {
             const auto version = parse_version(v);
             s.version = version.value_or(s.version);
             return version.has_value();
         }},
        {"URL",
         [&](std::string_view v) {
             s.url = v;
             return v == "public" || v == "account" || v == "random" || v.starts_with("http://") ||
                    v.starts_with("https://");
         }},
        {"STATE", text(s.state_file)},
        {"PUBLIC_PORT", number(s.public_port, 0, 65535)},
        {"WEB_PORT", number(s.web_port, 1, 65525)},
        {"LINE_DELAY", milliseconds(s.line_delay)},
        {"SCALE",
         [&](std::string_view v) {
             char* end = nullptr;
             const std::string copy(v);
             s.scale = std::strtod(copy.c_str(), &end);
             return end == copy.c_str() + copy.size() && s.scale > 0 && s.scale <= 100;
         }},
        {"MAX_LIFE",
         [&](std::string_view v) {
             long value = 0;
             const bool good = read_number(v, 1, 86'400, value);
             s.max_life = std::chrono::seconds(value);
             return good;
         }},
        {"FREE", number(s.free_plan, 0, 1)},
        {"STDIN", [&](std::string_view v) { return s.stdin_ends_it = v == "exit"; }},
        {"STOP", [&](std::string_view v) { return s.ignore_stop = v == "ignore"; }},
        {"STOP_DELAY", milliseconds(s.stop_delay)},
        {"EXIT_CODE", number(s.exit_code, 0, 255)},
        {"DIAGNOSE", number(s.diagnose_code, 0, 1)},
        {"REGISTRY", text(s.registry_file)},
        {"AGENTS", number(s.agents, 1, 1000)},
        {"ENDPOINTS", number(s.endpoints, 1, 1000)},
        {"LINGER", milliseconds(s.linger)},
        {"RECORDS", [&](std::string_view v) { return read_words(v, s.records); }},
        {"FAULTS",
         [&](std::string_view v) {
             auto parsed = parse_faults(v);
             if (parsed)
                 s.faults = std::move(*parsed);
             else
                 faults_error = describe(parsed.error());
             return parsed.has_value();
         }},
    };

    constexpr std::string_view prefix = "FAKE_NGROK_";
    for (; *environment != nullptr; ++environment)
    {
        const std::string_view variable = *environment;
        const auto name = variable.substr(0, variable.find('='));
        if (!name.starts_with(prefix))
            continue;
        const auto value = variable.substr(std::min(variable.size(), name.size() + 1));
        const auto known = variables.find(name.substr(prefix.size()));
        if (known == variables.end())
            return error(errc::bad_configuration, std::string(name)).because("there is no such variable");
        if (!value.empty() && !known->second(value))
            return error(errc::bad_configuration, std::string(variable)).because(faults_error);
    }
    return s;
}

} // namespace postern::standin
