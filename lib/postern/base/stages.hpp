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

// One event for one consumer, in its n-th attempt (the first is 1).
struct delivery
{
    record_id record{};
    unsigned attempt{};
    event what;
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

    static outcome done(std::string note = {}) { return {kind::done, std::move(note), {}}; }
    static outcome ignored(std::string why) { return {kind::ignored, std::move(why), {}}; }
    static outcome dead(std::string why) { return {kind::dead, std::move(why), {}}; }
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

    // Durable when it returns. An event whose key is known is not stored again. Errors: journal_full.
    virtual awaitable<result<stored>> append(event, deadline) = 0;

    // The oldest event that may run now, at most one in flight per lane. Waits for one; empty at the
    // deadline.
    virtual awaitable<result<std::optional<delivery>>> claim(deadline) = 0;

    // Writes back what became of a claimed delivery and frees its lane.
    virtual awaitable<result<>> settle(record_id, outcome, deadline) = 0;
};

enum class verdict
{
    admitted,
    refused
}; // an error beside it means "cannot decide": closed, and tried again

class guard_port
{
public:
    virtual ~guard_port() = default;
    virtual awaitable<result<verdict>> judge(event, deadline) = 0;
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
