#pragma once

#include "postern/guard/guard_options.hpp"
#include "postern/webex/types.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::guard {

// Why somebody may or may not be in a room with us.
enum class standing
{
    self,         // the bot
    organisation, // of an allowed one
    domain,
    person,
    bot,     // another bot, and those are allowed
    monitor, // a compliance account, and those are allowed
    outsider,
    guest,       // an outsider without an organisation of his own
    maybe_a_bot, // an outsider by organisation, a bot by address: GET /people can tell
    unknown      // not enough is told of him to decide
};
bool is_allowed(standing) noexcept;

struct outsider
{
    std::string person;     // public id
    std::string email;      // may be empty
    std::string membership; // public id
    standing as{};          // outsider or guest
};

// What is known of a room once all its members were looked at.
struct room_finding
{
    bool admitted = false;
    bool undecided = false;              // then it is closed, too
    std::string reason;                  // in words: "all 12 members belong to allowed organisations"
    std::vector<outsider> outsiders;     // only those who certainly are
    std::vector<std::string> maybe_bots; // people to ask about; where there are outsiders, it changes nothing
    bool we_moderate = false;
    std::string own_membership; // empty if we are not among the members
};

// Who may be there. Decides only. `me` is the bot itself, with its organisation. Thread-safe.
class membership_rules
{
public:
    membership_rules(const guard_options&, const webex::person& me);

    standing of(const webex::membership&) const;

    // `bots`: those of maybe_bots that GET /people has told to be bots; the others are none. Without it
    // nobody was asked yet. No members at all, or ourselves not among them, is undecided.
    room_finding judge(const std::vector<webex::membership>& members,
                       const std::optional<std::set<std::string>>& bots = {}) const;

    // For check_of::sender: of a person as GET /people tells him. It doesn't tell who is a compliance
    // account: as senders those are outsiders.
    standing of(const webex::person&) const;

    bool admits_room(const std::string& room) const; // by its id alone
    bool is_me(std::string_view person_id) const;

    // "own" is among the organisations, but it is not known which that is: then nobody is called an
    // outsider for his organisation, he is unknown.
    bool own_is_missing() const noexcept { return own_is_missing_; }

private:
    standing of_stranger(const std::string& organisation) const;
    bool allowed_organisation(const std::string& id) const;
    bool allowed_address(const std::string& email) const;

    std::set<std::string> organisations_; // UUIDs, lower case; "consumer" never is one
    std::set<std::string> domains_;       // lower case
    std::set<std::string> people_;        // UUIDs, and addresses in lower case
    std::set<std::string> rooms_;         // UUIDs
    std::string me_;                      // UUID
    std::size_t largest_room_;
    bool bots_;
    bool monitors_;
    bool own_is_missing_ = false;
};

// For logs: "eve@example.org (organisation 1b2c3d4e)", "(without an organisation)". Of foreign texts only
// what is harmless.
std::string name_of(const std::string& email, const std::string& person_id, const std::string& organisation);

} // namespace postern::guard
