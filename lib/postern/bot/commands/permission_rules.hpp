#pragma once

#include "postern/bot/command.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace postern::matching {

// What is known of who asks, and where. The two that cost a call are empty until they were asked for.
struct asker
{
    std::string id;    // public id of the person
    std::string email; // of the message; may be empty
    bool direct = false;
    std::string own_organisation; // the bot's; may be empty
    std::optional<std::string> organisation;
    std::optional<bool> moderator;
};

struct permit
{
    enum class kind
    {
        granted,
        refused,
        ask_organisation, // can't be told before that is known
        ask_moderator
    };
    kind what = kind::granted;
    std::string reason; // of a refusal: "not in domains example.com", for the trail
};

// A permission (bot/command.hpp), made ready. Decides only, the cheap things first: nothing is asked for that
// would change nothing. Immutable.
class permission_rules
{
public:
    // Throws std::invalid_argument for names that can't be any: a domain with blanks, an empty id.
    explicit permission_rules(permission);

    bool for_everybody() const noexcept;
    permit judge(const asker&) const;

    // What is said to who may not, as plain text; empty: nothing.
    std::string refusal(const std::string& command) const;

private:
    bool names_anybody() const noexcept;
    bool names_organisations() const noexcept;
    bool has_organisation(const std::string& id, const std::string& own) const;
    std::string not_fitting() const;

    std::set<std::string> people_;        // UUIDs, other ids, and addresses; small letters
    std::set<std::string> domains_;       // small letters
    std::set<std::string> organisations_; // UUIDs, small letters
    bool own_ = false;                    // the bot's organisation, too
    bool moderators_ = false;
    std::optional<std::string> refusal_;
};

} // namespace postern::matching
