#include "standin/command_line.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace postern::standin {
namespace {

enum class kind
{
    text,
    yes_no
};

struct flag
{
    std::string_view name;
    kind takes;
    agent_version since;            // accepted from that version on
    agent_version deprecated_since; // and called deprecated from that one on
    void (*put)(command_line&, const std::string&);
};

constexpr agent_version any{2, 0, 0};
constexpr agent_version never{99, 0, 0};
constexpr agent_version v3{3, 0, 0};

void forget(command_line&, const std::string&) {}

bool truth(const std::string& text) { return text == "true" || text == "1"; }

void add_configs(command_line& c, const std::string& list)
{
    for (std::size_t from = 0; from <= list.size();)
    {
        const auto comma = std::min(list.find(',', from), list.size());
        c.configs.push_back(list.substr(from, comma - from));
        from = comma + 1;
    }
}

// protocol/ngrok.md 2.1, 2.2.
const std::array flags{
    flag{"config", kind::text, any, never, add_configs},
    flag{"log", kind::text, any, never, [](command_line& c, const std::string& v) { c.log = v; }},
    flag{"log-format", kind::text, any, never,
         [](command_line& c, const std::string& v) { c.log_format = v; }},
    flag{"log-level", kind::text, any, never, [](command_line& c, const std::string& v) { c.log_level = v; }},
    flag{"authtoken", kind::text, any, never, [](command_line& c, const std::string& v) { c.authtoken = v; }},
    flag{"url", kind::text, {3, 16, 0}, never, [](command_line& c, const std::string& v) { c.url = v; }},
    flag{"domain",
         kind::text,
         {3, 2, 1},
         {3, 16, 0},
         [](command_line& c, const std::string& v) { c.url = v; }},
    flag{"hostname", kind::text, any, {3, 2, 1}, [](command_line& c, const std::string& v) { c.url = v; }},
    flag{"subdomain",
         kind::text,
         any,
         {3, 2, 1},
         [](command_line& c, const std::string& v) { c.url = v + ".ngrok-free.test"; }},
    flag{"name", kind::text, v3, never, [](command_line& c, const std::string& v) { c.name = v; }},
    flag{"region", kind::text, any, {3, 5, 0}, forget},
    flag{"metadata", kind::text, v3, never, [](command_line& c, const std::string& v) { c.metadata = v; }},
    flag{"description", kind::text, v3, never,
         [](command_line& c, const std::string& v) { c.description = v; }},
    flag{"inspect", kind::yes_no, any, never,
         [](command_line& c, const std::string& v) { c.inspect = truth(v); }},
    flag{"pooling-enabled",
         kind::yes_no,
         {3, 16, 0},
         never,
         [](command_line& c, const std::string& v) { c.pooling = truth(v); }},
    flag{"traffic-policy-file",
         kind::text,
         {3, 16, 0},
         never,
         [](command_line& c, const std::string& v) { c.traffic_policy_file = v; }},
    flag{"host-header",
         kind::text,
         any,
         {3, 16, 0},
         [](command_line& c, const std::string& v) { c.host_header = v; }},
    flag{"basic-auth", kind::text, v3, {3, 16, 0}, forget},
    flag{"auth", kind::text, any, v3, forget},
    flag{"scheme", kind::text, v3, {3, 16, 0}, forget},
    flag{"bind-tls", kind::text, any, v3, [](command_line& c, const std::string& v) { c.bind_tls = v; }},
    flag{"upstream-protocol", kind::text, v3, {3, 16, 0}, forget},
    flag{"upstream-tls-verify", kind::yes_no, v3, never, forget},
    flag{"upstream-tls-verify-cas", kind::text, v3, never, forget},
    flag{"binding", kind::text, {3, 16, 0}, never, forget},
    flag{"all", kind::yes_no, any, never, [](command_line& c, const std::string& v) { c.all = truth(v); }},
    flag{"none", kind::yes_no, any, never, [](command_line& c, const std::string& v) { c.none = truth(v); }},
    flag{"version", kind::yes_no, any, never,
         [](command_line& c, const std::string&) { c.what = command::version; }},
    flag{"postern-standin", kind::yes_no, any, never,
         [](command_line& c, const std::string&) { c.what = command::stand_in; }},
    flag{"help", kind::yes_no, any, never,
         [](command_line& c, const std::string&) { c.what = command::help; }},
};

// Flags that belong to an older generation are unknown to a newer one only where the table of versions says
// so: everything deprecated is still accepted.
const flag* find_flag(std::string_view name, const agent_version& version)
{
    const auto found = std::find_if(flags.begin(), flags.end(), [&](const flag& f) {
        const bool gone = f.deprecated_since == v3 && version.major >= 3; // -auth, -bind-tls
        return f.name == name && version >= f.since && !gone;
    });
    return found == flags.end() ? nullptr : &*found;
}

class reading
{
public:
    reading(const std::vector<std::string>& arguments, const agent_version& version)
        : arguments_(arguments), version_(version)
    {
    }

    parsed_command_line run()
    {
        for (; at_ < arguments_.size(); ++at_)
            if (auto wrong = one(arguments_[at_]); !wrong.empty())
                return wrong;
        if (line_.what == command::version)
            return line_;
        if (auto wrong = place_words(); !wrong.empty())
            return wrong;
        return line_;
    }

private:
    std::string one(const std::string& argument)
    {
        if (argument.size() < 2 || argument[0] != '-')
        {
            words_.push_back(argument);
            return {};
        }
        const bool two = argument.starts_with("--");
        if (!two && argument[1] == 'w' && argument.size() == 2) // diagnose -w FILE
        {
            if (++at_ == arguments_.size())
                return "flag needs an argument: 'w' in -w";
            line_.report_file = arguments_[at_];
            return {};
        }
        if (!two && argument == "-h")
            return {};
        if (!two && !version_.single_dashes())
            return "unknown shorthand flag: '" + argument.substr(1, 1) + "' in " + argument;
        return take_flag(argument.substr(two ? 2 : 1));
    }

    std::string take_flag(const std::string& text)
    {
        const auto equals = text.find('=');
        const auto name = text.substr(0, equals);
        const auto* f = find_flag(name, version_);
        if (f == nullptr)
            return "unknown flag: --" + name;
        std::string value = equals == text.npos ? "true" : text.substr(equals + 1);
        if (equals == text.npos && f->takes == kind::text)
        {
            if (++at_ == arguments_.size())
                return "flag needs an argument: --" + name;
            value = arguments_[at_];
        }
        f->put(line_, value);
        if (version_ >= f->deprecated_since)
            line_.deprecated.push_back(name);
        return {};
    }

    std::string place_words()
    {
        if (words_.empty())
            return {};
        const auto& verb = words_[0];
        if (verb == "version")
            line_.what = command::version;
        else if (verb == "diagnose")
            line_.what = command::diagnose;
        else if (verb == "help")
            line_.what = command::help;
        else if (verb == "config" && words_.size() == 2 && words_[1] == "check" && version_.major >= 3)
            line_.what = command::config_check;
        else if (verb == "start")
        {
            line_.what = command::start;
            line_.names.assign(words_.begin() + 1, words_.end());
            if (line_.names.empty() && !line_.all && !line_.none)
                return "You must specify at least one tunnel to start, or --all, or --none.";
        }
        else if (verb == "http")
        {
            line_.what = command::http;
            if (words_.size() > 2)
                return "accepts at most 1 arg(s), received " + std::to_string(words_.size() - 1);
            line_.upstream = words_.size() == 2 ? words_[1] : "80";
        }
        else
            return "unknown command \"" + verb + "\" for \"ngrok\"";
        return {};
    }

    const std::vector<std::string>& arguments_;
    const agent_version version_;
    std::size_t at_ = 0;
    command_line line_;
    std::vector<std::string> words_;
};

} // namespace

parsed_command_line parse_command_line(const std::vector<std::string>& arguments,
                                       const agent_version& version)
{
    return reading(arguments, version).run();
}

} // namespace postern::standin
