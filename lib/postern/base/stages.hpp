#pragma once

// What a stage may ask of its neighbours: all ports, on one page. Stages never include each other; the
// gateway plugs them together (lib/README.md). Every function may be called from any thread; a deadline is a
// point in time that bounds the whole call; cancellation of the calling coroutine ends the call with
// errc::stopped.

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/event.hpp"
#include "postern/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

using record_id = std::uint64_t;

// --- from a source into the journal -----------------------------------------------------------------------

// Authentic, and an event at all? Errors: not_signed, bad_signature, not_an_event.
class check_port // verify is it
{
public:
    virtual ~check_port() = default;
    virtual result<event> check(raw_event) const = 0;
};

struct stored
{
    record_id record{};
    bool fresh{}; // this key was not there before
};

// What a source asks: take this notification. Once it returns a value, the event will not be lost.
class intake_port // flow is it
{
public:
    virtual ~intake_port() = default;
    virtual awaitable<result<stored>> accept(raw_event, deadline) = 0;
};

// --- from the journal to a consumer -----------------------------------------------------------------------

// Something a handler does to the outside, noted in the journal before it is done, so that it is not done
// twice. Today that is a reply.
struct effect
{
    unsigned number{};                          // counted from 1, in the order in which the handler does them
    std::string digest;                         // of what is said, to find it again in the room
    std::chrono::system_clock::time_point at{}; // just before it was done
    std::string id; // of the message that came of it; empty: it is not known whether any did
};

// One event for one consumer, in its n-th attempt (the first is 1).
struct delivery
{
    record_id record{};
    unsigned attempt{};
    event what;
    std::vector<effect> effects{}; // of earlier attempts; empty after a replay, which is meant to act again
};

enum class verdict
{
    admitted,
    refused,
    undecided // closed, too
};

std::string_view to_string(verdict) noexcept;

// What the guard says of one event.
struct judgement
{
    verdict what = verdict::refused;
    std::string reason;  // in words: which rule, and who does not fit it; ids and addresses, never a text
    bool cached = false; // known already: no call was made for it
};

// What became of one attempt.
struct outcome
{
    enum class kind
    {
        done,    // acted on
        ignored, // nothing to do, for the reason given
        retry,   // not now: again after `pause`
        dead     // never: parked with the reason
    };
    kind what = kind::done;
    std::string reason;
    std::chrono::milliseconds pause{};
    std::optional<judgement> guard{}; // what the guard said, if it was asked: kept with the attempt

    static outcome done(std::string note = {}) { return {kind::done, std::move(note)}; }
    static outcome ignored(std::string why) { return {kind::ignored, std::move(why)}; }
    static outcome dead(std::string why) { return {kind::dead, std::move(why)}; }
    static outcome retry(std::string why, std::chrono::milliseconds pause)
    {
        return {kind::retry, std::move(why), pause};
    }
};

std::string_view to_string(outcome::kind) noexcept;

// The durable store of events and of what became of each.
class journal_port
{
public:
    virtual ~journal_port() = default;

    // Durable when it returns. An event whose key is known is not stored again. Errors: journal_full, and
    // timed_out when the deadline passed first: it may be stored all the same, and is then known next time.
    virtual awaitable<result<stored>> append(event, deadline) = 0;
};

class effects_port
{
public:
    virtual ~effects_port() = default;

    // Durable when it returns. Again with the same number: what is now known of it. Only for a delivery that
    // is in flight: else bad_input.
    virtual awaitable<result<>> note(record_id, effect, deadline) = 0;
};

// The journal as one consumer sees it.
class deliveries_port : public effects_port
{
public:
    // The oldest event that may run now, at most one in flight per lane. Waits for one; empty at the
    // deadline.
    virtual awaitable<result<std::optional<delivery>>> claim(deadline) = 0;

    // Writes back what became of a claimed delivery and frees its lane.
    virtual awaitable<result<>> settle(record_id, outcome, deadline) = 0;
};

// What the journal knows of a bot's room.
struct room_position
{
    std::string room;
    std::chrono::system_clock::time_point newest{}; // `happened` of its newest message; the epoch: none known
    bool member = false;                            // the bot is in it, as far as the journal was told
    std::string membership;                         // the bot's own, if it was told
};

// What recovery asks of the journal, so that what it finds comes before what was said later.
class history_port
{
public:
    virtual ~history_port() = default;

    // Events that are appended from now on wait, except those of origin recovery, until their lane is
    // released. What was there before goes on, and events of origin recovery come right after it: before the
    // live ones of their lane. Calling it again puts all lanes on hold again, from then on.
    virtual void hold() = 0;
    virtual void release(const std::string& lane) = 0;
    virtual void release_all() = 0;

    virtual awaitable<result<std::vector<room_position>>> rooms(std::string bot, deadline) = 0;
    // Memberships that are no event, because they are older than anything that was missed: sets `member` and
    // `membership`.
    virtual awaitable<result<>> remember(std::string bot, std::vector<room_position>, deadline) = 0;

    // Until then everything that was said to the bot has come in: told by whoever listens, kept over the
    // restart, written lazily. Empty: never heard.
    virtual void heard(std::string bot, std::chrono::system_clock::time_point until) = 0;
    virtual awaitable<result<std::optional<std::chrono::system_clock::time_point>>> heard_until(
        std::string bot, deadline) = 0;
};

class guard_port
{
public:
    virtual ~guard_port() = default;
    // An event has come in, and has not yet taken its turn: what is known of its room may count no more.
    virtual void heard(const event&) {}
    // Admitted or refused; an error means "cannot decide": closed, and tried again.
    virtual awaitable<result<judgement>> judge(event, deadline) = 0;
};

// A named reader of the journal: the bot, or one relay target. Never throws; what fails is an outcome.
class consumer_port
{
public:
    virtual ~consumer_port() = default;
    virtual awaitable<outcome> handle(delivery, deadline) = 0;
};

// What the dispatcher asks for every claimed delivery: do what is to be done.
class act_port // flow is it
{
public:
    virtual ~act_port() = default;
    virtual awaitable<outcome> act(delivery, deadline) = 0;
};

} // namespace postern
