#include "postern/verify/event_json.hpp"

#include "postern/base/time.hpp"
#include "postern/verify/envelope.hpp"
#include "postern/verify/event_key.hpp"

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

// Every byte of it is looked at: a loop without a way out in the middle works on many of them at once.
bool is_id(std::string_view text) noexcept
{
    unsigned char strange = 0;
    for (const char c : text)
    {
        const auto beyond = static_cast<unsigned char>(static_cast<unsigned char>(c) - '!');
        strange |= static_cast<unsigned char>(beyond > '~' - '!');
    }
    return text.size() <= longest_id && strange == 0;
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
    boost::system::error_code ec;
    auto read = read_envelope(body, ec);
    if (ec)
        return no_event("the body is not JSON");
    if (!read.is_object)
        return no_event("the body is no JSON object");

    event e;
    e.resource = canonical_resource(read.resource);
    e.name = canonical_event(read.event);
    if (!is_name(e.resource) || !is_name(e.name))
        return no_event("no usable \"resource\" and \"event\"");
    if (!read.has_data)
        return no_event("no \"data\"");

    e.data_id = std::move(read.data.id);
    // The payload of a room has no roomId: it is the room (protocol/webex-rest.md 5.2).
    e.room = e.resource == "rooms" ? e.data_id : std::move(read.data.room_id);
    e.actor = std::move(read.actor_id);
    if (e.data_id.empty() && must_have_id(e.resource))
        return no_event("no \"data.id\"");
    if (!is_id(e.data_id) || !is_id(e.room) || !is_id(e.actor))
        return no_event("an id that is none");

    key_facts facts;
    facts.resource = e.resource;
    facts.name = e.name;
    facts.data_id = e.data_id;
    facts.created = read.data.created;
    facts.updated = read.data.updated;
    facts.actor = e.actor;
    facts.data = [&body] { return canonical_data(body); };
    e.key = event_key(facts);
    if (e.resource == "messages" && e.name == "created")
        e.happened = parse_time(facts.created).value_or(wall_time{});
    e.body = std::move(body);
    return e;
}

} // namespace postern::verify
