#include "postern/gateway/commands_config.hpp"

#include "postern/base/time.hpp"
#include "postern/gateway/setting_values.hpp"
#include "postern/transport/url.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace postern {
namespace {

// One table while it is read.
struct reading
{
    no_code_command made;
    program_call program;
    target_call target;
    const environment& env;
    bool with_secrets;
};

using node = const toml::node&;
using texts = std::vector<std::string>;

std::string text(node from, std::string& into)
{
    const auto* value = from.as_string();
    if (!value || value->get().empty())
        return "expected a text";
    into = value->get();
    return {};
}

std::string text_list(node from, texts& into)
{
    const auto* items = from.as_array();
    if (!items || items->empty())
        return "expected a list of texts";
    for (const auto& item : *items)
    {
        const auto* value = item.as_string();
        if (!value || value->get().empty())
            return "expected a list of texts";
        into.push_back(value->get());
    }
    return {};
}

std::string yes_no(node from, bool& into)
{
    const auto* value = from.as_boolean();
    if (!value)
        return "expected true or false";
    into = value->get();
    return {};
}

std::string duration(node from, std::chrono::milliseconds& into)
{
    const auto* seconds = from.as_integer();
    const auto* words = from.as_string();
    if (!seconds && !words)
        return "expected a time such as 30s or 15m";
    return setting_values::duration(seconds ? std::to_string(seconds->get()) : words->get(), into);
}

template <class Number>
std::string number(node from, Number& into, Number most)
{
    const auto* value = from.as_integer();
    return setting_values::number(value ? std::to_string(value->get()) : "", into, Number{1}, most);
}

// Checked as the guard's are, item by item: a comma is no separator here.
std::string checked_list(node from, texts& into, std::string (*check)(const std::string&, texts&))
{
    texts items;
    auto wrong = text_list(from, items);
    for (const auto& item : items)
    {
        texts one;
        if (wrong.empty())
            wrong = check(item, one);
        into.insert(into.end(), one.begin(), one.end());
    }
    return wrong;
}

std::string url(node from, std::string& into)
{
    auto wrong = text(from, into);
    if (!wrong.empty())
        return wrong;
    const auto parsed = transport::parse_url(into);
    return parsed ? "" : describe(parsed.error());
}

std::string reply_url(node from, std::string& into)
{
    auto wrong = url(from, into);
    while (into.ends_with('/'))
        into.pop_back();
    return wrong;
}

std::string secret_file(node from, reading& r)
{
    std::string path;
    auto wrong = text(from, path);
    if (wrong.empty() && r.with_secrets)
        wrong = setting_values::secret_file(path, r.target.key);
    return wrong;
}

// A variable that is not set is not handed on.
std::string variables(node from, reading& r)
{
    texts names;
    auto wrong = text_list(from, names);
    for (const auto& name : names)
    {
        if (name.find_first_of("= ") != name.npos)
            return '"' + printable(name) + "\" can't be the name of a variable; values are not set here";
        if (name.starts_with("POSTERN_"))
            return printable(name) + " is one of postern's own and is not handed on";
        if (const char* value = r.env(name.c_str()))
            r.program.environment.insert_or_assign(name, value);
    }
    return wrong;
}

std::string format(node from, program_call::format& into)
{
    std::string name;
    text(from, name);
    if (name == "markdown")
        into = program_call::format::markdown;
    else if (name == "text")
        into = program_call::format::text;
    else if (name == "code")
        into = program_call::format::code;
    else
        return "expected markdown, text or code";
    return {};
}

enum class belongs
{
    to_both,
    to_exec,
    to_url
};

struct known_key
{
    command_key is;
    belongs where;
    std::string (*set)(reading&, node);
};

using r = reading&;

// Captureless on purpose: the table is a constant.
constexpr std::array table{
    known_key{{"name", "what is typed, as \"/disk\"; needed"},
              belongs::to_both,
              [](r c, node n) { return text(n, c.made.what.name); }},
    known_key{{"exec", "the program and its arguments, as [\"df\", \"-h\"]; no shell. This or url"},
              belongs::to_exec,
              [](r c, node n) { return text_list(n, c.program.words); }},
    known_key{{"url", "where the event is POSTed. This or exec"},
              belongs::to_url,
              [](r c, node n) { return url(n, c.target.url); }},
    known_key{{"secret_file", "the key that the POST is signed with, X-Spark-Signature"},
              belongs::to_url,
              [](r c, node n) { return secret_file(n, c); }},
    known_key{{"help", "one line for /help"},
              belongs::to_both,
              [](r c, node n) { return text(n, c.made.what.help); }},
    known_key{{"details", "more, for /help NAME"},
              belongs::to_both,
              [](r c, node n) { return text(n, c.made.what.details); }},
    known_key{{"arguments", "what it takes, as \"<city> [--days N:int]\"; \"-\" for nothing"},
              belongs::to_both,
              [](r c, node n) { return text(n, c.made.what.arguments); }},
    known_key{{"aliases", "other names"},
              belongs::to_both,
              [](r c, node n) { return text_list(n, c.made.what.aliases); }},
    known_key{{"group", "its heading in /help"},
              belongs::to_both,
              [](r c, node n) { return text(n, c.made.what.group); }},
    known_key{{"hidden", "true: not in /help"},
              belongs::to_both,
              [](r c, node n) { return yes_no(n, c.made.what.hidden); }},
    known_key{{"cooldown", "between two runs for one person in one room"},
              belongs::to_both,
              [](r c, node n) { return duration(n, c.made.what.cooldown); }},
    known_key{
        {"people", "who may give it: addresses or ids"},
        belongs::to_both,
        [](r c, node n) { return checked_list(n, c.made.what.only_for.people, setting_values::people); }},
    known_key{
        {"domains", "who may give it: domains of their addresses"},
        belongs::to_both,
        [](r c, node n) { return checked_list(n, c.made.what.only_for.domains, setting_values::domains); }},
    known_key{{"organisations", "who may give it: own, ids or UUIDs"},
              belongs::to_both,
              [](r c, node n) {
                  return checked_list(n, c.made.what.only_for.organisations, setting_values::organisations);
              }},
    known_key{{"moderators", "true: only the room's moderators"},
              belongs::to_both,
              [](r c, node n) { return yes_no(n, c.made.what.only_for.moderators); }},
    known_key{{"refusal", "what others are told"},
              belongs::to_both,
              [](r c, node n) { return text(n, c.made.what.only_for.refusal.emplace()); }},
    known_key{{"timeout", "then it is stopped (default 30s)"},
              belongs::to_both,
              [](r c, node n) { return duration(n, c.made.timeout); }},
    known_key{{"concurrent", "so many at once (default 4)"},
              belongs::to_both,
              [](r c, node n) { return number(n, c.made.concurrent, std::size_t{100}); }},
    known_key{{"env", "variables of ours that the program gets; it has PATH, HOME and LANG anyway"},
              belongs::to_exec,
              [](r c, node n) { return variables(n, c); }},
    known_key{{"directory", "the program's working directory (default: ours)"},
              belongs::to_exec,
              [](r c, node n) { return text(n, c.program.directory); }},
    known_key{{"format", "what the program writes: markdown (default), text or code"},
              belongs::to_exec,
              [](r c, node n) { return format(n, c.program.as); }},
    known_key{{"show_errors", "true: the person sees the program's last line of errors if it fails"},
              belongs::to_exec,
              [](r c, node n) { return yes_no(n, c.program.show_errors); }},
    known_key{{"reply_for", "so long an answer may come later (default 15m)"},
              belongs::to_both,
              [](r c, node n) { return duration(n, c.made.reply_for); }},
    known_key{{"reply_uses", "so many answers may come later (default 1)"},
              belongs::to_both,
              [](r c, node n) { return number(n, c.made.reply_uses, 1000u); }},
    known_key{{"reply_url", "where this listener is reached for that (default: its own address)"},
              belongs::to_both,
              [](r c, node n) { return reply_url(n, c.made.reply_url); }},
};

class reader
{
public:
    reader(std::string file, const environment& env, bool with_secrets)
        : file_(std::move(file)), env_(env), with_secrets_(with_secrets)
    {
    }

    void read(const toml::table& from)
    {
        reading one{{}, {}, {}, env_, with_secrets_};
        one.made.written_at = at(from);
        const bool is_exec = from.contains("exec");
        const std::size_t complaints_before = complaints_.size();
        for (const auto& [name, value] : from)
            read_key(one, name.str(), value, is_exec);
        if (!from.contains("name"))
            complain(from, "a command needs a name");
        if (is_exec == from.contains("url"))
            complain(from, "a command needs exec or url, and not both");
        if (complaints_.size() != complaints_before)
            return;
        if (is_exec)
            one.made.how = std::move(one.program);
        else
            one.made.how = std::move(one.target);
        made_.push_back(std::move(one.made));
    }

    void complain(node about, const std::string& why)
    {
        complaints_.push_back(at(about) + ": commands: " + why);
    }

    std::vector<no_code_command> made_;
    std::vector<std::string> complaints_;

private:
    std::string at(node about) const { return file_ + ':' + std::to_string(about.source().begin.line); }

    void read_key(reading& into, std::string_view name, node value, bool is_exec)
    {
        const auto found =
            std::find_if(table.begin(), table.end(), [name](const known_key& k) { return k.is.key == name; });
        if (found == table.end())
            return complain(value, "there is no key " + printable(name) + "; " + all_keys());
        if (found->where == (is_exec ? belongs::to_url : belongs::to_exec) && name != "url")
            return complain(value,
                            std::string(name) + " is only for commands with " + (is_exec ? "url" : "exec"));
        const auto wrong = found->set(into, value);
        if (!wrong.empty())
            complain(value, std::string(name) + ": " + wrong);
    }

    static std::string all_keys()
    {
        std::string out = "there are";
        for (const auto& k : table)
            out += ' ' + std::string(k.is.key);
        return out;
    }

    const std::string file_;
    const environment& env_;
    const bool with_secrets_;
};

std::string joined(const std::vector<std::string>& complaints)
{
    std::string all;
    for (const auto& one : complaints)
        all += (all.empty() ? "" : "; ") + one;
    return all;
}

void read_all(reader& with, const toml::table& file)
{
    const auto* tables = file.get("commands");
    if (!tables)
        return;
    const auto* list = tables->as_array();
    if (!list)
        return with.complain(*tables, "each command is a table of its own: [[commands]]");
    for (const auto& item : *list)
        if (const auto* one = item.as_table())
            with.read(*one);
        else
            with.complain(item, "each command is a table of its own: [[commands]]");
}

} // namespace

std::span<const command_key> command_keys()
{
    static const auto keys = [] {
        std::array<command_key, table.size()> out;
        std::transform(table.begin(), table.end(), out.begin(), [](const known_key& k) { return k.is; });
        return out;
    }();
    return keys;
}

result<no_code_options> read_commands(std::string_view content, const std::string& file,
                                      const environment& env, bool with_secrets)
{
    reader all(file, env, with_secrets);
    try // the library that Debian builds reports by exception
    {
        read_all(all, toml::parse(content, file));
    }
    catch (const toml::parse_error& failed)
    {
        return error(errc::bad_configuration, file + ':' + std::to_string(failed.source().begin.line))
            .because(std::string(failed.description()));
    }
    no_code_options out;
    out.commands = std::move(all.made_);
    for (const auto* name : {"PATH", "HOME", "LANG"})
        if (const char* value = env(name))
            out.environment.emplace(name, value);
    for (auto& more : complaints_about(out))
        all.complaints_.push_back(std::move(more));
    if (!all.complaints_.empty())
        return error(errc::bad_configuration).because(joined(all.complaints_));
    return out;
}

std::vector<std::string> check_commands(const gateway_options& o)
{
    std::vector<std::string> out;
    const auto spare = o.no_code.longest_wait + o.no_code.stop_patience + o.no_code.answer_time;
    const auto most = o.dispatch.handler_deadline - spare;
    for (const auto& c : o.no_code.commands)
    {
        const auto where = c.written_at + ": commands: " + c.what.name + ": ";
        if (c.timeout > most)
            out.push_back(where + "timeout: at most " +
                          std::to_string(std::max<long long>(most.count(), 0) / 1000) +
                          "s fit into the deadline of a handler (bot.handler_timeout); what takes "
                          "longer answers later, at the URL it is given");
        const auto* program = std::get_if<program_call>(&c.how);
        if (!program || o.token.empty())
            continue;
        for (const auto& [name, value] : program->environment)
            if (value.find(o.token.reveal()) != value.npos)
                out.push_back(where + "env: " + name +
                              " holds the access token, which is not handed to programs");
    }
    return out;
}

result<std::shared_ptr<no_code_commands>> add_commands(bot& to, const gateway_options& o)
{
    if (o.no_code.commands.empty())
        return std::shared_ptr<no_code_commands>();
    auto made = no_code_commands::make(o.no_code, log(o.level, stderr_sink(o.format)));
    const auto added = made->add_to(to);
    if (!added)
        return added.error();
    return made;
}

} // namespace postern
