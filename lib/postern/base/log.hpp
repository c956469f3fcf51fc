#pragma once

#include "postern/base/error.hpp"

#include <chrono>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

class secret;

enum class severity
{
    error,
    warning,
    info,
    debug
};

std::string_view to_string(severity) noexcept;
std::optional<severity> parse_severity(std::string_view) noexcept; // case-blind; "warn" is accepted

// One fact beside a log line. Text is kept as it is; the writer escapes it.
struct field
{
    std::string_view key;
    std::string value;

    field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
    field(std::string_view k, std::string_view v) : key(k), value(v) {}
    field(std::string_view k, const char* v) : key(k), value(v) {}
    field(std::string_view k, bool v) : key(k), value(v ? "true" : "false") {}
    field(std::string_view k, std::integral auto v) : key(k), value(std::to_string(v)) {}
    field(std::string_view k, std::chrono::milliseconds v) : key(k), value(std::to_string(v.count()) + "ms")
    {
    }
    field(std::string_view k, const boost::system::error_code& v) : key(k), value(v.message()) {}
    field(std::string_view k, const secret&) = delete; // secrets don't travel
};

struct log_line
{
    severity level;
    std::string_view room; // the part of the house that speaks: "receiver", "bot", "emulator"
    std::string_view text;
    std::initializer_list<field> fields;
};

// A log is a value handed in, never a global. Copies share the sink. Thread-safe if the sink is.
class log
{
public:
    using sink = std::function<void(const log_line&)>;

    log(severity threshold, sink out)
        : threshold_(threshold), out_(std::make_shared<const sink>(std::move(out)))
    {
    }

    log in(std::string_view room) const // the same log under another room's name
    {
        log other = *this;
        other.room_ = room;
        return other;
    }

    void error(std::string_view text, std::initializer_list<field> fields = {}) const
    {
        write(severity::error, text, fields);
    }
    void warning(std::string_view text, std::initializer_list<field> fields = {}) const
    {
        write(severity::warning, text, fields);
    }
    void info(std::string_view text, std::initializer_list<field> fields = {}) const
    {
        write(severity::info, text, fields);
    }
    void debug(std::string_view text, std::initializer_list<field> fields = {}) const
    {
        write(severity::debug, text, fields);
    }
    bool shows(severity s) const noexcept { return s <= threshold_; }

private:
    void write(severity s, std::string_view text, std::initializer_list<field> fields) const
    {
        if (shows(s))
            (*out_)(log_line{s, room_, text, fields});
    }

    severity threshold_;
    std::string room_ = "postern";
    std::shared_ptr<const sink> out_;
};

enum class log_format
{
    human, // 2026-11-21 21:10:03.123 info  receiver  delivery accepted  key=… room=…
    json   // one object a line
};

// Writes to standard error, flushed line by line, from any thread.
log::sink stderr_sink(log_format);
// For tests and for programs that log nowhere.
log quiet_log();

std::string format_line(const log_line&, log_format, std::chrono::system_clock::time_point now);

} // namespace postern
