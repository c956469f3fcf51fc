#include "standin/fault.hpp"

#include "postern/transport/http.hpp"
#include "standin/refusals.hpp"

#include <algorithm>
#include <charconv>

namespace postern::standin {
namespace {

error bad(std::string_view what, std::string why)
{
    return error(errc::bad_configuration, "the fault \"" + std::string(what) + '"').because(std::move(why));
}

std::optional<long> parse_number(std::string_view text)
{
    long value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<stage> parse_stage(std::string_view text)
{
    constexpr std::string_view names[] = {"begin", "config", "web", "session", "tunnel"};
    const auto found = std::find(std::begin(names), std::end(names), text);
    if (found == std::end(names))
        return std::nullopt;
    return static_cast<stage>(found - std::begin(names));
}

// Where it belongs if nobody says so.
stage usual_stage(const fault& f)
{
    if (f.name == "exit")
        return stage::begin;
    if (f.name == "hang" || f.name == "unreachable")
        return stage::web;
    if (f.name == "wrong-address" || f.name == "foreign" || f.name == "second" || f.name == "http-first")
        return stage::begin;
    if (f.name == "fatal")
        return refused_at_login(static_cast<int>(f.number("code", 105))) ? stage::web : stage::session;
    return stage::tunnel;
}

bool parse_when(std::string_view when, fault& f)
{
    auto plus = when.find('+');
    const auto first = when.substr(0, plus);
    if (const auto only_time = parse_number(first); only_time && plus == when.npos)
    {
        f.after = std::chrono::milliseconds(*only_time);
        return *only_time >= 0;
    }
    const auto at = parse_stage(first);
    const auto time = plus == when.npos ? std::optional(0L) : parse_number(when.substr(plus + 1));
    if (!at || !time || *time < 0)
        return false;
    f.at = *at;
    f.after = std::chrono::milliseconds(*time);
    return true;
}

} // namespace

std::string fault::text(std::string_view key, std::string_view otherwise) const
{
    for (const auto& [name_of, value] : parameters)
        if (name_of == key)
            return value;
    return std::string(otherwise);
}

long fault::number(std::string_view key, long otherwise) const
{
    return parse_number(text(key)).value_or(otherwise);
}

bool fault::has(std::string_view key) const
{
    return std::any_of(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == key; });
}

const std::vector<fault_help>& known_faults()
{
    static const std::vector<fault_help> all{
        {"exit", "code=N: ends at once, without a word"},
        {"stop", "ends as if asked to from the dashboard: exit 0 that nobody of ours wanted"},
        {"fatal", "code=N&text=...: refused by the service with ERR_NGROK_N, then exit 1"},
        {"panic", "a Go panic on standard error, exit 2"},
        {"abort", "dies by SIGABRT"},
        {"orphan", "for=MS&code=N: exits, a grandchild keeps its outputs open so long (5000)"},
        {"hang", "the start goes no further; signals and what is open still work"},
        {"freeze", "everything stands still: only SIGKILL helps"},
        {"unreachable", "err=x509|timeout|dns|crl|eof|TEXT&for=MS: can't connect, tries for ever or so long"},
        {"lose",
         "for=MS&err=TEXT&heartbeat=1&code=N&url=URL: the session is lost until then or until restore; "
         "code: refused with it at every try; url: afterwards the API shows another URL"},
        {"restore", "ends lose and unreachable"},
        {"remove", "name=NAME: the service stops that endpoint (all); process and session stay"},
        {"url", "to=URL: the URL changes, which only the API shows"},
        {"api", "mode=silent|closed|open: accepts but never answers; not there; as usual"},
        {"edge", "mode=rate|offline|normal: the public side answers 429, 404, as usual"},
        {"verify", "secret=S: the public side demands a Webex signature; empty: no more"},
        {"foreign", "addr=URL: the API shows another upstream than ours"},
        {"second", "the API lists somebody else's tunnel first"},
        {"http-first", "2.3 only: the http tunnel is listed before the https tunnel"},
        {"wrong-address", "addr=HOST:PORT: \"starting web service\" names a wrong address first"},
        {"flood", "mb=N&mbps=N: so much of \"join connections\" (1), at that rate (as fast as possible)"},
        {"noise", "kind=longline|unfinished|nul|utf8|stderr&size=N: bytes that are no record"},
        {"shape", "crlf=0|1&split=0|1: how records are written from now on"},
        {"print", "text=...: just that on standard output"},
        {"clock", "jump=SECONDS: the times in the log jump"},
    };
    return all;
}

result<fault> make_fault(std::string name, std::string_view parameters)
{
    fault f;
    f.name = std::move(name);
    f.parameters = transport::parse_query(parameters);
    const auto& all = known_faults();
    if (std::none_of(all.begin(), all.end(), [&](const auto& known) { return known.name == f.name; }))
        return bad(f.name, "there is no such fault");
    return f;
}

result<std::vector<fault>> parse_faults(std::string_view text)
{
    std::vector<fault> faults;
    while (!text.empty())
    {
        const auto one = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        if (one.empty())
            continue;
        const auto mark = one.find('?');
        const auto head = one.substr(0, mark);
        const auto at = head.find('@');
        auto made = make_fault(std::string(head.substr(0, at)), mark == one.npos ? "" : one.substr(mark + 1));
        if (made.has_error())
            return made.error();
        made->at = usual_stage(*made);
        if (at != head.npos && !parse_when(head.substr(at + 1), *made))
            return bad(one, "behind @ belongs MILLISECONDS, or begin, config, web, session or tunnel, or "
                            "such a word and +MILLISECONDS");
        faults.push_back(std::move(*made));
    }
    return faults;
}

} // namespace postern::standin
