#pragma once

#include "integration/cloud.hpp"
#include "support/folder.hpp"

#include "postern/journal/archive.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace postern::test {

// A cloud with three companies, for the tests of who may be in a room with the bot:
//
//   Example    bot, alice, bob, auditor (a compliance account)
//   Partner    paula, peter
//   Elsewhere  carol, robot (a bot), watcher (a compliance account)
//   none       gina, a guest
//
// People ask as apps do, with a mention of the bot: "/echo number N", every N once.
class company
{
    folder files_; // the seed's; before the cloud that reads it

public:
    company();

    cloud webex;

    std::string organisation(const std::string& of_whom); // its public id
    // Group rooms of these people, the first of whom made them; nobody is told, so nothing is known of them.
    std::vector<std::string> rooms(std::size_t count, const std::vector<std::string>& members,
                                   const std::vector<std::string>& moderators = {});
    std::string room(const std::vector<std::string>& members,
                     const std::vector<std::string>& moderators = {});
    // alice, the bot, and so many others of Example that there are `members`, the outsider at that place.
    std::string crowd(unsigned members, const std::string& outsider = {}, unsigned at = 0);

    std::string ask(const std::string& room, const std::string& who = "alice"); // the message's id
    struct said_directly
    {
        std::string room, message;
    };
    said_directly ask_directly(const std::string& who);
    void join(const std::string& room, const std::string& who);
    // And says something in the same instant: the message's id.
    std::string join_and_ask(const std::string& room, const std::string& who);
    void leave(const std::string& room, const std::string& who);

    // All that the bot said there, oldest first.
    std::vector<std::string> said(const std::string& room, const std::string& to = "alice");
    // Waits for so many answers to questions, and no more.
    bool answers(const std::string& room, std::size_t wanted, const std::string& to = "alice",
                 std::chrono::seconds patience = std::chrono::seconds(10));
    std::vector<std::string> members(const std::string& room); // their names in the seed
    bool is_in(const std::string& room, const std::string& who);

    // What somebody asked for, as GET /_emulator/counters has it: "walks" or "requests".
    std::size_t counted(const std::string& what, const std::string& path, const std::string& who = "bot");
    // Of lists of a room's members, from their beginning.
    std::size_t walks() { return counted("walks", "/v1/memberships?roomId"); }

private:
    std::string next_question();

    unsigned last_number_ = 0;
    unsigned titles_ = 0;
};

// --- what the journal of a postern tells of an event, by the id of what it is about ---

journal::story story_of(const server&, const std::string& about);
std::vector<journal::story> stories(const server&, journal::selection = {});
// Of its one delivery.
journal::delivery_record delivery_of(const server&, const std::string& about);
bool becomes(const server&, const std::string& about, journal::progress,
             std::chrono::seconds patience = std::chrono::seconds(10));
bool refuses(const server&, const std::string& about); // waits for it
// What the guard said last: "refused: 1 of 3 members ...".
std::string verdict_of(const server&, const std::string& about);
bool nothing_waits(const server&, std::chrono::seconds patience = std::chrono::seconds(10));

std::size_t count_of(const std::string& words, const std::string& in);

} // namespace postern::test
