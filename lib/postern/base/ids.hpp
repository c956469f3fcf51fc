#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern {

// The parts of a public Webex id, which is base64url("ciscospark://<cluster>/<TYPE>/<native>") without
// padding (protocol/webex-rest.md 3). Ids are compared as exact strings; this is for building them where the
// REST API is not asked, and for reading them where only a UUID is known.
struct public_id
{
    std::string cluster; // "us", or a three-part URN such as "urn:TEAM:us-west-2_r"
    std::string type;    // "PEOPLE", "ROOM", "MESSAGE", "MEMBERSHIP", "CONTENT", ...
    std::string native;  // a UUID; "<person>:<room>" for MEMBERSHIP; "<activity>/<index>" for CONTENT

    friend bool operator==(const public_id&, const public_id&) = default;
};

std::string format_id(const public_id&);

// Empty for anything that is not understood: such an id stays what it is, opaque. Accepts both base64
// alphabets, padded or not.
std::optional<public_id> parse_id(std::string_view id);

// The UUID that a public id is about, or the text itself when it already is one. For a MEMBERSHIP the
// person's.
std::string uuid_of(std::string_view id);

// The two halves of a membership id's native part.
struct membership_parts
{
    std::string person; // UUIDs
    std::string room;
};
std::optional<membership_parts> parse_membership(const public_id&);

} // namespace postern
