#pragma once

#include "postern/bot/context.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::matching {

// Handlers are shared: a capturing coroutine lambda must outlive its coroutine, and a command may be removed
// while its handler runs.
using shared_handler = std::shared_ptr<const handler>;

struct command
{
    std::string name; // as registered, single-spaced
    std::string help;
    shared_handler run;
    bool only_answers = false; // nothing but its replies is lost or doubled by running it again
};

struct match
{
    const command* found = nullptr; // owned by the registry
    std::string_view arguments;     // of the text given: what follows the name, without the blanks around it
};

// Everything a bot was told, as one value. A running handler keeps the copy it was found in.
struct registry
{
    std::string greeting;
    std::vector<command> commands; // sorted by name, case-blind
    shared_handler otherwise;      // null: the built-in answer
    shared_handler on_card;        // null: submissions are ignored

    // Takes the place of a command of the same name.
    void put(command c);
    bool remove(std::string_view name);

    // The command that `text` begins with: whole words, case-blind; of several the longest name. A leading
    // "/" is needed if the registered name has it, and allowed if it has not.
    std::optional<match> find(std::string_view text) const;

    // Markdown: one line for each command.
    std::string help() const;
};

} // namespace postern::matching
