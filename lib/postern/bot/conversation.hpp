#pragma once

#include "postern/base/event.hpp"
#include "postern/base/trail.hpp"
#include "postern/bot/registry.hpp"
#include "postern/webex/api.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace postern::matching {

// What was answered so far. Thread-safe.
class answers
{
public:
    struct count
    {
        unsigned sent = 0;           // messages that went out
        std::optional<error> unsaid; // why the latest reply did not go out; empty when it did
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

// One event that is being acted on: what all copies of its context share. Once it is handed to a handler,
// only `said` changes.
struct conversation
{
    std::string command;
    std::string arguments;
    std::string inputs;
    webex::message message;
    std::string sender_id;
    std::string sender_email;

    const std::shared_ptr<const registry> known;
    const std::shared_ptr<webex::api> api;
    const webex::person me;
    const deadline limit;
    const log out;
    const trail hops; // may be empty
    const std::string key;
    const std::string data_id;

    answers said;

    conversation(std::shared_ptr<const registry> k, std::shared_ptr<webex::api> a, webex::person bot,
                 deadline l, log o, trail h, const event& about)
        : known(std::move(k)), api(std::move(a)), me(std::move(bot)), limit(l), out(std::move(o)),
          hops(std::move(h)), key(about.key), data_id(about.data_id)
    {
        message.room_id = about.room;
    }

    void note(hop what, std::string text) const;
};

} // namespace postern::matching
