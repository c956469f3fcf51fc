#include "postern/webex/answer.hpp"

#include "postern/transport/http_status.hpp"

#include <array>

namespace postern::webex {
namespace {

constexpr std::size_t longest_quote = 1000; // bytes; describe() cuts further

// The service's own sentence, and what its `errors` add to it.
std::string words_of(const json::object& body)
{
    std::string words;
    for (const std::string_view key : {"message", "error", "errorString", "msg"})
        if (words = text_or(body, key); !words.empty())
            break;
    const auto* details = get_array(body, "errors");
    for (std::size_t i = 0; details && i < details->size() && words.size() < longest_quote; ++i)
    {
        const auto* detail = (*details)[i].if_object();
        const auto more = detail ? text_or(*detail, "description") : std::string();
        if (!more.empty() && words.find(more) == words.npos)
            words += (words.empty() ? "" : "; ") + more;
    }
    return words;
}

} // namespace

error refusal(const transport::response& answer, std::string doing, const unspeakable& hidden)
{
    error why(transport::errc_of_status(answer.status), std::move(doing));
    why.status = answer.status;
    if (const auto parsed = parse_json(answer.body, {}))
        if (const auto* body = parsed->if_object())
        {
            why.theirs = words_of(*body);
            why.tracking_id = text_or(*body, "trackingId");
        }
    if (why.tracking_id.empty())
        why.tracking_id = answer.headers.get("TrackingID");
    why.theirs = without(std::move(why.theirs), hidden).substr(0, longest_quote);
    why.tracking_id = without(std::move(why.tracking_id), hidden).substr(0, longest_quote);

    if (answer.status >= 300 && answer.status < 400)
        why.ours = "redirects are not followed";
    if (answer.status == 401)
        why.advice = "check the access token: it is missing, wrong or expired";
    return why;
}

result<json::value> json_body(const transport::response& answer)
{
    auto parsed = parse_json(answer.body, {});
    if (parsed)
        return parsed;

    const auto type = transport::media_type(answer.headers.get("Content-Type"));
    error why(errc::bad_response);
    if (answer.body.empty())
        why.ours = "expected JSON, got an empty body";
    else if (type.find("json") == type.npos)
        why.ours = "expected JSON, got " + (type.empty() ? "something undeclared" : printable(type, 80));
    else
        why.ours = "expected JSON, got something broken that is declared as " + printable(type, 80);
    return why;
}

error about(error why, std::string doing, const transport::response& answer)
{
    why.doing = std::move(doing);
    why.status = answer.status;
    why.tracking_id = answer.headers.get("TrackingID");
    return why;
}

std::string without(std::string text, const unspeakable& hidden)
{
    constexpr std::string_view mark = "[hidden]";
    for (const auto& word : hidden)
    {
        const auto wanted = word.reveal();
        if (wanted.size() < 4) // "ok" occurs everywhere, and tells nothing
            continue;
        for (auto at = text.find(wanted); at != text.npos; at = text.find(wanted, at + mark.size()))
            text.replace(at, wanted.size(), mark);
    }
    return text;
}

} // namespace postern::webex
