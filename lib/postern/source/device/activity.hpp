#pragma once

// What an activity of the wire says (protocol/mercury.md 6), read once and without trust. A text is empty
// where the wire has none, another type, or something of another form.

#include "postern/base/json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace postern::source {

struct wire_person
{
    std::string uuid; // empty: this is nobody we could name
    std::string email;
    std::string name;
    std::string organisation; // UUID
    bool moderator = false;   // of the conversation of this activity
};

struct wire_conversation
{
    std::string id; // UUID
    std::string url;
    std::optional<std::vector<std::string>> tags;
};

struct activity
{
    std::string id;   // UUID
    std::string verb; // letters only
    std::string url;
    std::string published; // as it came, if it is a time
    wire_person actor;
    wire_conversation target;

    std::string parent; // UUID
    std::string parent_type;

    // The object: which of these have a meaning depends on its type.
    std::string object_type; // "comment", "person", "conversation", "reaction2", ...
    std::string object_id;   // UUID
    wire_person person;
    wire_conversation conversation;
    std::string creator;                   // UUID, of a conversation
    std::vector<wire_person> participants; // of a conversation; who has no UUID is left out
    std::vector<std::string> mentioned;    // UUIDs
    std::string object_parent_type;        // "reaction" where a reaction is taken back
};

// `data` and `overrides` as activity_map::map() has them. Overrides come from both `headers`; their keys are
// paths, rooted at the envelope ("data.activity.target.lastSeenActivityDate") or at `data`. One that would
// change who did what (id, verb, actor, encryptionKeyUrl, entryUUID), that leads nowhere, or whose value is
// more than a text, number, flag or list of those is ignored (mercury.md 5.1). Empty if there is no activity.
std::optional<activity> read_activity(const json::object& data, const json::object* overrides);

} // namespace postern::source
