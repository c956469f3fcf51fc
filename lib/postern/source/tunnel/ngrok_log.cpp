#include "postern/source/tunnel/ngrok_log.hpp"

#include "postern/base/error.hpp"
#include "postern/base/json.hpp"
#include "postern/source/tunnel/ngrok_errors.hpp"
#include "postern/transport/url.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace postern::source {
namespace {

using kind = tunnel_news::kind;

std::optional<ngrok_record> from_json(std::string_view line)
{
    const auto parsed = parse_json(line, "a line of the agent");
    const auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object)
        return std::nullopt;
    return ngrok_record{text_or(*object, "msg"), text_or(*object, "lvl"), text_or(*object, "err"),
                        text_or(*object, "url"), text_or(*object, "addr")};
}

char unescaped(char c)
{
    switch (c)
    {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
    }
}

// Takes a value off the front of `rest`, quoted or not.
std::string take_value(std::string_view& rest)
{
    std::string value;
    if (!rest.starts_with('"'))
    {
        const auto end = std::min(rest.find(' '), rest.size());
        value = rest.substr(0, end);
        rest.remove_prefix(end);
        return value;
    }
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at)
    {
        if (rest[at] == '\\' && at + 1 < rest.size())
            value += unescaped(rest[++at]);
        else
            value += rest[at];
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return value;
}

void keep(ngrok_record& r, std::string_view key, std::string value)
{
    if (key == "msg")
        r.msg += (r.msg.empty() ? "" : ": ") + value;
    else if (key == "lvl")
        r.level = std::move(value);
    else if (key == "err")
        r.err = std::move(value);
    else if (key == "url")
        r.url = std::move(value);
    else if (key == "addr")
        r.addr = std::move(value);
}

std::optional<ngrok_record> from_logfmt(std::string_view line)
{
    if (!line.starts_with("t=") && !line.starts_with("lvl="))
        return std::nullopt;
    ngrok_record r;
    while (!line.empty())
    {
        const auto stop = line.find_first_of("= ");
        if (stop == line.npos)
            break;
        const auto key = line.substr(0, stop);
        const bool has_value = line[stop] == '=';
        line.remove_prefix(stop + 1);
        if (has_value)
            keep(r, key, take_value(line));
    }
    return r;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool says_nothing(std::string_view err) { return err.empty() || err == "<nil>" || err == "nil"; }

// "authentication failed: The text.\r\n\r\nERR_NGROK_107\r\n" -> its first line
std::string_view first_line(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \r\n"), text.size()));
    return text.substr(0, text.find_first_of("\r\n"));
}

std::string without_slash(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

tunnel_news only(kind what)
{
    tunnel_news n;
    n.what = what;
    return n;
}

tunnel_news with(kind what, tunnel_trouble why, int weight = 0)
{
    tunnel_news n;
    n.what = what;
    n.trouble = std::move(why);
    n.weight = weight;
    return n;
}

tunnel_news notice(std::string text)
{
    tunnel_news n;
    n.what = kind::notice;
    n.text = std::move(text);
    return n;
}

constexpr int weight_of_a_code = 10;

tunnel_news cause(tunnel_trouble why, int weight)
{
    const bool coded = !why.code.empty();
    return with(kind::cause, std::move(why), weight + (coded ? weight_of_a_code : 0));
}

std::string_view upstream_of(std::string_view address)
{
    constexpr std::string_view scheme = "http://";
    if (address.starts_with(scheme))
        address.remove_prefix(scheme.size());
    if (address.ends_with('/'))
        address.remove_suffix(1);
    return address;
}

} // namespace

std::optional<ngrok_record> read_ngrok_record(std::string_view line)
{
    return line.starts_with('{') ? from_json(line) : from_logfmt(line);
}

bool same_upstream(std::string_view a, std::string_view b)
{
    const auto numeric = [](std::string_view address) {
        constexpr std::string_view name = "localhost:";
        const auto host = upstream_of(address);
        return host.starts_with(name) ? "127.0.0.1:" + std::string(host.substr(name.size()))
                                      : std::string(host);
    };
    return numeric(a) == numeric(b);
}

ngrok_log::ngrok_log(std::string target, redaction hide, std::string scheme)
    : target_(std::move(target)), hide_(std::move(hide)), scheme_(std::move(scheme))
{
}

tunnel_news ngrok_log::read(std::string_view line) const
{
    if (has(line.substr(0, 4096), "join connections")) // the flood: not even parsed
        return only(kind::chatter);
    const auto record = read_ngrok_record(line);
    return record ? of_record(*record, line) : of_text(line);
}

tunnel_news ngrok_log::of_record(const ngrok_record& r, std::string_view line) const
{
    const std::string_view msg = r.msg;
    if (msg == "start" || msg == "end") // our own questions to its API
        return only(kind::chatter);
    if (msg == "started tunnel")
        return started(r);
    if (has(msg, "client session established") || has(msg, "tunnel session started"))
        return only(kind::connected);
    if (has(msg, "failed to open private leg"))
        return notice("ngrok can't reach our listener; callers get ERR_NGROK_8012");
    if (has(msg, "update available"))
        return notice("an update of ngrok is available");
    if (has(msg, "command usage") || has(msg, "has been deprecated"))
        return notice("ngrok says: " + printable(hide_(msg)));
    if (has(msg, "accept failed") || has(msg, "no more state changes"))
        return {};

    // Some builds put the inner record into the message: then the whole line is searched (4.3).
    const auto code = find_ngrok_code(line);
    const auto text = hide_(first_line(says_nothing(r.err) ? msg : std::string_view(r.err)));
    if (has(msg, "session closed, starting reconnect loop") || has(msg, "heartbeat timeout"))
        return with(kind::lost, explain_ngrok_text(text));
    if (has(msg, "failed to reconnect session") || has(msg, "failed to auth"))
        return with(code.empty() ? kind::lost : kind::refused, explain_ngrok(code, text));
    if (has(msg, "command failed"))
        return cause(explain_ngrok(code, text), 4);
    if (has(msg, "terminating with error"))
        return cause(explain_ngrok(code, text), 3);
    if (has(msg, "session closing") && !code.empty())
        return cause(explain_ngrok(code, text), 0);
    if (has(msg, "received stop request"))
        return cause({trouble_kind::passing, {}, "somebody asked it to stop", {}}, 1);
    return {};
}

// What it prints last, for people; and what the Go runtime prints when it gives up.
tunnel_news ngrok_log::of_text(std::string_view line) const
{
    constexpr std::string_view mark = "ERROR:";
    if (line.starts_with("panic: ") || line.starts_with("fatal error: "))
        return cause({trouble_kind::passing, {}, "it crashed: " + printable(hide_(line)), {}}, 5);
    if (!line.starts_with(mark))
        return {};
    const auto text = hide_(first_line(line.substr(mark.size())));
    const auto code = find_ngrok_code(text);
    if (!code.empty())
        return cause(explain_ngrok(code, text == code ? std::string() : text), 2);
    if (text.empty() || text.starts_with("http"))
        return {};
    auto why = explain_ngrok_text(text);
    if (why.advice.empty() && why.words == printable(text)) // not the network: a flag, the configuration ...
        why.kind = trouble_kind::unknown;
    return cause(std::move(why), 2);
}

tunnel_news ngrok_log::started(const ngrok_record& r) const
{
    if (!r.addr.empty() && !same_upstream(r.addr, target_))
        return {};
    const auto parsed = transport::parse_url(r.url);
    if (!parsed || parsed->target != "/" || (!scheme_.empty() && parsed->scheme != scheme_))
        return {};
    tunnel_news n = only(kind::url);
    n.url = without_slash(r.url);
    return n;
}

} // namespace postern::source
