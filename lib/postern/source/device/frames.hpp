#pragma once

#include "postern/base/json.hpp"
#include "postern/base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::source {

// One incoming frame, understood as far as it can be (protocol/mercury.md 4.2 to 5.2). Whatever the bytes,
// there is a value: every member may be missing or of another type.
struct frame
{
    enum class kind
    {
        ready,             // "you are in", with the state of the cloud's buffer
        activity,          // `data` holds one
        pong,              // `id` is that of the ping
        shutdown,          // the cloud is about to close this socket
        catalogue_changed, // services have moved
        other,             // understood as nothing for us
        not_understood     // no JSON object; `why` says it without its text
    };
    kind what = kind::other;
    std::string id;   // of the envelope, to be acknowledged; empty: none
    std::string type; // "type" of the envelope, else data.eventType; for logs
    std::string tracking_id;
    std::optional<std::int64_t> sequence;
    bool in_sync = false;   // ready: the cloud kept every activity since the last connection
    json::object data{};    // activity: the envelope's `data`
    json::object headers{}; // activity: the envelope's `headers` (5.1)
    std::string why;
};

frame read_frame(std::string_view payload);

// What we send, as text frames.
std::string authorization_frame(std::string_view id, const secret& token, std::string_view tracking_id);
std::string ack_frame(std::string_view envelope_id);
std::string ping_frame(std::string_view id);

// Counts what the sequence numbers of one connection say is missing (4.6): a hint, not a proof.
class sequence_watch
{
public:
    // Frames missing before this one; zero for a repeated or late one.
    std::uint64_t missing_before(const frame&);

private:
    std::optional<std::int64_t> last_;
    std::uint64_t unnumbered_ = 0; // pongs without a number may have taken one
};

} // namespace postern::source
