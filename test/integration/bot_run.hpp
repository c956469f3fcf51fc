#pragma once

#include "integration/company.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// A program that serves a bot, against the cloud of a company and in the mode under test, with the guard on:
// only people of Example and Paula may be in a room. Alice and Bob do the talking.
class bot_run
{
public:
    bot_run();
    ~bot_run();

    company them;

    enum class guard
    {
        on,
        off
    };
    void start(child::environment variables = {}, guard = guard::on); // more settings
    void stop();                                                      // SIGTERM; the process must end with 0
    void kill();                                                      // SIGKILL
    child& process() { return *process_; }

    struct message
    {
        std::string id, text, markdown, html, parent, author;
        json::object all;
    };

    // Of Bob, Alice, Paula and the bot; everybody who speaks there mentions the bot.
    std::string room(const std::vector<std::string>& moderators = {});
    std::string say(const std::string& room, const std::string& words, const std::string& who = "alice");
    // Everything, oldest first; also while the cloud refuses one request or the other.
    std::vector<message> messages(const std::string& room, const std::string& seen_by = "alice");
    // Of the bot, all or those after that message.
    std::vector<message> said(const std::string& room, const std::string& after = {},
                              const std::string& seen_by = "alice");
    // Waits for so many, at least; fails the test if they do not come.
    std::vector<message> replies(const std::string& room, const std::string& after, std::size_t count = 1,
                                 std::chrono::seconds patience = std::chrono::seconds(20));
    // The text of the first.
    std::string first(const std::string& room, const std::string& words, const std::string& who = "alice")
    {
        return replies(room, say(room, words, who)).front().text;
    }
    // All that the bot has said to that when it comes to what Paula says next.
    std::vector<message> answers(const std::string& room, const std::string& words,
                                 const std::string& who = "alice");
    // Its text; fails the test if it is not exactly one.
    std::string ask(const std::string& room, const std::string& words, const std::string& who = "alice");
    // Until nothing is under way.
    void rest();

    // Nothing holds up who is elsewhere.
    void others_are_answered();
    // What `postern events why` tells of the reference that an apology names.
    std::string why(const std::string& apology);

private:
    const folder data_;
    std::unique_ptr<child> process_;
    std::string bot_, elsewhere_;
};

} // namespace postern::test
