#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/webex/types.hpp"

#include <functional>
#include <memory>
#include <string>

namespace postern::webex {
class api;
}

namespace postern {

namespace matching {
struct conversation;
}

// What a handler gets: what was said, by whom and where, and the ways to answer. A value; copies share one
// conversation and keep it alive, also after the handler has returned.
//
// The texts come from strangers: text that goes from a message into markdown can carry mentions, links and
// code.
//
// Thread-safe. Every reply is bounded by limit(); cancelling the caller ends it with errc::stopped. A reply
// that fails is logged here, so a handler may ignore the result. Errors: those of webex::api::post_message,
// bad_input for what can't be sent at all, and those of the journal and of a look at the room, after which
// nothing was sent and the handler is run again.
class context
{
public:
    explicit context(std::shared_ptr<matching::conversation> shared) : shared_(std::move(shared)) {}

    const std::string& command() const;   // the registered name; empty for the default action and for cards
    const std::string& arguments() const; // what follows the command; for the default action all that was
                                          // said, without the bot's name
    const std::string& inputs() const;    // of a card that was submitted: JSON text of an object; else empty

    // What was said. For a card: the message that shows it, with nothing but its ids if it can't be read any
    // more.
    const webex::message& message() const;
    const std::string& sender_id() const;    // who said it, or pressed the button
    const std::string& sender_email() const; // empty for cards: Webex does not tell
    const std::string& room_id() const;
    bool is_direct() const;          // a room of two
    const webex::person& me() const; // the bot itself

    // Into the same room, and into the thread if the message belongs to one. A text that is too long for one
    // message goes out in pieces, one after another (bot/split_text.hpp); the result is then the last piece,
    // or the error of the first that failed, with maybe_sent if earlier ones are out.
    //
    // Each message is said once, also when the handler runs again after a crash or a stop: it is noted in the
    // journal before it is sent, and the n-th of the handler's messages is the n-th that was noted. One that
    // is out already is not sent again and is the result all the same, with its id and its place; do not
    // count on more. So say the same number of things in the same order every time; the words may differ.
    // bot/bot_consumer.hpp tells where this ends. A message that is said after the handler has returned is
    // not noted.
    awaitable<result<webex::message>> reply(std::string markdown) const;
    awaitable<result<webex::message>> reply_text(std::string text) const;
    // `card` is the JSON text of an adaptive card, version 1.3 or lower; `fallback` is markdown for clients
    // and notifications that can't draw cards, and must not be empty.
    awaitable<result<webex::message>> card(std::string card, std::string fallback) const;

    std::string help() const; // markdown: the bot's commands, sorted, with their help

    // Everything else. Calls are bounded by the deadline they are given: hand down limit().
    webex::api& api() const;
    deadline limit() const;
    const postern::log& log() const;

private:
    std::shared_ptr<matching::conversation> shared_;
};

// What runs when a command is given. Several lanes may run one handler at the same time; within a room it is
// one message after another. Exceptions are caught, logged and answered with an apology.
using handler = std::function<awaitable<void>(context)>;

} // namespace postern
