#pragma once

// What the emulated cloud is made of: plain values. UUIDs name things inside; public ids are made at the edge
// (public_ids.hpp).

#include "postern/base/json.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/time.hpp"
#include "postern/emulator/failure_window.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace postern::emulator {

struct organisation
{
    std::string uuid;
    std::string name;
    std::string cluster = "us"; // of the rooms its people create (protocol/webex-rest.md 3.3)
};

// Stands for the organisation of people who have none: guests (protocol/webex-rest.md 3.2).
inline constexpr std::string_view no_organisation = "consumer";

enum class person_type
{
    person,
    bot,
    app_user // protocol/webex-rest.md 4.1
};
std::string_view to_string(person_type) noexcept; // as the API spells it: "appuser"
std::optional<person_type> parse_person_type(std::string_view) noexcept;

struct person
{
    std::string uuid;
    std::string name;  // what tests and the control API call it: "alice"
    std::string org;   // UUID, or no_organisation
    std::string email; // lower case
    std::string display_name;
    std::string nick_name;
    person_type type = person_type::person;
    bool admin = false;
    bool monitor = false; // a compliance account: isMonitor in its memberships
    wall_time created{};
};

// What a token allows.
struct token_grant
{
    std::string person;
    std::vector<std::string> scopes; // empty: everything
    bool expired = false;
};

enum class room_type
{
    group,
    direct
};

struct room
{
    std::string uuid;
    std::string cluster;
    room_type type = room_type::group;
    std::string title; // of a direct room: unused, everyone sees the other's name
    std::string owner_org;
    std::string creator;
    bool locked = false; // moderated
    bool announcement_only = false;
    bool is_public = false;
    std::string description;
    wall_time created{};
    wall_time last_activity{};
    wall_time last_stamp{}; // `created` grows strictly within a room
};

struct membership
{
    std::string room;
    std::string person;
    std::string cluster;
    bool moderator = false;
    bool monitor = false;
    bool hidden = false;
    wall_time created{};
    std::uint64_t number = 0; // in the order in which people came
};

enum class scan_state
{
    clean,
    scanning,   // 423 with Retry-After
    infected,   // 410
    unscannable // 428 unless the caller takes the risk
};

// Where the malware scan of a file stands (protocol/webex-rest.md 1.7).
struct scan
{
    scan_state state = scan_state::clean;
    unsigned answers = 0; // so many refusals while scanning, then `then`; 0: until somebody changes it
    scan_state then = scan_state::clean;
    unsigned retry_after = 1; // seconds
};

struct content
{
    std::string name;
    std::string type;
    std::shared_ptr<const std::string> bytes;
    scan scanned;
};

struct message
{
    std::string uuid;
    std::string room;
    std::string cluster;
    room_type type_of_room = room_type::group;
    std::string author;
    std::string parent; // empty: not in a thread
    std::string text;
    std::string markdown;
    std::string html;
    std::vector<std::string> mentioned; // person UUIDs
    bool mentions_all = false;
    std::vector<content> files;
    json::array attachments; // cards
    wall_time created{};
    std::optional<wall_time> updated;
    unsigned edits = 0;
};

struct attachment_action
{
    std::string uuid;
    std::string cluster;
    std::string message;
    std::string room;
    std::string person;
    json::object inputs;
    wall_time created{};
};

struct webhook
{
    std::string uuid;
    std::string cluster;
    std::string name;
    std::string target_url;
    std::string resource;
    std::string event;
    std::string filter;                                          // as it was given
    std::vector<std::pair<std::string, std::string>> conditions; // the filter, taken apart
    secret key;
    std::string creator;
    bool active = true;
    wall_time created{};
    failure_window failures;
};

// One thing that happened, with a snapshot of what it happened to: webhooks, and the websocket side, make
// their notifications of it.
struct activity
{
    std::string resource;              // "messages"
    std::string event;                 // "created"
    std::string actor;                 // person UUID
    std::string room;                  // room UUID
    std::vector<std::string> audience; // UUIDs of those who may be told
    std::variant<message, membership, emulator::room, attachment_action> subject;
    emulator::room where; // the room as it was then; `last_stamp` is when it happened
    std::string detail;   // what the subject doesn't tell, for the websocket side alone: see world.hpp
};

// The value of a mutating operation, and what happened on the way.
template <class T>
struct change
{
    T value;
    std::vector<activity> activities;
};

} // namespace postern::emulator
