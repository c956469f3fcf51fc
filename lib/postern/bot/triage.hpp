#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/event.hpp"
#include "postern/base/stages.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/registry.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace postern::matching {

// What an event asks of the bot, told from the envelope alone: no call is made for what is ignored.
enum class task
{
    nothing,
    read_message,
    greet,
    read_card
};

struct wanted
{
    task what = task::nothing;
    std::string why_not; // for task::nothing
};

// The bot's own acts are ignored first of all (protocol/webex-rest.md 8.3), compared by id. The envelope may
// be anything; what it does not tell is taken from the event.
wanted triage(const event& what, std::string_view own_id, const registry& known);

// How long to wait before an event is tried again.
struct pauses
{
    backoff again{std::chrono::seconds(1), std::chrono::minutes(5)};
    std::chrono::milliseconds after_rejected_token = std::chrono::minutes(5);
};

// An API call without which the event can't be handled has failed. `attempt` is the delivery's, `random` in
// [0, 1).
outcome after_failed_call(const error& e, const pauses& how, unsigned attempt, double random);

// The object is not there, or not for this token: Webex answers 404 or 403 for both alike, and for a moment
// also for what has just been made (protocol/webex-rest.md 5.8).
bool is_invisible(const error& e) noexcept;

// How a handler ended.
struct ending
{
    bool threw = false;
    std::string what;          // of the exception
    bool cancelled = false;    // postern is stopping
    bool only_answers = false; // nothing but its replies is lost or doubled by running it again
    answers::count said;
};

struct decision
{
    bool apologise = false; // the outcome holds if the apology goes out; else it is dead
    outcome result;
};

// A handler of the user's is never run a second time for its reply alone: it may have done more than reply.
// The exceptions are a stop and a rejected token, after which nothing was said at all.
decision after_handler(const ending& e, const pauses& how, unsigned attempt, double random);

} // namespace postern::matching
