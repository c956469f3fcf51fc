#pragma once

#include "postern/emulator/public_ids.hpp"
#include "postern/emulator/refusal.hpp"
#include "postern/emulator/time_uuid.hpp"
#include "postern/emulator/values.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::emulator {

// What somebody wants a group room to be. Absent members stay as they are.
struct room_wish
{
    std::optional<std::string> title;
    std::optional<bool> locked;
    std::optional<bool> announcement_only;
    std::optional<bool> is_public;
    std::optional<std::string> description; // a single space clears it
    std::string uuid;                       // of a new room; made if empty
};

// A message before it is posted. Exactly one destination, or a parent alone.
struct draft
{
    std::string room; // UUIDs, all of them
    std::string to;   // a person: the direct room with them, made if need be
    std::string parent;
    std::string text;
    std::string markdown;
    std::vector<content> files;
    json::array attachments;
    bool by_client = false; // typed in an app: the message shows no `markdown` (protocol/webex-rest.md 4.4)
};

// Whose organisation memberships do not tell.
struct untold_organisations
{
    bool of_all = false;
    std::set<std::string, std::less<>> people; // UUIDs
};

struct webhook_wish
{
    std::string name, target_url, resource, event, filter;
    secret key;
};

struct webhook_edit
{
    std::string name, target_url;
    std::optional<secret> key;
    bool activate = false;
};

// The state of the emulated cloud and its rules (protocol/webex-rest.md 4, 8, 9 and 10.3): who may do what,
// what comes of it, and who is told. No sockets, no timers, no JSON of the wire. What a person asks for and
// may not have is a refusal with the live service's status and text. Not thread-safe.
//
// Pointers and references that come out hold until the object is removed.
//
// The `detail` of an activity: "lock" or "unlock" of rooms:updated, when that was what changed; "moderator"
// or "hidden" of memberships:updated, likewise; the message's UUID of memberships:seen.
class world
{
public:
    using clock = std::function<wall_time()>;
    explicit world(clock reads = std::chrono::system_clock::now);

    wall_time now() const { return reads_() + ahead_; }
    std::chrono::milliseconds ahead() const noexcept { return ahead_; } // of the real clock
    void advance(std::chrono::milliseconds by) { ahead_ += by; }

    // Bare UUIDs name objects of the cluster "us" only, as on the live service (protocol/webex-rest.md 3.4),
    // unless set.
    void accept_bare_uuids_everywhere(bool yes) noexcept { bare_everywhere_ = yes; }

    // --- who is there
    // ---------------------------------------------------------------------------------------
    const organisation& add(organisation);
    granted<const person*> add(person); // 409: the e-mail address or the name is taken
    const organisation* find_organisation(std::string_view uuid) const;
    const organisation* organisation_named(std::string_view name) const;
    const person* find_person(std::string_view uuid) const;
    const person* person_by_email(std::string_view email) const; // case-blind
    const person* person_named(std::string_view name) const;
    granted<const person*> person_of(std::string_view id) const; // 404 if there is none
    const std::map<std::string, person, std::less<>>& people() const noexcept { return people_; }
    const std::map<std::string, organisation, std::less<>>& organisations() const noexcept
    {
        return organisations_;
    }

    void tell_no_organisation(untold_organisations whose) { untold_ = std::move(whose); }
    bool tells_organisation(std::string_view person) const
    {
        return !untold_.of_all && !untold_.people.contains(person);
    }

    // A token of three '_' parts, the last the organisation's UUID (protocol/webex-rest.md 6.6).
    std::string issue_token(const person&, std::vector<std::string> scopes = {});
    void accept_token(std::string token, token_grant);
    const token_grant* find_token(std::string_view token) const;
    void expire_tokens_of(const person&);

    // --- rooms (world_rooms.cpp)
    // ------------------------------------------------------------------------------
    granted<change<room>> create_room(const person& actor, const room_wish&);
    granted<change<room>> update_room(const person& actor, std::string_view id, const room_wish&);
    granted<std::vector<activity>> delete_room(const person& actor, std::string_view id);
    // The direct room of two people, made if need be. Refusal: 403 between two bots, 400 with oneself.
    granted<change<room>> open_direct_room(const person& actor, const person& other, std::string uuid = {});
    const room* direct_room(const person& a, const person& b) const;
    const room* find_room(std::string_view uuid) const;
    const room* room_titled(std::string_view title) const;
    // The room if `who` is in it: rooms one is not in do not exist.
    granted<const room*> room_of(const person& who, std::string_view id) const;
    std::vector<const room*> rooms_of(const person& who) const; // oldest first
    std::vector<const room*> rooms() const;
    // What `who` sees as the title: of a direct room the other's name.
    std::string title_for(const room&, const person& who) const;

    // --- memberships (world_memberships.cpp)
    // --------------------------------------------------------------------
    granted<change<membership>> add_member(const person& actor, std::string_view room_id, const person& who,
                                           bool moderator);
    // Puts somebody into a group room as if it had always been so: nobody is told, and nobody has to be in
    // there to do it. Refusals: 400 for a direct room, 409 for a member.
    granted<const membership*> settle_in(const room&, const person& who, bool moderator = false);
    granted<change<membership>> update_membership(const person& actor, std::string_view id,
                                                  std::optional<bool> moderator, std::optional<bool> hidden);
    granted<std::vector<activity>> remove_member(const person& actor, std::string_view id);
    const membership* find_membership(std::string_view room, std::string_view person) const; // UUIDs
    granted<const membership*> membership_of(const person& who, std::string_view id) const;
    std::vector<const membership*> members(std::string_view room) const;    // oldest first
    std::vector<const membership*> memberships_of(const person& who) const; // oldest first

    // --- messages (world_messages.cpp, world_posts.cpp)
    // ---------------------------------------------------------
    granted<change<message>> post(const person& author, draft);
    granted<change<message>> edit(const person& actor, std::string_view id, std::string_view room_id,
                                  std::string text, std::string markdown);
    granted<std::vector<activity>> delete_message(const person& actor, std::string_view id);
    // `who` has read up to that message: memberships:seen, which only websockets tell
    // (protocol/mercury.md 7.2). Its detail is the message's UUID.
    granted<activity> see(const person& who, std::string_view id);
    const message* find_message(std::string_view uuid) const;
    // The message if `who` may see it. 404 otherwise: invisible and unknown look alike.
    granted<const message*> message_of(const person& who, std::string_view id) const;
    bool can_see(const person& who, const message&) const;
    // UUIDs of a room's messages, oldest first.
    const std::vector<std::string>& timeline(std::string_view room) const;

    // --- files, cards (world_files.cpp)
    // ------------------------------------------------------------------------- Counts down a scan that ends
    // after so many refusals. Refusals: 404, 410, 423, 428.
    granted<const content*> open_content(const person& who, std::string_view id, bool allow_unscannable);
    content* find_content(std::string_view id);    // by public id, whoever asks
    void set_next_scan(scan s) { next_scan_ = s; } // of files that are posted from now on
    granted<change<attachment_action>> submit(const person& actor, std::string_view message_id,
                                              json::object inputs);
    const attachment_action* find_action(std::string_view uuid) const;
    granted<const attachment_action*> action_of(const person& who, std::string_view id) const;

    // --- webhooks (world_webhooks.cpp)
    // --------------------------------------------------------------------------
    granted<const webhook*> add_webhook(const person& owner, webhook_wish);
    granted<const webhook*> update_webhook(const person& owner, std::string_view id, webhook_edit);
    granted<> remove_webhook(const person& owner, std::string_view id);
    granted<const webhook*> webhook_of(const person& owner, std::string_view id) const;
    std::vector<const webhook*> webhooks_of(const person& owner) const; // oldest first
    std::vector<const webhook*> webhooks() const;                       // oldest first
    // True when this failure disabled the webhook (protocol/webex-rest.md 5.7).
    bool delivery_failed(std::string_view webhook_id);

private:
    bool names(const reference&, std::string_view cluster) const;
    room* mutable_room(std::string_view uuid);
    wall_time stamp(room&); // strictly after everything that happened in the room
    room& found_room(const person& creator, room);
    membership& enter(room&, const person& who, bool moderator, wall_time when);
    activity happened(std::string_view resource, std::string_view event, const person& actor,
                      const room&) const;
    activity happened(std::string_view event, const person& actor, const room&, const message&) const;
    activity happened(std::string_view event, const person& actor, const room&, const membership&) const;
    void forget_messages(std::string_view room);
    bool is_moderator(const person&, const room&) const;
    granted<room*> destination(const person& author, const draft&, std::vector<activity>&);
    static std::optional<refusal> too_long(std::string_view text, std::string_view markdown);
    void render(message&, const room&, std::string text, std::string markdown, bool by_client) const;
    std::optional<refusal> check_filter(const person& owner, const webhook&) const;
    failure_window::time_point steady_now() const { return std::chrono::steady_clock::now() + ahead_; }

    template <class T>
    using table = std::map<std::string, T, std::less<>>;

    clock reads_;
    std::chrono::milliseconds ahead_{};
    bool bare_everywhere_ = false;
    untold_organisations untold_;
    scan next_scan_;
    time_uuids uuids_;
    std::uint64_t entered_ = 0; // people, into rooms
    table<organisation> organisations_;
    table<person> people_;
    table<std::string> by_email_;
    table<std::string> by_name_;
    table<token_grant> tokens_;
    table<room> rooms_;
    std::map<std::pair<std::string, std::string>, membership> memberships_; // by room and person
    table<message> messages_;
    table<std::vector<std::string>> timelines_; // of each room
    table<attachment_action> actions_;
    table<webhook> webhooks_;
};

} // namespace postern::emulator
