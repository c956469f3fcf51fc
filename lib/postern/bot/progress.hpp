#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/webex/types.hpp"

#include <memory>
#include <string>
#include <utility>

namespace postern {

namespace matching {
struct progress_state;
}

// One message that tells how far a slow piece of work is: context::working() says it, update() and done()
// edit it.
//
//     auto p = co_await ctx.working("Looking at 40 cameras ...");
//     co_await p->update("half of them");
//     co_await p->done("All **40** are fine.");
//
// Webex allows ten edits of a message (protocol/webex-rest.md 4.7): nine updates at most, further and further
// apart, and one is kept for done(). Call update() as often as you like; what comes too early is not shown,
// and that is no failure.
//
// A value; copies are of one message. Thread-safe, but for calls that are made side by side.
class progress
{
public:
    explicit progress(std::shared_ptr<matching::progress_state> state) : state_(std::move(state)) {}

    // A failure is logged and harmless.
    awaitable<result<>> update(std::string markdown) const;
    // The last word. If the message can't be edited (any more), or the text is too long for one, the rest is
    // said in new messages.
    awaitable<result<webex::message>> done(std::string markdown) const;

    const std::string& message_id() const;

private:
    std::shared_ptr<matching::progress_state> state_;
};

} // namespace postern
