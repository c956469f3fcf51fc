#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace postern::test {

// What stands in a room of the emulated cloud. `life`: how many servers had been started by then.
struct room_line
{
    bool by_bot{};
    std::string text;
    unsigned life{};
};

struct room_story
{
    std::string name;
    bool direct{};                // the bot sees its own messages there, so it can look before it repeats one
    std::vector<room_line> lines; // oldest first
};

struct verdict
{
    std::size_t asked{};
    std::size_t answered{};
    std::size_t doubles_in_window{}; // permitted: see judge()
    std::size_t doubles{};           // all others
    std::size_t out_of_order{};
    std::vector<std::string> complaints; // one for each that must not be

    std::size_t lost() const { return asked - answered; }
    bool good() const { return lost() == 0 && doubles == 0 && out_of_order == 0; }
};

// The WORDS of "... /echo WORDS"; empty for other texts.
std::string words_asked_for(const std::string& text);

// People say "/echo WORDS", each time with other words, and the bot is to answer WORDS, once, in the order of
// the room. A second answer is permitted in a group room only, and only to what was being answered when a
// server was killed: the first answer is the last one of its server in that room, the next one comes from a
// later server, and nothing else is answered between them.
verdict judge(const std::vector<room_story>&);

} // namespace postern::test
