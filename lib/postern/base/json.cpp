#include "postern/base/json.hpp"

#include <boost/json/parse.hpp>

namespace postern {

result<json::value> parse_json(std::string_view text, std::string_view what)
{
    json::parse_options limits;
    limits.max_depth = 64;
    boost::system::error_code ec;
    auto value = json::parse(text, ec, {}, limits);
    if (ec)
        // Never the text itself: it may be somebody's message.
        return error(errc::bad_response, std::string(what)).because("not JSON (" + ec.message() + ')');
    return value;
}

const json::object* get_object(const json::object& from, std::string_view key) noexcept
{
    const auto* member = from.if_contains(key);
    return member ? member->if_object() : nullptr;
}

const json::array* get_array(const json::object& from, std::string_view key) noexcept
{
    const auto* member = from.if_contains(key);
    return member ? member->if_array() : nullptr;
}

std::optional<std::string> get_text(const json::object& from, std::string_view key)
{
    const auto* member = from.if_contains(key);
    const auto* text = member ? member->if_string() : nullptr;
    if (!text)
        return std::nullopt;
    return std::string(text->data(), text->size());
}

std::string text_or(const json::object& from, std::string_view key, std::string_view otherwise)
{
    auto text = get_text(from, key);
    return text ? std::move(*text) : std::string(otherwise);
}

std::optional<bool> get_bool(const json::object& from, std::string_view key) noexcept
{
    const auto* member = from.if_contains(key);
    const auto* value = member ? member->if_bool() : nullptr;
    return value ? std::optional<bool>(*value) : std::nullopt;
}

std::optional<std::int64_t> get_int(const json::object& from, std::string_view key) noexcept
{
    const auto* member = from.if_contains(key);
    const auto* value = member ? member->if_int64() : nullptr;
    return value ? std::optional<std::int64_t>(*value) : std::nullopt;
}

} // namespace postern
