#pragma once

// A line of the agent's log, and its forms (protocol/ngrok.md 4.2; the rules of quoting are those of log15).

#include "postern/base/json.hpp"
#include "postern/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::standin {

enum class level
{
    debug,
    info,
    warn,
    error,
    critical
};

std::string_view to_string(level) noexcept;                  // dbug info warn eror crit
std::optional<level> parse_level(std::string_view) noexcept; // as --log-level writes them

enum class record_format
{
    json,
    logfmt,
    terminal // INFO[06-07|11:05:40] text key=value: what agents before 3.2.1 print until they know better
};

struct record_field
{
    std::string key;
    json::value value;

    record_field(std::string k, json::value v) : key(std::move(k)), value(std::move(v)) {}
    record_field(std::string k, std::string_view v) : key(std::move(k)), value(v) {}
    record_field(std::string k, const std::string& v) : record_field(std::move(k), std::string_view(v)) {}
    record_field(std::string k, const char* v) : record_field(std::move(k), std::string_view(v)) {}
    record_field(std::string k, std::nullptr_t) : key(std::move(k)) {} // null
};

// In the order of logfmt; a key may occur twice.
using record_fields = std::vector<record_field>;

struct record
{
    level lvl = level::info;
    std::string msg;
    record_fields fields;
};

// Without the line end. JSON: keys sorted, of equal keys the last one, <>& as \u003c; null is "<nil>".
std::string format_record(const record&, record_format, wall_time);

} // namespace postern::standin
