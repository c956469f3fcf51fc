#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/base/trail.hpp"
#include "postern/bot/commands/registry.hpp"
#include "postern/bot/request.hpp"
#include "postern/bot/say/reply_ledger.hpp"
#include "postern/webex/api.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace postern::matching {

class dialogue;
struct speech;

// What was answered so far. Thread-safe.
class answers
{
public:
    struct count
    {
        unsigned sent = 0;              // messages that are out, those of earlier attempts included
        std::optional<error> unsaid;    // why the latest reply did not go out; empty when it did
        bool refused = false;           // that one was not even tried: it is nothing that can be sent
        std::optional<error> held_back; // why the first one was kept for another attempt
        bool in_doubt = false;          // some reply may be out, and no look will ever tell
    };

    void sent()
    {
        const std::lock_guard lock(mutex_);
        ++count_.sent;
    }
    void finished(std::optional<error> unsaid)
    {
        const std::lock_guard lock(mutex_);
        count_.unsaid = std::move(unsaid);
        count_.refused = false;
    }
    void refused(error why)
    {
        const std::lock_guard lock(mutex_);
        count_.unsaid = std::move(why);
        count_.refused = true;
    }
    void hold_back(error why)
    {
        const std::lock_guard lock(mutex_);
        if (!count_.held_back)
            count_.held_back = std::move(why);
    }
    void doubt()
    {
        const std::lock_guard lock(mutex_);
        count_.in_doubt = true;
    }
    count so_far() const
    {
        const std::lock_guard lock(mutex_);
        return count_;
    }

private:
    mutable std::mutex mutex_;
    count count_;
};

// How replies are noted and recognised.
struct reply_notes
{
    effects_port* effects = nullptr;          // none: nothing is noted
    std::shared_ptr<known_replies> all;       // of the consumer
    std::chrono::milliseconds settling{1000}; // before a reply that may be on its way is looked for
    std::shared_ptr<speech> with{};           // of the consumer; null: no turns, no store, no web
};

struct conversation;

// Where a handler goes on that has asked something: in the conversation of the answer. Thread-safe.
class continuation
{
public:
    std::shared_ptr<conversation> get() const
    {
        const std::lock_guard lock(mutex_);
        return next_;
    }
    void set(std::shared_ptr<conversation> next)
    {
        const std::lock_guard lock(mutex_);
        next_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<conversation> next_;
};

// One event that is being acted on: what all copies of its context share. Once it is handed to a handler,
// only `said`, `replies` and `next` change.
struct conversation
{
    std::string command;
    std::string arguments;
    std::string inputs;
    webex::message message;
    std::string sender_id;
    std::string sender_email;
    wall_time happened; // what is answered, by the cloud's clock; the epoch: not known
    request asked;

    const std::shared_ptr<const registry> known;
    const std::shared_ptr<webex::api> api;
    const webex::person me;
    const deadline limit;   // of what the handler does
    deadline whole = limit; // of the delivery
    const log out;
    const trail hops; // may be empty
    const std::string key;
    const std::string data_id;
    const wall_time received;
    const reply_notes notes;

    answers said;
    reply_ledger replies;
    continuation next;
    std::weak_ptr<dialogue> runs_in; // the handler; set before it sees this

    conversation(std::shared_ptr<const registry> k, std::shared_ptr<webex::api> a, webex::person bot,
                 deadline l, log o, trail h, const delivery& d, reply_notes n)
        : happened(d.what.happened), known(std::move(k)), api(std::move(a)), me(std::move(bot)), limit(l),
          out(std::move(o)), hops(std::move(h)), key(d.what.key), data_id(d.what.data_id),
          received(d.what.received), notes(std::move(n)), replies(d.record, d.effects, notes.all)
    {
        message.room_id = d.what.room;
        asked.what = d.what;
    }

    void note(hop what, std::string text) const;
};

// The conversation in which the handler that was given this one is now.
std::shared_ptr<conversation> present(std::shared_ptr<conversation>);

} // namespace postern::matching
