#include "postern/base/log.hpp"

#include "postern/base/time.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>

namespace postern {
namespace {

std::string in_quotes(std::string_view text) { return boost::json::serialize(boost::json::string(text)); }

bool needs_quotes(std::string_view text)
{
    return text.empty() || std::any_of(text.begin(), text.end(), [](unsigned char c) {
               return c <= ' ' || c == '"' || c == '=' || c == 0x7f;
           });
}

std::string human_line(const log_line& line, std::chrono::system_clock::time_point now)
{
    std::string out = format_time(now);
    (out += ' ') += to_string(line.level);
    out.append(out.size() < 33 ? 33 - out.size() : 1, ' '); // levels of any length, columns that line up
    (out += line.room) += ": ";
    out += printable(line.text, 2000);
    for (const auto& f : line.fields)
    {
        ((out += ' ') += f.key) += '=';
        out += needs_quotes(f.value) ? in_quotes(f.value) : f.value;
    }
    return out;
}

std::string json_line(const log_line& line, std::chrono::system_clock::time_point now)
{
    std::string out = R"({"time":)" + in_quotes(format_time(now)) + R"(,"level":)" +
                      in_quotes(to_string(line.level)) + R"(,"part":)" + in_quotes(line.room) +
                      R"(,"message":)" + in_quotes(line.text);
    for (const auto& f : line.fields)
        ((out += ',') += in_quotes(f.key) + ':') += in_quotes(f.value);
    return out += '}';
}

} // namespace

std::string_view to_string(severity s) noexcept
{
    switch (s)
    {
    case severity::error: return "error";
    case severity::warning: return "warning";
    case severity::info: return "info";
    case severity::debug: return "debug";
    }
    return "unknown";
}

std::optional<severity> parse_severity(std::string_view text) noexcept
{
    std::string word(text);
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
    if (word == "warn" || word == "warning")
        return severity::warning;
    if (word == "error" || word == "critical")
        return severity::error;
    if (word == "info")
        return severity::info;
    if (word == "debug" || word == "trace")
        return severity::debug;
    return std::nullopt;
}

std::string format_line(const log_line& line, log_format format, std::chrono::system_clock::time_point now)
{
    return format == log_format::json ? json_line(line, now) : human_line(line, now);
}

log::sink stderr_sink(log_format format)
{
    // spdlog owns the lock and the stream; the line is already whole, so its pattern is the bare message.
    auto out = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    out->set_pattern("%v");
    return [out, format](const log_line& line) {
        const auto text = format_line(line, format, std::chrono::system_clock::now());
        out->log(spdlog::details::log_msg("postern", spdlog::level::info, text));
        out->flush();
    };
}

log quiet_log()
{
    return log(severity::error, [](const log_line&) {});
}

} // namespace postern
