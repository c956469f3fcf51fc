#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace postern {

// Where a notification came from. After the journal nobody asks.
enum class origin
{
    webhook,
    websocket,
    recovery,
    replay
};

std::string_view to_string(origin) noexcept;

// One notification: the public webhook envelope and what postern needs to know of it. Whatever its origin, a
// notification becomes this type before anything else looks at it.
struct event
{
    origin from = origin::webhook;
    std::string bot;      // which bot it is for: that bot's person id
    std::string key;      // what makes two notifications the same event
    std::string resource; // "messages", "memberships", "rooms", "attachmentActions", ...
    std::string name;     // "created", "updated", "deleted", ...
    std::string room;     // public room id; empty where the payload has none
    std::string actor;    // public id of the person who caused it; may be empty
    std::string data_id;  // public id of the object; fetch it by this id
    std::chrono::system_clock::time_point received{};
    // When it was said, for messages:created: `data.created`. The epoch where that is not told.
    std::chrono::system_clock::time_point happened{};
    bool signature_checked = false; // its signature was compared with our secret, and matches
    std::string body;               // the envelope, byte for byte as it came: for re-delivery and signatures

    // Events of one lane are handled one after another.
    std::string lane() const { return bot + '|' + room; }
    std::string kind() const { return resource + ':' + name; }
};

// What a source hands in before anything is known of it.
struct raw_event
{
    origin from = origin::webhook;
    std::string bot;
    std::string body;
    std::string signature; // X-Spark-Signature; empty when the origin is not signed
};

} // namespace postern
