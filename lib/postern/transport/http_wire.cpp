#include "postern/transport/http_wire.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace postern::transport {
namespace {

bool safe_value(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool safe_name(std::string_view text)
{
    constexpr std::string_view separators = "()<>@,;:\\\"/[]?={} \t";
    return !text.empty() && std::none_of(text.begin(), text.end(), [&](unsigned char c) {
        return c <= 0x20 || c >= 0x7f || separators.find(static_cast<char>(c)) != separators.npos;
    });
}

void append_field(std::string& head, std::string_view name, std::string_view value)
{
    ((head += name) += ": ").append(value) += "\r\n";
}

// The Date header; made anew once a second.
std::string_view http_date()
{
    thread_local std::time_t when = 0;
    thread_local std::array<char, 40> text{};
    thread_local std::size_t size = 0;
    const auto now = std::time(nullptr);
    if (now != when)
    {
        std::tm utc{};
        gmtime_r(&now, &utc);
        size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
        when = now;
    }
    return {text.data(), size};
}

bool may_have_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

} // namespace

header_fields copy_fields(const boost::beast::http::fields& from)
{
    header_fields out;
    for (const auto& f : from)
    {
        const auto name = f.name_string();
        const auto value = f.value();
        out.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    return out;
}

bool fields_are_safe(const header_fields& fields)
{
    return std::all_of(fields.begin(), fields.end(),
                       [](const auto& f) { return safe_name(f.first) && safe_value(f.second); });
}

std::string request_head(const request& what, std::string_view authority, std::string_view user_agent)
{
    std::string head;
    head.reserve(512);
    ((head += what.method) += ' ').append(what.target) += " HTTP/1.1\r\n";
    if (!what.headers.has("Host")) // a caller that forwards keeps the name it was asked for
        append_field(head, "Host", authority);
    if (!what.headers.has("User-Agent"))
        append_field(head, "User-Agent", user_agent);
    for (const auto& [name, value] : what.headers)
        append_field(head, name, value);
    const auto length = what.streamed_body ? what.streamed_body->size() : what.body.size();
    if (length > 0 || what.method == "POST" || what.method == "PUT" || what.method == "PATCH")
        append_field(head, "Content-Length", std::to_string(length));
    return head += "\r\n";
}

void append_response_head(std::string& to, const response& answer, std::optional<std::size_t> length,
                          bool close, std::string_view server_name)
{
    to.reserve(512);
    ((to += "HTTP/1.1 ") += std::to_string(answer.status)) += ' ';
    (to += reason_phrase(answer.status)) += "\r\n";
    append_field(to, "Date", http_date());
    if (!server_name.empty())
        append_field(to, "Server", server_name);
    for (const auto& [name, value] : answer.headers)
        append_field(to, name, value);
    if (length && may_have_body(answer.status) && !answer.headers.has("Content-Length"))
        append_field(to, "Content-Length", std::to_string(*length));
    if (close)
        append_field(to, "Connection", "close");
    to += "\r\n";
}

} // namespace postern::transport
