#include "postern/source/device/frames.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace postern::source {
namespace {

constexpr std::size_t longest_word = 200; // an id or a name beyond that is none

std::string word(const json::object& from, std::string_view key)
{
    const auto* member = from.if_contains(key);
    const auto* text = member ? member->if_string() : nullptr;
    if (!text || text->size() > longest_word)
        return {};
    return std::string(text->data(), text->size());
}

// As an integer, as a fraction or as text: other clients' clouds were seen with each (mercury.md 5.1).
std::optional<std::int64_t> number(const json::object& from, std::string_view key)
{
    const auto* member = from.if_contains(key);
    if (!member)
        return std::nullopt;
    if (const auto* n = member->if_int64())
        return *n;
    if (const auto* n = member->if_double())
        return std::abs(*n) < 9e15 ? std::optional(static_cast<std::int64_t>(*n)) : std::nullopt;
    const auto* text = member->if_string();
    if (!text)
        return std::nullopt;
    std::int64_t n{};
    const auto* end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, n);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return std::nullopt;
    return n;
}

// Only what is said of conversations matters: calls and whiteboards are nothing to us.
bool conversations_in_sync(const json::object& data)
{
    const auto* states = get_object(data, "bufferState");
    return states && word(*states, "conversation") == "IN_SYNC";
}

frame::kind kind_of(std::string_view type, std::string_view event_type, const json::object* data)
{
    if (type == "pong")
        return frame::kind::pong;
    if (type == "shutdown")
        return frame::kind::shutdown;
    if (event_type == "mercury.buffer_state" || event_type == "mercury.registration_status")
        return frame::kind::ready;
    if (event_type == "conversation.activity" && data && get_object(*data, "activity"))
        return frame::kind::activity;
    if (event_type == "ActiveClusterStatusEvent" || event_type == "u2c.cache-invalidation")
        return frame::kind::catalogue_changed;
    return frame::kind::other;
}

} // namespace

frame read_frame(std::string_view payload)
{
    frame f;
    auto parsed = parse_json(payload, "a frame of the channel");
    auto* envelope = parsed ? parsed->if_object() : nullptr;
    if (!envelope)
    {
        f.what = frame::kind::not_understood;
        f.why = parsed ? "no JSON object" : parsed.error().ours;
        return f;
    }
    f.id = word(*envelope, "id");
    f.tracking_id = word(*envelope, "trackingId");
    f.sequence = number(*envelope, "sequenceNumber");

    auto* data_member = envelope->if_contains("data");
    auto* data = data_member ? data_member->if_object() : nullptr;
    const auto type = word(*envelope, "type");
    const auto event_type = data ? word(*data, "eventType") : std::string();
    f.type = type.empty() ? event_type : type;
    f.what = kind_of(type, event_type, data);
    if (f.what == frame::kind::ready)
        f.in_sync = conversations_in_sync(*data);
    if (f.what != frame::kind::activity)
        return f;

    f.data = std::move(*data);
    if (auto* headers = envelope->if_contains("headers"); headers && headers->is_object())
        f.headers = std::move(headers->get_object());
    return f;
}

std::string authorization_frame(std::string_view id, const secret& token, std::string_view tracking_id)
{
    json::object data;
    data["token"] = "Bearer " + std::string(token.reveal());
    json::object envelope;
    envelope["id"] = id;
    envelope["type"] = "authorization";
    envelope["data"] = std::move(data);
    envelope["trackingId"] = tracking_id;
    return json::serialize(envelope);
}

std::string ack_frame(std::string_view envelope_id)
{
    json::object envelope;
    envelope["messageId"] = envelope_id;
    envelope["type"] = "ack";
    return json::serialize(envelope);
}

std::string ping_frame(std::string_view id)
{
    json::object envelope;
    envelope["id"] = id;
    envelope["type"] = "ping";
    return json::serialize(envelope);
}

std::uint64_t sequence_watch::missing_before(const frame& f)
{
    if (!f.sequence)
    {
        unnumbered_ += f.what == frame::kind::pong ? 1 : 0;
        return 0;
    }
    const auto now = *f.sequence;
    const auto before = last_;
    if (!before || now > *before)
        last_ = now;
    if (!before)
        unnumbered_ = 0;
    if (!before || now <= *before)
        return 0;
    // Unsigned: the difference of two hostile numbers may not fit otherwise.
    const auto skipped = static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(*before) - 1;
    const auto explained = std::min(skipped, unnumbered_);
    unnumbered_ = 0;
    return skipped - explained;
}

} // namespace postern::source
