#pragma once

// Reading foreign JSON: take what is needed by name, ignore the rest, never throw. Every accessor answers
// "absent" for a missing member and for one of another type alike (protocol/webex-rest.md 1.8).

#include "postern/base/result.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

namespace json = boost::json;

// Bounded depth; the whole text must be one value. `what` names it in the error.
result<json::value> parse_json(std::string_view text, std::string_view what);

const json::object* get_object(const json::object& from, std::string_view key) noexcept;
const json::array* get_array(const json::object& from, std::string_view key) noexcept;
std::optional<std::string> get_text(const json::object& from, std::string_view key);
std::string text_or(const json::object& from, std::string_view key, std::string_view otherwise = {});
std::optional<bool> get_bool(const json::object& from, std::string_view key) noexcept;
std::optional<std::int64_t> get_int(const json::object& from, std::string_view key) noexcept;

} // namespace postern
