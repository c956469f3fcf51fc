#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/commands/permission_rules.hpp"
#include "postern/bot/commands/timed_memory.hpp"
#include "postern/webex/api.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace postern::matching {

using steady_clock_fn = std::function<deadline::clock::time_point()>;

// Finds out what a permission has to know of a person: his organisation by GET /people, and whether he
// moderates the room by its members, all pages. Remembers both for a while, so that a command costs no call
// each time; who loses a right keeps it that long at most. Thread-safe; two who ask for the same at the same
// time may both make the call.
class admission
{
public:
    admission(std::shared_ptr<webex::api>, std::chrono::milliseconds keep, steady_clock_fn now);

    struct answer
    {
        permit given; // granted or refused
        asker who;    // with what was found out
    };
    // An error is a call that failed, or an answer that does not tell: undecided, so closed.
    awaitable<result<answer>> ask(std::shared_ptr<const permission_rules>, asker, std::string room,
                                  deadline) const;

    void members_changed() { moderators_->forget_all(); }

private:
    awaitable<result<std::string>> organisation_of(std::string person, deadline) const;
    awaitable<result<bool>> moderates(std::string person, std::string room, deadline) const;

    const std::shared_ptr<webex::api> api_;
    const steady_clock_fn now_;
    const std::shared_ptr<timed_memory<std::string>> organisations_; // by person
    const std::shared_ptr<timed_memory<bool>> moderators_;           // by "room|person"
};

} // namespace postern::matching
