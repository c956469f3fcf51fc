#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace postern::guard {

enum class check_of
{
    room,  // every member
    sender // only who caused the event
};

// What is done about a room that is refused, besides not acting on its events.
enum class on_refusal
{
    ignore,
    tell,  // one short text per room and hour
    leave, // our own membership is deleted
    remove // the outsiders' are, where we are moderator; else we leave
};

struct guard_options
{
    // Who may be there: whoever fits one of these. Public ids or UUIDs; "own" is the organisation of the bot,
    // or of the token's owner.
    std::vector<std::string> organisations;
    std::vector<std::string> domains; // of e-mail addresses, case-blind: "example.com", without subdomains
    std::vector<std::string> people;  // ids or e-mail addresses
    std::vector<std::string> rooms;   // ids: admitted whoever is in them

    // Who is no outsider although of another organisation.
    bool bots = false;     // other bots; told by GET /people, not by their address alone
    bool monitors = false; // compliance accounts (isMonitor)

    check_of check = check_of::room;
    on_refusal action = on_refusal::ignore;
    std::string words = "I only answer in rooms whose members all belong to my organisation.";

    std::chrono::milliseconds keep{15 * 60'000}; // so long a verdict holds when nothing is heard of its room
    std::size_t cached = 10'000;                 // rooms; the least recently asked about goes first
    std::size_t largest_room = 20'000; // members; a larger room is refused, it can't be known well enough
    std::chrono::milliseconds call_timeout{20'000}; // of one walk through a room's members
    // After which an undecided event is tried again, unless Webex names a time; doubled while its room stays
    // undecided, up to 32 times this.
    std::chrono::milliseconds again{15'000};

    // Somebody has said who may be there.
    bool configured() const
    {
        return !(organisations.empty() && domains.empty() && people.empty() && rooms.empty());
    }
};

} // namespace postern::guard
