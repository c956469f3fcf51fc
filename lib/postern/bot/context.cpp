#include "postern/bot/context.hpp"

#include "postern/base/json.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/letters.hpp"
#include "postern/bot/say_once.hpp"
#include "postern/bot/split_text.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace postern {
namespace matching {

void conversation::note(hop what, std::string text) const
{
    if (!hops)
        return;
    hop_record record{what, key, data_id, std::move(text), std::chrono::system_clock::now()};
    hops(std::move(record));
}

} // namespace matching

namespace {

using shared = std::shared_ptr<matching::conversation>;

webex::new_message answer_to(const matching::conversation& c)
{
    webex::new_message m;
    m.to.room_id = c.message.room_id;
    m.parent_id = c.message.parent_id; // the thread's root: replying to a reply is refused
    return m;
}

std::vector<webex::new_message> answers_to(const matching::conversation& c,
                                           std::string webex::new_message::*where,
                                           std::vector<std::string> pieces)
{
    std::vector<webex::new_message> messages;
    for (std::string& piece : pieces)
    {
        messages.push_back(answer_to(c));
        messages.back().*where = std::move(piece);
    }
    return messages;
}

void report(const matching::conversation& c, const error& e)
{
    if (e.is(errc::token_rejected))
        c.out.error("the access token is rejected", {{"why", describe(e)}, {"key", c.key}});
    else
        c.out.warning("a reply did not go out", {{"why", describe(e)}, {"key", c.key}});
}

error not_said(matching::conversation& c, error e)
{
    error told = std::move(e).during("replying");
    report(c, told);
    c.note(hop::failed, describe(told));
    c.said.finished(told);
    return told;
}

awaitable<result<webex::message>> refuse(shared c, std::string why)
{
    co_return not_said(*c, error(errc::bad_input).because(std::move(why)));
}

awaitable<result<webex::message>> say(shared c, std::vector<webex::new_message> messages)
{
    const unsigned first = c->replies.take(static_cast<unsigned>(messages.size()));
    const auto held_back = c->said.so_far().held_back;
    if (held_back) // what comes later must not overtake it
        co_return not_said(*c, *held_back);
    result<webex::message> last = error(errc::bad_input).because("nothing to say");
    for (std::size_t i = 0; i < messages.size(); ++i)
    {
        webex::new_message next = std::move(messages[i]);
        last = co_await matching::say_once(c, first + static_cast<unsigned>(i), std::move(next));
        if (!last)
        {
            error e = last.error();
            if (i > 0)
            {
                e.maybe_sent = true;
                e.ours += (e.ours.empty() ? "" : ", ") + std::to_string(i) + " of " +
                          std::to_string(messages.size()) + " pieces are out";
            }
            co_return not_said(*c, std::move(e));
        }
    }
    c->said.finished(std::nullopt);
    co_return last;
}

std::vector<std::string> in_pieces(std::string text,
                                   std::vector<std::string> (*split)(std::string_view, std::size_t))
{
    if (text.size() > longest_message)
        return split(text, longest_piece);
    std::vector<std::string> whole;
    whole.push_back(std::move(text));
    return whole;
}

bool is_object(std::string_view text)
{
    const auto value = parse_json(text, "reading a card");
    return value && value->is_object();
}

} // namespace

const std::string& context::command() const { return shared_->command; }
const std::string& context::arguments() const { return shared_->arguments; }
const std::string& context::inputs() const { return shared_->inputs; }
const webex::message& context::message() const { return shared_->message; }
const std::string& context::sender_id() const { return shared_->sender_id; }
const std::string& context::sender_email() const { return shared_->sender_email; }
const std::string& context::room_id() const { return shared_->message.room_id; }
bool context::is_direct() const { return shared_->message.room_type == "direct"; }
const webex::person& context::me() const { return shared_->me; }
std::string context::help() const { return shared_->known->help(); }
webex::api& context::api() const { return *shared_->api; }
deadline context::limit() const { return shared_->limit; }
const postern::log& context::log() const { return shared_->out; }

awaitable<result<webex::message>> context::reply(std::string markdown) const
{
    if (matching::trimmed(markdown).empty())
        return refuse(shared_, "the reply is empty");
    auto pieces = in_pieces(std::move(markdown), &split_markdown);
    return say(shared_, answers_to(*shared_, &webex::new_message::markdown, std::move(pieces)));
}

awaitable<result<webex::message>> context::reply_text(std::string text) const
{
    if (matching::trimmed(text).empty())
        return refuse(shared_, "the reply is empty");
    auto pieces = in_pieces(std::move(text), &split_text);
    return say(shared_, answers_to(*shared_, &webex::new_message::text, std::move(pieces)));
}

awaitable<result<webex::message>> context::card(std::string card, std::string fallback) const
{
    if (matching::trimmed(fallback).empty())
        return refuse(shared_, "a card needs a fallback text");
    if (fallback.size() > longest_message)
        return refuse(shared_, "the card's fallback text is longer than a message may be");
    if (!is_object(card))
        return refuse(shared_, "the card is not a JSON object");
    webex::new_message m = answer_to(*shared_);
    m.card = std::move(card);
    m.markdown = std::move(fallback);
    std::vector<webex::new_message> one;
    one.push_back(std::move(m));
    return say(shared_, std::move(one));
}

} // namespace postern
