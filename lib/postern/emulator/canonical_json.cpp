#include "postern/emulator/canonical_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::emulator {

namespace {

namespace json = boost::json;

void write(std::string& out, std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text)
    {
        switch (c)
        {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (const auto code = static_cast<unsigned char>(c); code < 0x20)
            {
                out += "\\u00";
                out += hex[code >> 4];
                out += hex[code & 15];
            }
            else
                out += c;
        }
    }
    out += '"';
}

// ECMAScript's Number::toString: the shortest digits that read back as the same number, plain up to 21 places
// before the point and 6 zeros behind it, with an exponent beyond.
void write(std::string& out, double number)
{
    if (!std::isfinite(number))
    {
        out += "null";
        return;
    }
    if (number == 0)
    {
        out += '0'; // also for -0
        return;
    }
    if (number < 0)
        out += '-';

    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                   std::chars_format::scientific)
                         .ptr;
    const std::string_view shortest(buffer.data(), static_cast<std::size_t>(end - buffer.data())); // 1.25e+02
    const auto e = shortest.find('e');
    std::string digits(shortest.substr(0, e));
    std::erase(digits, '.');
    int exponent{};
    const auto sign = shortest[e + 1] == '+' ? 2u : 1u; // from_chars takes no plus
    std::from_chars(shortest.data() + e + sign, shortest.data() + shortest.size(), exponent);
    const int point = exponent + 1; // where the point stands, counted from the first digit
    const int count = static_cast<int>(digits.size());

    if (count <= point && point <= 21)
        out += digits + std::string(static_cast<std::size_t>(point - count), '0');
    else if (0 < point && point <= 21)
        out += digits.insert(static_cast<std::size_t>(point), 1, '.');
    else if (-6 < point && point <= 0)
        out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    else
    {
        if (count > 1)
            digits.insert(1, 1, '.');
        out += digits + (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
    }
}

// JavaScript has doubles only: beyond 2^53 an integer is the nearest of those.
template <class Integer>
void write_integer(std::string& out, Integer number)
{
    constexpr Integer exact = Integer{1} << 53;
    bool fits = number <= exact;
    if constexpr (std::is_signed_v<Integer>)
        fits = fits && number >= -exact;
    if (fits)
        out += std::to_string(number);
    else
        write(out, static_cast<double>(number));
}

// "0", "7", "42": names that a JavaScript object keeps in front of all others, in numerical order.
std::optional<std::uint32_t> array_index(std::string_view name)
{
    if (name.empty() || name.size() > 10 || (name[0] == '0' && name.size() > 1))
        return std::nullopt;
    std::uint32_t index{};
    const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (ec != std::errc() || end != name.data() + name.size() || index == 0xffff'ffff)
        return std::nullopt;
    return index;
}

void write(std::string& out, const json::value& value);

void write(std::string& out, const json::object& object)
{
    std::vector<std::pair<std::uint32_t, const json::key_value_pair*>> numbered;
    std::vector<const json::key_value_pair*> named;
    for (const auto& member : object)
        if (const auto index = array_index(member.key()))
            numbered.emplace_back(*index, &member);
        else
            named.push_back(&member);
    std::sort(numbered.begin(), numbered.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });

    char before = '{';
    const auto put = [&](const json::key_value_pair& member) {
        out += std::exchange(before, ',');
        write(out, std::string_view(member.key()));
        out += ':';
        write(out, member.value());
    };
    for (const auto& [index, member] : numbered)
        put(*member);
    for (const auto* member : named)
        put(*member);
    out += before == '{' ? "{}" : "}";
}

void write(std::string& out, const json::array& array)
{
    char before = '[';
    for (const auto& element : array)
    {
        out += std::exchange(before, ',');
        write(out, element);
    }
    out += before == '[' ? "[]" : "]";
}

void write(std::string& out, const json::value& value)
{
    switch (value.kind())
    {
    case json::kind::null: out += "null"; break;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case json::kind::int64: write_integer(out, value.get_int64()); break;
    case json::kind::uint64: write_integer(out, value.get_uint64()); break;
    case json::kind::double_: write(out, value.get_double()); break;
    case json::kind::string: write(out, std::string_view(value.get_string())); break;
    case json::kind::array: write(out, value.get_array()); break;
    case json::kind::object: write(out, value.get_object()); break;
    }
}

} // namespace

std::string to_js_json(const json::value& value)
{
    std::string out;
    write(out, value);
    return out;
}

} // namespace postern::emulator
