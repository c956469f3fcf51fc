#pragma once

// Webex resources as values. Every field is optional until checked: the service adds, drops and nulls fields
// (protocol/webex-rest.md 1.8), and names fields that it could not decrypt (2.4). An absent or unreadable
// text is empty; where absence matters the field is an optional.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::webex {

struct person
{
    std::string id;
    std::vector<std::string> emails;
    std::string display_name;
    std::string nick_name;
    std::string org_id;
    std::string type; // "person", "bot", "appuser"; empty if not told
    std::string created;

    bool is_bot() const { return type == "bot"; }
};

struct room
{
    std::string id;
    std::string title; // may be empty
    std::string type;  // "direct" or "group"
    std::optional<bool> is_locked;
    std::string team_id;
    std::string creator_id;
    std::string owner_id;
    std::string last_activity;
    std::string created;
};

struct membership
{
    std::string id;
    std::string room_id;
    std::string room_type;
    std::string person_id;
    std::string person_email;
    std::string person_display_name;
    std::string person_org_id;
    std::optional<bool> is_moderator;
    std::optional<bool> is_monitor;
    std::string created;
};

struct attachment
{
    std::string content_type; // a card is "application/vnd.microsoft.card.adaptive"
    std::string content;      // JSON text
};

inline constexpr std::string_view card_content_type = "application/vnd.microsoft.card.adaptive";

struct message
{
    std::string id;
    std::string room_id;
    std::string room_type;
    std::string parent_id; // the thread's root, if this is a reply
    std::string text;      // may be empty: file-only and card-only messages exist
    std::string markdown;
    std::string html;
    std::vector<std::string> files; // URLs under the API's hosts
    std::vector<attachment> attachments;
    std::string person_id;
    std::string person_email;
    std::vector<std::string> mentioned_people;
    std::vector<std::string> mentioned_groups;
    std::string created;
    std::string updated; // only after an edit
};

struct attachment_action
{
    std::string id;
    std::string type; // "submit"
    std::string message_id;
    std::string person_id;
    std::string room_id;
    std::string inputs; // JSON text of an object, "{}" if there are none
    std::string created;
};

struct webhook
{
    std::string id;
    std::string name;
    std::string target_url;
    std::string resource;
    std::string event;
    std::string filter;
    std::string status; // "active"; anything else means it is not delivered
    std::string created;
};

struct file_info
{
    std::string name; // sanitised: no directories, no control characters
    std::string content_type;
    std::optional<std::size_t> size;
};

struct file
{
    file_info info;
    std::string bytes;
};

// --- what is sent ------------------------------------------------------------------------------------------

// Where a message goes: exactly one of the three.
struct destination
{
    std::string room_id;
    std::string to_person_id;
    std::string to_person_email;
};

struct new_message
{
    destination to;
    std::string text;
    std::string markdown;
    std::string parent_id;
    std::string card;     // JSON text of an adaptive card; text or markdown is then the fallback
    std::string file_url; // a public URL that the cloud fetches
};

struct file_upload
{
    std::string path;  // a file on disk, streamed ...
    std::string bytes; // ... or, when path is empty, these bytes
    std::string filename;
    std::string content_type;
};

struct new_webhook
{
    std::string name;
    std::string target_url;
    std::string resource;
    std::string event;
    std::string filter;
};

} // namespace postern::webex
