#pragma once

#include "postern/base/json.hpp"
#include "postern/emulator/devices.hpp"
#include "postern/emulator/refusal.hpp"
#include "postern/emulator/world.hpp"
#include "postern/transport/http.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

// Oddities of the live service that clients have met (protocol/webex-rest.md 2.3, 3.4); off unless a test
// asks.
struct quirks
{
    bool links_drop_mentioned_people = false;
    bool links_say_max_null = false;
    bool empty_page_first = false;   // the first page of a list has no items, but a next link
    bool actions_answer_202 = false; // as the API's description says; clients expect 200
    bool bare_uuids_everywhere = false;
};

// A file that a message names by URL, fetched by whoever called.
struct fetched_file
{
    bool ok = false;
    content file;
};

// One request on its way through a route.
struct call
{
    world& state;
    device_book& devices;
    const quirks& odd;
    const transport::request& http;
    const person& who;        // whose token it carries; nobody where none is asked for
    const token_grant& grant; // and what it allows
    std::string origin;       // "http://127.0.0.1:8080", as the client calls us
    transport::query_params query;
    std::vector<std::string> captured; // what stands in the path's {id}
    const fetched_file* fetched = nullptr;
    std::vector<activity> activities; // what comes of it

    std::string api() const { return origin + "/v1"; }
    std::optional<std::string> parameter(std::string_view name) const; // empty values count as absent
};

// Does the token reach that far? "spark:all" covers every scope of messaging.
bool allows(const token_grant&, std::string_view scope);

using endpoint = granted<transport::response> (*)(call&);

// The public REST API over one world, and what of the inner services SDKs ask for beside it: discovery,
// device registration, conversation, metrics (protocol/mercury.md 9.1). A request in, a response and the
// activities out. No sockets; not thread-safe.
class rest_api
{
public:
    // `public_url`, when not empty, stands in for what the client's Host header says in the URLs we hand out;
    // without it they are of https (and wss) if the server speaks `tls`.
    explicit rest_api(world& state, device_book& devices, std::string public_url = {}, bool tls = false)
        : state_(state), devices_(devices), public_url_(std::move(public_url)), tls_(tls)
    {
    }

    struct outcome
    {
        transport::response response;
        std::vector<activity> activities;
    };
    outcome answer(const transport::request&, const fetched_file* fetched = nullptr);

    // Whose token the request carries; null without a valid one.
    const person* caller(const transport::request&) const;

    // How the client calls us: "http://127.0.0.1:8080".
    std::string origin_of(const transport::request&) const;

    // The URL in `files` of a message that may be posted: the service fetches it
    // (protocol/webex-rest.md 4.5).
    std::optional<std::string> wants_file(const transport::request&) const;

    // Is that ours to answer: the API, or one of the services beside it?
    static bool owns(std::string_view path);

    quirks odd;

private:
    granted<const token_grant*> authenticate(const transport::request&) const;
    granted<transport::response> dispatch(const transport::request&, const fetched_file*, outcome&);

    world& state_;
    device_book& devices_;
    std::string public_url_;
    bool tls_;
};

// --- what endpoints share
// ------------------------------------------------------------------------------------

transport::response json_response(const json::value&, unsigned status = 200);
transport::response no_content();
// The error body of protocol/webex-rest.md 1.4.
transport::response error_response(const refusal&);
// TrackingID and Cache-Control, as every answer has them.
void finish(transport::response&);

// The JSON object of a request. Refusals: 415 for another content type, 400 for anything but an object.
granted<json::object> body_of(const call&);
// Absent and null are empty. Refusals: 400 for another type.
granted<std::string> text_in(const json::object&, std::string_view key);
granted<std::optional<bool>> flag_in(const json::object&, std::string_view key);

// The part of a list that one page shows.
struct page
{
    std::size_t start = 0;
    std::size_t max = 0;
};
// The parameter `max`; beyond the cap it is lowered. Refusals: 400 for what is no positive number.
granted<std::size_t> max_of(const call&, std::size_t standard, std::size_t cap);
// Refusals: 400 for a `max` or a `cursor` that is none.
granted<page> page_of(const call&, std::size_t standard, std::size_t cap);
// What of `count` things the page shows, and what leads to the next page.
struct extent
{
    std::size_t begin = 0, end = 0;
    transport::query_params next;
};
extent extent_of(const call&, const page&, std::size_t count);
// {"items": items}, with the link if `next` names parameters to set.
transport::response list_with_link(const call&, json::array items, const transport::query_params& next);
// The page's part of `all`, with a next link where there are more. Only that part is drawn: rooms have
// thousands of members.
template <class T, class Draw>
transport::response list_response(const call& c, const page& p, const std::vector<T>& all, Draw draw)
{
    const auto shown = extent_of(c, p, all.size());
    json::array items;
    for (auto i = shown.begin; i < shown.end; ++i)
        items.push_back(draw(all[i]));
    return list_with_link(c, std::move(items), shown.next);
}

} // namespace postern::emulator
