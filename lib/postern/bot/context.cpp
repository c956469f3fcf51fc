#include "postern/bot/context.hpp"

#include "postern/bot/conversation.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/say/card_lint.hpp"
#include "postern/bot/say/html_markdown.hpp"
#include "postern/bot/say/progress_state.hpp"
#include "postern/bot/say/say.hpp"
#include "postern/bot/say/send_file.hpp"
#include "postern/bot/say/split_text.hpp"
#include "postern/bot/speech.hpp"

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

std::shared_ptr<conversation> present(std::shared_ptr<conversation> c)
{
    while (auto next = c->next.get())
        c = std::move(next);
    return c;
}

} // namespace matching

namespace {

using shared = std::shared_ptr<matching::conversation>;
using splitter = std::vector<std::string> (*)(std::string_view, std::size_t);

error cannot_say(std::string why) { return error(errc::bad_input).because(std::move(why)); }

awaitable<result<webex::message>> say_text(shared c, webex::new_message like,
                                           std::string webex::new_message::*where, std::string text,
                                           splitter split)
{
    auto pieces = matching::in_pieces(*c, std::move(text), split);
    if (!pieces)
        return matching::refuse(c, pieces.error());
    return matching::say(c, matching::sayings(like, where, std::move(*pieces)));
}

awaitable<result<webex::message>> say_markdown(shared c, webex::new_message like, std::string markdown)
{
    return say_text(std::move(c), std::move(like), &webex::new_message::markdown, std::move(markdown),
                    &split_markdown);
}

webex::new_message thread_under(const matching::conversation& c)
{
    auto m = matching::answer_to(c);
    if (m.parent_id.empty())
        m.parent_id = c.message.id;
    return m;
}

webex::new_message to_sender(const matching::conversation& c)
{
    if (c.message.room_type == "direct")
        return matching::answer_to(c);
    webex::new_message m;
    m.to.to_person_id = c.sender_id;
    return m;
}

// A coroutine, so that the text lives as long as the call is under way.
awaitable<result<>> edit_in_turn(shared c, std::string id, std::string markdown)
{
    std::function<awaitable<result<>>()> act = [c, id, markdown]() -> awaitable<result<>> {
        const auto done = co_await c->api->edit_message(id, c->message.room_id, markdown, c->limit);
        if (!done)
            co_return done.error();
        co_return result<>();
    };
    auto done = co_await matching::in_turn(c, act);
    if (!done)
        c->out.warning("a message was not edited", {{"why", describe(done.error())}, {"key", c->key}});
    co_return done;
}

awaitable<result<>> erase_in_turn(shared c, std::string id)
{
    std::function<awaitable<result<>>()> act = [c, id] { return c->api->delete_message(id, c->limit); };
    auto done = co_await matching::in_turn(c, act);
    if (!done && done.error().is(errc::not_found)) // an earlier attempt has done it, or somebody else
        done = result<>();
    if (!done)
        c->out.warning("a message was not erased", {{"why", describe(done.error())}, {"key", c->key}});
    co_return done;
}

awaitable<result<progress>> start_progress(shared c, std::string markdown)
{
    if (markdown.size() > longest_message)
    {
        const auto refused = co_await matching::refuse(c, cannot_say("it is too long to be edited later"));
        co_return refused.error();
    }
    // Two numbers, used or not, so that what is said later is the same in every attempt.
    const unsigned first = c->replies.take(2);
    auto one = matching::sayings(matching::answer_to(*c), &webex::new_message::markdown, {markdown});
    const auto said = co_await matching::say(c, std::move(one), first);
    if (!said)
        co_return said.error();
    auto state = std::make_shared<matching::progress_state>(c, said->id, first + 1);
    co_return progress(std::move(state));
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
webex::api& context::api() const { return *shared_->api; }
deadline context::limit() const { return matching::present(shared_)->limit; }
const postern::log& context::log() const { return shared_->out; }

awaitable<result<webex::message>> context::reply(std::string markdown) const
{
    auto c = matching::present(shared_);
    auto like = matching::answer_to(*c);
    return say_markdown(std::move(c), std::move(like), std::move(markdown));
}

awaitable<result<webex::message>> context::reply_text(std::string text) const
{
    auto c = matching::present(shared_);
    auto like = matching::answer_to(*c);
    return say_text(std::move(c), std::move(like), &webex::new_message::text, std::move(text), &split_text);
}

awaitable<result<webex::message>> context::reply_html(std::string html) const
{
    return reply(matching::html_to_markdown(html));
}

awaitable<result<webex::message>> context::reply_in_thread(std::string markdown) const
{
    auto c = matching::present(shared_);
    auto like = thread_under(*c);
    return say_markdown(std::move(c), std::move(like), std::move(markdown));
}

awaitable<result<webex::message>> context::direct(std::string markdown) const
{
    auto c = matching::present(shared_);
    auto like = to_sender(*c);
    if (like.to.room_id.empty() && like.to.to_person_id.empty())
        return matching::refuse(c, cannot_say("it is not known who caused this"));
    return say_markdown(std::move(c), std::move(like), std::move(markdown));
}

awaitable<result<webex::message>> context::card(std::string card, std::string fallback) const
{
    auto c = matching::present(shared_);
    if (matching::trimmed(fallback).empty())
        return matching::refuse(c, cannot_say("a card needs a fallback text"));
    if (fallback.size() > longest_message)
        return matching::refuse(c, cannot_say("the card's fallback text is longer than a message may be"));
    const auto doubts = matching::lint_card(card);
    if (!doubts)
        return matching::refuse(c, doubts.error());
    for (const auto& doubt : *doubts)
        c->out.warning("Webex may not show a card as it is meant", {{"why", doubt}, {"key", c->key}});
    std::vector<matching::saying> one(1);
    one.front().words = matching::answer_to(*c);
    one.front().words.card = std::move(card);
    one.front().words.markdown = std::move(fallback);
    return matching::say(std::move(c), std::move(one));
}

awaitable<result<webex::message>> context::file(file_source what, std::string markdown) const
{
    return matching::send_file(matching::present(shared_), std::move(what), std::move(markdown));
}

awaitable<result<>> context::edit(std::string message_id, std::string markdown) const
{
    return edit_in_turn(matching::present(shared_), std::move(message_id), std::move(markdown));
}

awaitable<result<>> context::erase(std::string message_id) const
{
    return erase_in_turn(matching::present(shared_), std::move(message_id));
}

awaitable<result<progress>> context::working(std::string markdown) const
{
    return start_progress(matching::present(shared_), std::move(markdown));
}

awaitable<result<webex::file>> context::download(std::string file_url, std::size_t limit) const
{
    return shared_->api->get_file(std::move(file_url), limit, this->limit());
}

} // namespace postern
