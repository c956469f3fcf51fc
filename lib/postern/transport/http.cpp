#include "postern/transport/http.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <cctype>

namespace postern::transport {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string_view without_blanks(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view without_parameters(std::string_view content_type)
{
    return without_blanks(content_type.substr(0, content_type.find(';')));
}

// Is the word one of a field's comma-separated list, in whatever case?
bool lists(const header_fields& fields, std::string_view name, std::string_view word)
{
    for (const auto& [field, value] : fields)
    {
        if (!equal_ignoring_case(field, name))
            continue;
        for (std::string_view rest = value; !rest.empty();)
        {
            const auto item = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), item.size() + 1));
            if (equal_ignoring_case(without_blanks(item), word))
                return true;
        }
    }
    return false;
}

} // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return x == y || lower(x) == lower(y); });
}

void header_fields::add(std::string name, std::string value)
{
    if (fields_.empty())
        fields_.reserve(8); // most messages have no more, and get by with one allocation
    fields_.emplace_back(std::move(name), std::move(value));
}

void header_fields::set(std::string_view name, std::string value)
{
    remove(name);
    add(std::string(name), std::move(value));
}

void header_fields::remove(std::string_view name)
{
    std::erase_if(fields_, [&](const value_type& f) { return equal_ignoring_case(f.first, name); });
}

std::string_view header_fields::get(std::string_view name) const noexcept
{
    for (const auto& [field, value] : fields_)
        if (equal_ignoring_case(field, name))
            return value;
    return {};
}

std::size_t header_fields::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [&](const value_type& f) {
        return equal_ignoring_case(f.first, name);
    }));
}

std::string media_type(std::string_view content_type)
{
    std::string type(without_parameters(content_type));
    std::transform(type.begin(), type.end(), type.begin(), lower);
    return type;
}

bool is_media_type(std::string_view content_type, std::string_view type) noexcept
{
    return equal_ignoring_case(without_parameters(content_type), type);
}

std::string_view request::path() const noexcept
{
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request::query() const noexcept
{
    const auto mark = target.find('?');
    return mark == target.npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

bool wants_websocket(const request& asked) noexcept
{
    return asked.method == "GET" && lists(asked.headers, "Upgrade", "websocket") &&
           lists(asked.headers, "Connection", "upgrade") && !asked.headers.get("Sec-WebSocket-Key").empty() &&
           asked.headers.get("Sec-WebSocket-Version") == "13";
}

response make_response(unsigned status, std::string body, std::string content_type)
{
    response answer;
    answer.status = status;
    answer.headers.add("Content-Type", std::move(content_type));
    answer.body = std::move(body);
    return answer;
}

std::string_view reason_phrase(unsigned status) noexcept
{
    const auto phrase = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return {phrase.data(), phrase.size()};
}

query_params parse_query(std::string_view query)
{
    query_params params;
    while (!query.empty())
    {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        std::string value(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
        std::replace(value.begin(), value.end(), '+', ' '); // forms write a space so
        params.emplace_back(percent_decode(pair.substr(0, equals)), percent_decode(value));
    }
    return params;
}

std::string format_query(const query_params& params)
{
    std::string query;
    for (const auto& [name, value] : params)
    {
        if (!query.empty())
            query += '&';
        ((query += percent_encode(name)) += '=') += percent_encode(value);
    }
    return query;
}

std::string percent_encode(std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text)
    {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x80 && std::isalnum(byte)) || c == '-' || c == '.' || c == '_' || c == '~')
            out += c;
        else
            (out += '%').append({digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

std::string percent_decode(std::string_view text)
{
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0)
        {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        else
            out += text[i];
    }
    return out;
}

} // namespace postern::transport
