#pragma once

#include "integration/cloud.hpp"

#include "postern/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace postern::test {

// Rooms with the bot, and what is asked and answered there. People ask through the control API, as their apps
// would: that works in an outage of the public API too. Every question is "/echo number N", with an N of its
// own, and in a group it mentions the bot.
class talk
{
public:
    talk(cloud&, std::size_t direct, std::size_t groups); // at most four direct ones: the people of the seed

    // A group room more, with or without the bot. Its number.
    std::size_t open_room(const std::string& title, bool with_bot = true);

    // So many questions in every room, one room after another; every one is to be answered.
    void ask(int each);
    // One question in that room; its message's id. Without `answered` the bot is to say nothing to it.
    std::string ask_in(std::size_t room, bool answered = true);

    // Waits until everything was answered, or until patience ends: each once, and in order.
    void check_answers(std::chrono::seconds patience = std::chrono::seconds(30));
    // When the last answer was given.
    wall_time last_answer() const { return last_answer_; }
    // All that the bot said in that room, oldest first.
    std::vector<std::string> said_in(std::size_t room);
    // So long each question had to wait for its answer, of those that have one: by the cloud's clock.
    std::vector<std::chrono::milliseconds> delays();

    std::size_t size() const { return rooms_.size(); }
    const std::string& id_of(std::size_t room) const { return rooms_.at(room).id; }

private:
    struct place
    {
        std::string person; // who asks
        std::string id;
        bool group;
        std::vector<std::string> expected;
    };

    struct said
    {
        bool by_bot;
        std::string text;
        wall_time at;
    };
    std::vector<said> listed(const place&); // oldest first
    std::vector<std::string> answers_in(const place&);
    bool all_answered();

    cloud& webex_;
    const std::string bot_;
    std::vector<place> rooms_;
    int last_number_ = 0;
    wall_time last_answer_{};
};

} // namespace postern::test
