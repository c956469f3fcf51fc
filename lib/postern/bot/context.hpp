#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/event.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/arguments.hpp"
#include "postern/bot/file_source.hpp"
#include "postern/bot/memory.hpp"
#include "postern/bot/progress.hpp"
#include "postern/webex/types.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::webex {
class api;
}

namespace postern {

class context;

namespace matching {
struct conversation;
const conversation& behind(const context&) noexcept; // for what is built in
} // namespace matching

struct answer;

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

    // Of a command whose arguments are described (bot/command.hpp); with a second parameter that is what
    // stands for one that was left out. Errors: bot/arguments.hpp; usage_error needs not be caught.
    template <class T = std::string>
    T argument(std::string_view name) const
    {
        return parsed().get<T>(name);
    }
    template <class T>
    T argument(std::string_view name, T otherwise) const
    {
        return parsed().find<T>(name).value_or(std::move(otherwise));
    }
    std::string argument(std::string_view name, const char* otherwise) const
    {
        return argument(name, std::string(otherwise));
    }
    template <class T = std::string>
    std::optional<T> option(std::string_view name) const
    {
        return parsed().find<T>(name);
    }
    template <class T>
    T option(std::string_view name, T otherwise) const
    {
        return argument(name, std::move(otherwise));
    }
    std::string option(std::string_view name, const char* otherwise) const
    {
        return argument(name, otherwise);
    }
    bool flag(std::string_view name) const { return parsed().given(name); }
    const parsed_arguments& parsed() const;

    // Of bot::hear: 0 is all that the expression found, 1 its first group. Empty: the group took no part, or
    // there is none.
    std::string capture(std::size_t group) const;
    std::string capture(std::string_view group) const; // (?P<name>...)

    const postern::event& event() const; // what all this is about, as it came in
    // For an event about a membership: who joined, left or was changed, as far as the event tells.
    const webex::membership& member() const;

    // What was said. For a card: the message that shows it, with nothing but its ids if it can't be read any
    // more.
    const webex::message& message() const;
    const std::string& sender_id() const;    // who said it, pressed the button, or caused the event
    const std::string& sender_email() const; // empty for cards: Webex does not tell
    const std::string& room_id() const;
    bool is_direct() const;          // a room of two
    const webex::person& me() const; // the bot itself

    // Into the same room, and into the thread if the message belongs to one. A text that is too long for one
    // message goes out in pieces, one after another (bot/say/split_text.hpp); the result is then the last
    // piece, or the error of the first that failed, with maybe_sent if earlier ones are out.
    //
    // Each message is said once, also when the handler runs again after a crash or a stop: it is noted in the
    // journal before it is sent, and the n-th of the handler's messages is the n-th that was noted. One that
    // is out already is not sent again and is the result all the same, with its id and its place; do not
    // count on more. So say the same number of things in the same order every time; the words may differ.
    // bot/bot_consumer.hpp tells where this ends. A message that is said after the handler has returned is
    // not noted.
    awaitable<result<webex::message>> reply(std::string markdown) const;
    awaitable<result<webex::message>> reply_text(std::string text) const;
    // REST takes no html (protocol/webex-rest.md 4.5): what markdown can say of it is said as markdown
    // (bot/say/html_markdown.hpp), of everything else the text.
    awaitable<result<webex::message>> reply_html(std::string html) const;
    // The same, but under the message: starts a thread if it does not belong to one.
    awaitable<result<webex::message>> reply_in_thread(std::string markdown) const;
    // To the sender alone, in a room of two; Webex makes that room if there is none.
    awaitable<result<webex::message>> direct(std::string markdown) const;
    // `card` is the JSON text of an adaptive card, version 1.3 or lower; `fallback` is markdown for clients
    // and notifications that can't draw cards, and must not be empty. What Webex may not draw is told in the
    // log (bot/say/card_lint.hpp), and the card sent all the same.
    awaitable<result<webex::message>> card(std::string card, std::string fallback) const;
    // One file, at most 100 MB, with a text that must fit into one message. Errors also: file_unreadable,
    // too_large, and what fetching a URL came to.
    awaitable<result<webex::message>> file(file_source what, std::string markdown = {}) const;

    // Changes, or takes away, a message of the bot's own in this room. Both may be done again: a message that
    // is gone is erased. No message with a card or a file can be edited, and none more than ten times
    // (protocol/webex-rest.md 4.7): errors api_rejected.
    awaitable<result<>> edit(std::string message_id, std::string markdown) const;
    awaitable<result<>> erase(std::string message_id) const;

    // A first answer at once, for work that takes its time; see bot/progress.hpp.
    awaitable<result<progress>> working(std::string markdown) const;

    // An attachment: one of message().files. Waits for the scan for malware; errors: api_rejected for what is
    // infected (410) or can't be scanned (428), too_large above `limit` bytes, bad_input for a URL that is
    // not Webex' own.
    awaitable<result<webex::file>> download(std::string file_url,
                                            std::size_t limit = std::size_t{100} * 1024 * 1024) const;

    // Asks, and waits for the next message of the same person in the same room; in a group room it must
    // mention the bot, else Webex does not show it. Meanwhile the room goes on: other people's messages and
    // commands are handled, and this event counts as done. What is said after the answer, by any copy of this
    // context, belongs to the answer's event, and limit() is the answer's.
    //
    // Errors: timed_out when nothing came in time; stopped for a command of the same person instead, another
    // question to them, a stop of postern, and too many open questions; those of reply(). A restart forgets
    // the question: the answer is then a message like any other.
    awaitable<result<answer>> ask(std::string markdown,
                                  std::chrono::milliseconds patience = std::chrono::minutes(5)) const;

    // What the bot remembers; see bot/memory.hpp.
    memory room_memory() const;
    memory person_memory() const; // of the sender, in all rooms
    memory bot_memory() const;

    std::string help() const; // markdown: the commands that the sender may give, with their help

    // Everything else. Calls are bounded by the deadline they are given: hand down limit().
    webex::api& api() const;
    deadline limit() const;
    const postern::log& log() const;

private:
    friend const matching::conversation& matching::behind(const context&) noexcept;

    std::shared_ptr<matching::conversation> shared_;
};

// What came of context::ask().
struct answer
{
    std::string text; // without the bot's name
    context with;     // of the answer
};

// What runs when a command is given. Several lanes may run one handler at the same time; within a room it is
// one message after another. Exceptions are caught, logged and answered with an apology.
using handler = std::function<awaitable<void>(context)>;

} // namespace postern
