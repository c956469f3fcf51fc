#include "postern/transport/http_status.hpp"

#include <algorithm>
#include <cstdint>

namespace postern::transport {
namespace {

using std::chrono::milliseconds;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blank = " \t";
    const auto first = text.find_first_not_of(blank);
    return first == text.npos ? std::string_view()
                              : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace

errc errc_of_status(unsigned status) noexcept
{
    switch (status)
    {
    case 401: return errc::token_rejected;
    case 404: return errc::not_found;
    case 423:
    case 429: return errc::api_unavailable;
    default: break;
    }
    if (status >= 500)
        return errc::api_unavailable;
    return status >= 400 ? errc::api_rejected : errc::bad_response;
}

std::optional<milliseconds> parse_retry_after(std::string_view text, wall_time now)
{
    constexpr milliseconds year = std::chrono::hours(24 * 365);
    text = trimmed(text);
    if (text.empty())
        return std::nullopt;

    if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    {
        std::int64_t seconds = 0;
        for (const char c : text)
            seconds = std::min<std::int64_t>(seconds * 10 + (c - '0'), year / std::chrono::seconds(1));
        return milliseconds(std::chrono::seconds(seconds));
    }
    if (const auto date = parse_http_date(text))
        return std::clamp(std::chrono::ceil<milliseconds>(*date - now), milliseconds(0), year);
    return std::nullopt;
}

} // namespace postern::transport
