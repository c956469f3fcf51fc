#include "postern/transport/refused_handshake.hpp"

#include <algorithm>
#include <charconv>

namespace postern::transport {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_quote = 4096; // bytes
constexpr milliseconds longest_wait = std::chrono::hours(24 * 365);

errc code_of(unsigned status)
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

std::optional<milliseconds> wait_asked_for(std::string_view text, wall_time now)
{
    if (const auto when = parse_http_date(text))
    {
        const auto left = std::chrono::duration_cast<milliseconds>(*when - now);
        return std::clamp(left, milliseconds::zero(), longest_wait);
    }
    unsigned long seconds = 0;
    const char* end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, seconds);
    if (last != end || text.empty() || failed == std::errc::invalid_argument)
        return std::nullopt;
    if (failed != std::errc() || seconds > static_cast<unsigned long>(longest_wait / std::chrono::seconds(1)))
        return longest_wait;
    return std::chrono::seconds(seconds);
}

} // namespace

error refused_handshake(const response& answer, std::string doing, wall_time now)
{
    error why(code_of(answer.status), std::move(doing));
    why.status = answer.status;
    why.tracking_id = answer.headers.get("TrackingID");
    why.retry_after = wait_asked_for(answer.headers.get("Retry-After"), now);
    why.theirs = answer.body.substr(0, longest_quote);
    if (answer.status < 300)
        why.ours = "the server answered, but opened no websocket";
    else if (answer.status < 400)
        why.ours = "redirects are not followed";
    if (answer.status == 401)
        why.advice = "check the access token: it is missing, wrong or expired";
    return why;
}

} // namespace postern::transport
