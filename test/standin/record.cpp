#include "standin/record.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>

namespace postern::standin {
namespace {

std::string utc(wall_time at, const char* format)
{
    const auto seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string nanoseconds_of(wall_time at)
{
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch());
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), ".%09lldZ",
                  static_cast<long long>(since.count() % 1'000'000'000));
    return text.data();
}

// Inside quotes when a blank, "=" or a quote is in it; backslashes and line ends are escaped in any case.
std::string logfmt_text(std::string_view text)
{
    std::string out;
    bool quotes = false;
    for (const char c : text)
    {
        quotes = quotes || static_cast<unsigned char>(c) <= ' ' || c == '=' || c == '"';
        switch (c)
        {
        case '\\':
        case '"': (out += '\\') += c; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default: out += c;
        }
    }
    return quotes || text.empty() ? '"' + out + '"' : out;
}

std::string logfmt_value(const json::value& value)
{
    if (value.is_null())
        return "nil";
    if (const auto* text = value.if_string())
        return logfmt_text({text->data(), text->size()});
    return logfmt_text(json::serialize(value));
}

// As Go's encoder does it, so that the output can stand inside a web page.
std::string html_safe(std::string_view serialized)
{
    std::string out;
    for (const char c : serialized)
        if (c == '<')
            out += "\\u003c";
        else if (c == '>')
            out += "\\u003e";
        else if (c == '&')
            out += "\\u0026";
        else
            out += c;
    return out;
}

std::string as_json(const record& r, wall_time at)
{
    std::map<std::string, json::value> sorted;
    sorted["t"] = utc(at, "%Y-%m-%dT%H:%M:%S") + nanoseconds_of(at);
    sorted["lvl"] = to_string(r.lvl);
    sorted["msg"] = r.msg;
    for (const auto& [key, value] : r.fields)
        sorted[key] = value.is_null() ? json::value("<nil>") : value;
    json::object line;
    for (auto& [key, value] : sorted)
        line.emplace(key, std::move(value));
    return html_safe(json::serialize(line));
}

std::string as_logfmt(const record& r, wall_time at)
{
    std::string line = "t=" + utc(at, "%Y-%m-%dT%H:%M:%S+0000");
    (line += " lvl=") += to_string(r.lvl);
    (line += " msg=") += logfmt_text(r.msg);
    for (const auto& [key, value] : r.fields)
        (((line += ' ') += key) += '=') += logfmt_value(value);
    return line;
}

std::string as_terminal(const record& r, wall_time at)
{
    std::string line(to_string(r.lvl));
    std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) { return std::toupper(c); });
    (line += utc(at, "[%m-%d|%H:%M:%S] ")) += r.msg;
    if (!r.fields.empty() && r.msg.size() < 40)
        line.append(40 - r.msg.size(), ' ');
    for (const auto& [key, value] : r.fields)
        (((line += ' ') += key) += '=') += logfmt_value(value);
    return line;
}

} // namespace

std::string_view to_string(level l) noexcept
{
    constexpr std::string_view names[] = {"dbug", "info", "warn", "eror", "crit"};
    return names[static_cast<std::size_t>(l)];
}

std::optional<level> parse_level(std::string_view text) noexcept
{
    constexpr std::string_view names[] = {"debug", "info", "warn", "error", "crit"};
    const auto found = std::find(std::begin(names), std::end(names), text);
    if (found == std::end(names))
        return std::nullopt;
    return static_cast<level>(found - std::begin(names));
}

std::string format_record(const record& r, record_format format, wall_time at)
{
    switch (format)
    {
    case record_format::json: return as_json(r, at);
    case record_format::logfmt: return as_logfmt(r, at);
    case record_format::terminal: return as_terminal(r, at);
    }
    return {};
}

} // namespace postern::standin
