#pragma once

#include "postern/base/json.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// Whose channel it is.
struct identity
{
    std::string person;       // public id, as GET /people/me gives it
    std::string organisation; // public id; may be empty
    bool bot = false;         // sees of group rooms only what mentions it (protocol/mercury.md 6.3)
};

// What became of one activity.
struct mapped
{
    std::vector<std::string> envelopes; // public webhook envelopes, JSON; a create makes several
    std::string why_none;               // in words for a person, when there is none: "own message"

    // The host of this URL is unknown, so no id can be built (mercury.md 7.3). `lookup_url`, if not empty,
    // is where the conversation service tells the public id of the message or card action (7.4): learn from
    // it and map again.
    std::string unknown_url;
    std::string lookup_url;
};

// Activities of the Mercury channel as public webhook events (protocol/mercury.md 5 to 7). Answers what
// vectors/activity-to-event.json records of the JS SDK, except for the differences listed in the .cpp. A
// class without sockets; map() may be called again with the same activity.
class activity_map
{
public:
    using cluster_lookup = std::function<std::optional<std::string>(std::string_view url)>;

    activity_map(identity me, cluster_lookup clusters);

    // `data` is an envelope's `data` with its `activity`; `overrides` are the envelope's `headers`
    // (mercury.md 5.1), null if there are none. Anything may be missing or of another type.
    mapped map(const json::object& data, const json::object* overrides) const;

private:
    identity me_;
    std::string my_uuid_;
    cluster_lookup clusters_;
};

} // namespace postern::source
