#pragma once

#include "postern/base/backoff.hpp"
#include "postern/base/event.hpp"
#include "postern/base/stages.hpp"
#include "postern/bot/commands/registry.hpp"
#include "postern/bot/conversation.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace postern::matching {

// What an event asks of the bot, told from the envelope alone: no call is made for what is ignored.
enum class task
{
    nothing,
    read_message, // and find out what is asked
    read_edit,    // and hand it to `run`
    greet,
    read_card,
    hand_over // the event as it is, to `run`
};

struct wanted
{
    task what = task::nothing;
    std::string why_not{}; // for task::nothing
    shared_handler run{};  // for read_edit and hand_over
    const char* name = ""; // of it, as logs and the trail show it
};

// The bot's own acts are ignored first of all (protocol/webex-rest.md 8.3), compared by id; all but the
// making of a room, which Webex tells nobody else. Of the handlers that an event has, the one that says most
// exactly what it is for gets it: on_event comes last. The envelope may be anything; what it does not tell is
// taken from the event.
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

// It can't be found out whether a person may give a command. Not for ever closed, whatever failed: it is
// tried again until the dispatcher gives up.
outcome after_undecided(const error& e, const pauses& how, unsigned attempt, double random);

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
    bool noted = false;        // its replies are recognised when it runs again, so they are not doubled
    answers::count said;
};

struct decision
{
    bool apologise = false; // the outcome holds if the apology goes out; else it is dead
    outcome result;
};

// A handler of the user's is never run a second time because its reply failed: it may have done more than
// reply. It is run again in these cases only:
//  - a stop cut it short: it did not do all it had to do
//  - the token was rejected: nothing goes out until a person does something
//  - a reply was held back, because the journal did not take its note or because an earlier attempt may have
//    sent it and the room can't be asked just now: whoever was promised an answer would get none
// The first two hold only if nothing would be said twice: nothing was said at all, or what was said is noted.
// A handler that does nothing but answer is run again for whatever may pass, with the same proviso.
decision after_handler(const ending& e, const pauses& how, unsigned attempt, double random);

// The apology did not go out either: `why`. `e` as before, but `e.said.held_back` as it is now.
outcome after_apology(const ending& e, const error& why, const pauses& how, unsigned attempt, double random);

} // namespace postern::matching
