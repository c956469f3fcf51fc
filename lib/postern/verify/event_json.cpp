#include "postern/verify/event_json.hpp"

#include "postern/base/json.hpp"
#include "postern/verify/event_key.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace postern::verify {
namespace {

// Far above what Webex sends (a membership id has some 130 bytes), far below what would hurt as a key.
constexpr std::size_t longest_id = 1024;
constexpr std::size_t longest_name = 64;

error no_event(std::string why)
{
    return error(errc::not_an_event, "reading a notification").because(std::move(why));
}

// Names stand in keys, log lines and configuration: letters, digits and what joins them.
bool is_name(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= longest_name && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

bool is_id(std::string_view text) noexcept
{
    return text.size() <= longest_id && std::all_of(text.begin(), text.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte > 0x20 && byte < 0x7f;
           });
}

// The resources that bots live on, whose payloads are known to have an id. Of the others little is documented
// (protocol/webex-rest.md 5.3), and a notification is not refused for want of what nobody promised.
bool must_have_id(std::string_view resource) noexcept
{
    constexpr std::array<std::string_view, 4> known{"messages", "memberships", "rooms", "attachmentActions"};
    return std::find(known.begin(), known.end(), resource) != known.end();
}

} // namespace

result<event> parse_event(std::string body)
{
    const auto document = parse_json(body, "a notification");
    if (!document)
        return no_event("the body is not JSON"); // parse_json quotes the text, and that is not ours to show
    const auto* root = document->if_object();
    if (!root)
        return no_event("the body is no JSON object");

    const auto resource = canonical_resource(text_or(*root, "resource"));
    const auto name = canonical_event(text_or(*root, "event"));
    if (!is_name(resource) || !is_name(name))
        return no_event("no usable \"resource\" and \"event\"");

    const auto* data = get_object(*root, "data");
    if (!data || data->empty())
        return no_event("no \"data\"");

    event e;
    e.resource = resource;
    e.name = name;
    e.data_id = text_or(*data, "id");
    // The payload of a room has no roomId: it is the room (protocol/webex-rest.md 5.2).
    e.room = resource == "rooms" ? e.data_id : text_or(*data, "roomId");
    e.actor = text_or(*root, "actorId");
    if (e.data_id.empty() && must_have_id(resource))
        return no_event("no \"data.id\"");
    if (!is_id(e.data_id) || !is_id(e.room) || !is_id(e.actor))
        return no_event("an id that is none");

    const auto created = text_or(*data, "created");
    const auto updated = text_or(*data, "updated");
    const auto payload = json::serialize(*data);
    key_facts facts;
    facts.resource = e.resource;
    facts.name = e.name;
    facts.data_id = e.data_id;
    facts.created = created;
    facts.updated = updated;
    facts.actor = e.actor;
    facts.data = payload;
    e.key = event_key(facts);
    e.body = std::move(body);
    return e;
}

} // namespace postern::verify
