#pragma once

#include "postern/bot/commands/argument_spec.hpp"
#include "postern/bot/commands/pattern.hpp"
#include "postern/bot/commands/permission_rules.hpp"
#include "postern/bot/context.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// Handlers are shared: a capturing coroutine lambda must outlive its coroutine, and a command may be removed
// while its handler runs.
using shared_handler = std::shared_ptr<const handler>;

// A described command (bot/command.hpp), made ready.
struct command
{
    std::string name; // as registered, single-spaced
    std::string help;
    shared_handler run;
    bool only_answers = false; // nothing but its replies is lost or doubled by running it again
    std::vector<std::string> aliases{};
    std::shared_ptr<const argument_spec> takes{}; // null: whatever is typed
    std::string group{};
    std::string details{};
    bool hidden = false;
    std::chrono::milliseconds cooldown{};
    std::shared_ptr<const permission_rules> only_for{}; // null: everybody

    std::string usage() const; // "/number <int> [--kind trivia|math]"
};

// What is listened for in all that is said and is no command.
struct listener
{
    pattern what;
    std::string help;
    shared_handler run;
};

struct match
{
    const command* found = nullptr; // owned by the registry
    std::string_view arguments;     // of the text given: what follows the name, without the blanks around it
};

struct heard
{
    const listener* found = nullptr; // owned by the registry
    captures groups;
};

// Everything a bot was told, as one value. A running handler keeps the copy it was found in.
struct registry
{
    std::string greeting;
    std::vector<command> commands;   // sorted by name, case-blind
    std::vector<listener> listeners; // in order of registration
    shared_handler otherwise;        // null: the built-in answer
    shared_handler on_card;          // null: submissions are ignored
    shared_handler on_added;         // null, here and below: nothing happens
    shared_handler on_removed;
    shared_handler on_member_joined;
    shared_handler on_member_left;
    shared_handler on_room;
    shared_handler on_file;
    shared_handler on_edit;
    shared_handler on_delete;
    std::map<std::string, shared_handler> on_event; // by kind_name()

    // Takes the place of a command of the same name. Throws std::invalid_argument if another command has one
    // of its names.
    void put(command c);
    bool remove(std::string_view name);
    void put(listener l); // takes the place of one for the same expression
    bool stop_hearing(std::string_view expression);

    // The command that `text` begins with: whole words, case-blind; of several names and aliases the longest,
    // so one that is all of the text comes first. A leading "/" is needed if the registered name has it, and
    // allowed if it has not.
    std::optional<match> find(std::string_view text) const;
    // The command of that name or alias, with or without its "/".
    const command* named(std::string_view name) const;
    // The first listener, in order of registration, whose expression is found.
    std::optional<heard> hear(std::string_view text) const;
    const shared_handler* event_handler(const std::string& kind) const; // null: there is none

    // The events that what is registered here needs, by the names that webhooks have for them.
    std::set<std::string> wanted_events() const;

    // Markdown: one line for each command, by groups. This one is for whom all may be shown.
    std::string help() const;
};

// "attachmentactions:created": how an event is called where case is not looked at.
std::string kind_name(std::string_view kind);

// Throws std::invalid_argument for what is no "resource:event" that Webex has (protocol/webex-rest.md 5.3).
std::string checked_kind(std::string_view kind);

} // namespace postern::matching
