#include "postern/emulator/rest.hpp"

#include "postern/base/crypto.hpp"

#include "postern/emulator/ascii.hpp"
#include "postern/emulator/canonical_json.hpp"

#include <algorithm>
#include <charconv>

namespace postern::emulator {
namespace {

constexpr std::string_view json_type = "application/json;charset=UTF-8"; // exactly as on the live service

std::optional<std::size_t> number(std::string_view text)
{
    std::size_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec == std::errc::result_out_of_range)
        return static_cast<std::size_t>(-1); // a huge number is still a number
    if (read.ec != std::errc() || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

constexpr std::string_view cursor_mark = "start=";

} // namespace

std::optional<std::string> call::parameter(std::string_view name) const
{
    for (const auto& [key, value] : query)
        if (key == name && !value.empty())
            return value;
    return std::nullopt;
}

transport::response json_response(const json::value& body, unsigned status)
{
    return transport::make_response(status, to_js_json(body), std::string(json_type));
}

transport::response no_content()
{
    transport::response empty;
    empty.status = 204;
    return empty;
}

transport::response error_response(const refusal& r)
{
    const auto tracking = "ROUTERGW_" + random_uuid();
    json::object body;
    body["message"] = r.message;
    if (r.status != 403 ||
        r.message != refused::not_allowed().message) // that one was captured without `errors`
        body["errors"] = json::array{json::object{{"description", r.message}}};
    body["trackingId"] = tracking;
    auto response = json_response(body, r.status);
    response.headers.set("TrackingID", tracking);
    return response;
}

void finish(transport::response& r)
{
    if (!r.headers.has("TrackingID"))
        r.headers.add("TrackingID", "ROUTERGW_" + random_uuid());
    if (!r.headers.has("Cache-Control"))
        r.headers.add("Cache-Control", "no-cache");
}

granted<json::object> body_of(const call& c)
{
    const auto type = c.http.headers.get("Content-Type");
    if (transport::media_type(type) != "application/json")
        return refusal{415, "Content type '" + ascii_only(type.substr(0, type.find(';')).substr(0, 80)) +
                                "' not supported"};
    auto parsed = parse_json(c.http.body, "the request");
    auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object)
        return refused::malformed();
    return std::move(*object);
}

granted<std::string> text_in(const json::object& from, std::string_view key)
{
    const auto* member = from.if_contains(key);
    if (!member || member->is_null())
        return std::string();
    auto text = get_text(from, key);
    if (!text)
        return refused::malformed();
    return std::move(*text);
}

granted<std::optional<bool>> flag_in(const json::object& from, std::string_view key)
{
    const auto* member = from.if_contains(key);
    if (!member || member->is_null())
        return std::optional<bool>();
    const auto flag = get_bool(from, key);
    if (!flag)
        return refused::malformed();
    return flag;
}

granted<std::size_t> max_of(const call& c, std::size_t standard, std::size_t cap)
{
    const auto max = c.parameter("max");
    if (!max || *max == "null") // links of the live service had max=null
        return standard;
    const auto asked = number(*max);
    if (!asked || *asked == 0)
        return refused::malformed();
    return std::min(*asked, cap);
}

granted<page> page_of(const call& c, std::size_t standard, std::size_t cap)
{
    const auto max = max_of(c, standard, cap);
    if (!max)
        return max.error();
    page p{0, *max};
    if (const auto cursor = c.parameter("cursor"))
    {
        const auto decoded = from_base64(*cursor).value_or("");
        const auto start = decoded.starts_with(cursor_mark)
                               ? number(std::string_view(decoded).substr(cursor_mark.size()))
                               : std::nullopt;
        if (!start)
            return refused::malformed();
        p.start = *start;
    }
    return p;
}

transport::response list_with_link(const call& c, json::array items, const transport::query_params& next)
{
    json::object body;
    body["items"] = std::move(items);
    auto response = json_response(body);
    if (next.empty())
        return response;

    transport::query_params link;
    for (const auto& [key, value] : c.query)
    {
        const bool replaced =
            std::any_of(next.begin(), next.end(), [&](const auto& n) { return n.first == key; });
        const bool dropped = key == "mentionedPeople" && c.odd.links_drop_mentioned_people;
        if (!replaced && !dropped && key != "max")
            link.emplace_back(key, value);
    }
    if (c.odd.links_say_max_null)
        link.emplace_back("max", "null");
    else if (const auto max = c.parameter("max"))
        link.emplace_back("max", *max);
    link.insert(link.end(), next.begin(), next.end());
    response.headers.add("Link", '<' + c.origin + std::string(c.http.path()) + '?' +
                                     transport::format_query(link) + ">; rel=\"next\"");
    return response;
}

extent extent_of(const call& c, const page& p, std::size_t count)
{
    const auto cursor = [](std::size_t start) {
        return transport::query_params{
            {"cursor", base64url(std::string(cursor_mark) + std::to_string(start))}};
    };
    if (c.odd.empty_page_first && !c.parameter("cursor"))
        return {0, 0, cursor(0)};

    const auto begin = std::min(p.start, count);
    const auto end = begin + std::min(p.max, count - begin);
    return {begin, end, end < count ? cursor(end) : transport::query_params{}};
}

} // namespace postern::emulator
