#pragma once

#include "soak/verdict.hpp"

#include "postern/base/deadline.hpp"

#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// The emulated cloud in this process, with a bot and several people, each in a direct room with it, and some
// rooms of three and the bot. What happens in it can be awaited instead of asked for.
class emulated_cloud
{
public:
    emulated_cloud();
    ~emulated_cloud();
    emulated_cloud(const emulated_cloud&) = delete;

    std::string api_url() const;
    std::string u2c_url() const;
    std::string bot_token() const;

    struct room
    {
        std::string name;
        bool direct;
        std::vector<std::string> people;
        std::string id;
    };
    const std::vector<room>& rooms() const;

    struct post
    {
        std::size_t room;   // of rooms()
        std::string person; // of its people
        std::string words;  // to be echoed
    };
    // Each person says theirs one after another, all people side by side. Ends when all is said; throws what
    // went wrong.
    std::future<void> say(std::vector<post>);

    // What the bot says from now on is of that life; what a server sent that is dead by now was of the last.
    void begin_life(unsigned number);
    std::size_t answers() const; // messages of the bot so far
    // Until there are so many; false at the deadline.
    bool await_answers(std::size_t count, deadline) const;

    // Deliveries to webhooks that were answered with 2xx, and those that were not.
    struct deliveries
    {
        std::uint64_t acknowledged = 0;
        std::uint64_t failed = 0;
    };
    deliveries delivered() const;

    // The latest question of every room has its answer; so all before it have, if they come in order.
    bool all_is_answered();
    std::vector<room_story> read_all();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace postern::test
