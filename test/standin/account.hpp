#pragma once

// What the service knows of an account: which agents are online, and with which URLs (ST-12). Several
// stand-ins share it through a file.

#include <chrono>
#include <string>

namespace postern::standin {

// One agent's view. Without a file it is alone in the world.
class account
{
public:
    // `linger`: how long the service believes in an agent that died without a word, counted from when another
    // one first noticed.
    account(std::string file, int agents, std::chrono::milliseconds linger);

    bool enter();                                     // false: too many agents are online
    bool claim(const std::string& url, bool pooling); // false: another agent has it
    void release(const std::string& url);
    void leave();

private:
    std::string file_;
    int agents_;
    std::chrono::milliseconds linger_;
};

} // namespace postern::standin
