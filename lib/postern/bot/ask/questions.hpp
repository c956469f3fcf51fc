#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/ask/dialogue.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace postern::matching {

// Who was asked something, and has not answered yet: at most one question for each person in each room.
// Thread-safe.
class questions
{
public:
    explicit questions(std::size_t most = 1000) : most_(most) {}

    struct answer
    {
        std::shared_ptr<conversation> with; // of the answer; null: there is none
        std::string text;
        error why{}; // there is none: timed_out or stopped
    };

    // For a handler: opens the question, lets the delivery that looks on go, and waits. An older question to
    // the same person in that room gives up, and so does the oldest of all if there are too many.
    static awaitable<answer> ask(std::shared_ptr<questions>, std::shared_ptr<dialogue>, std::string room,
                                 std::string person, deadline patience);

    // That person has said this in that room. The handler that waited for it goes on, and is to be looked on
    // by the caller (dialogue::go_on); null: nobody waited.
    std::shared_ptr<dialogue> give(std::shared_ptr<conversation> with, std::string text);

    // Ends the wait for that person with errc::stopped. False: nobody waited.
    bool give_up(const std::string& room, const std::string& person, std::string why);

    // This handler is looked on by nobody any more, but has not ended: wind_up() waits for it too.
    void remember(const std::shared_ptr<dialogue>&);

    // Postern is stopping: every wait ends, and no question is opened any more.
    void close();
    // The same, and waits for the handlers that have asked: they are not part of any delivery. Those that
    // have not ended at half the time are cut off. False: at the deadline some still ran.
    static awaitable<bool> wind_up(std::shared_ptr<questions>, deadline);

    std::size_t open() const;

private:
    struct question;

    std::shared_ptr<question> take(const std::string& room, const std::string& person); // under the mutex
    void keep(const std::shared_ptr<dialogue>&);                                        // under the mutex
    static void end(const std::shared_ptr<question>&, answer);
    static void end(const std::shared_ptr<question>&, error why);

    const std::size_t most_;
    mutable std::mutex mutex_;
    bool closed_ = false;
    std::list<std::shared_ptr<question>> open_;     // oldest first
    std::list<std::weak_ptr<dialogue>> have_asked_; // handlers; expired: it has ended
};

} // namespace postern::matching
