#include "postern/transport/refused_handshake.hpp"

#include "postern/transport/http_status.hpp"

namespace postern::transport {
namespace {

constexpr std::size_t longest_quote = 4096; // bytes

} // namespace

error refused_handshake(const response& answer, std::string doing, wall_time now)
{
    error why(errc_of_status(answer.status), std::move(doing));
    why.status = answer.status;
    why.tracking_id = answer.headers.get("TrackingID");
    why.retry_after = parse_retry_after(answer.headers.get("Retry-After"), now);
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
