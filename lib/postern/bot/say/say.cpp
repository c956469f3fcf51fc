#include "postern/bot/say/say.hpp"

#include "postern/bot/hear/letters.hpp"
#include "postern/bot/say/split_text.hpp"
#include "postern/bot/speech.hpp"

#include <utility>

namespace postern::matching {
namespace {

using shared = std::shared_ptr<conversation>;

constexpr std::size_t longest_without_speech = 256 * 1024;

void report(const conversation& c, const error& e)
{
    if (e.is(errc::token_rejected))
        c.out.error("the access token is rejected", {{"why", describe(e)}, {"key", c.key}});
    else
        c.out.warning("a reply did not go out", {{"why", describe(e)}, {"key", c.key}});
}

error not_said(conversation& c, error e)
{
    error told = std::move(e).during("replying");
    report(c, told);
    c.note(hop::failed, describe(told));
    c.said.finished(told);
    return told;
}

std::string place_of(const webex::new_message& m)
{
    return m.to.room_id.empty() ? "person " + m.to.to_person_id : m.to.room_id;
}

awaitable<result<std::optional<outbox::turn>>> take_turn(shared c, std::string place)
{
    std::optional<outbox::turn> mine;
    if (c->notes.with)
    {
        auto entered = co_await c->notes.with->turns.enter(std::move(place), c->limit);
        if (!entered)
            co_return entered.error();
        mine.emplace(std::move(*entered));
    }
    co_return mine;
}

error after_pieces(error e, std::size_t out, std::size_t all)
{
    if (out == 0)
        return e;
    e.maybe_sent = true;
    e.ours +=
        (e.ours.empty() ? "" : ", ") + std::to_string(out) + " of " + std::to_string(all) + " pieces are out";
    return e;
}

} // namespace

webex::new_message answer_to(const conversation& c)
{
    webex::new_message m;
    m.to.room_id = c.message.room_id;
    m.parent_id = c.message.parent_id; // the thread's root: replying to a reply is refused
    return m;
}

result<std::vector<std::string>> in_pieces(const conversation& c, std::string text,
                                           std::vector<std::string> (*split)(std::string_view, std::size_t))
{
    if (trimmed(text).empty())
        return error(errc::bad_input).because("the reply is empty");
    const auto most = c.notes.with ? c.notes.with->longest_reply : longest_without_speech;
    if (text.size() > most)
        return error(errc::too_large)
            .because("the reply has " + std::to_string(text.size()) + " bytes, more than " +
                     std::to_string(most) + " are not sent")
            .advise("send it as a file");
    if (text.size() > longest_message)
        return split(text, longest_piece);
    std::vector<std::string> whole;
    whole.push_back(std::move(text));
    return whole;
}

std::vector<saying> sayings(const webex::new_message& like, std::string webex::new_message::*where,
                            std::vector<std::string> pieces)
{
    std::vector<saying> out;
    for (std::string& piece : pieces)
    {
        saying one;
        one.words = like;
        one.words.*where = std::move(piece);
        out.push_back(std::move(one));
    }
    return out;
}

awaitable<result<webex::message>> refuse(shared c, error why)
{
    auto told = not_said(*c, std::move(why));
    c->said.refused(told);
    co_return told;
}

awaitable<result<webex::message>> say(shared c, std::vector<saying> messages, std::optional<unsigned> number)
{
    const auto count = static_cast<unsigned>(messages.size());
    const unsigned first = number ? *number : c->replies.take(count);
    if (messages.empty())
        co_return not_said(*c, error(errc::bad_input).because("nothing to say"));
    const auto turn = co_await take_turn(c, place_of(messages.front().words));
    if (!turn)
        co_return not_said(*c, turn.error());
    const auto held_back = c->said.so_far().held_back;
    if (held_back) // what comes later must not overtake it
        co_return not_said(*c, *held_back);
    result<webex::message> last = error(errc::bad_input);
    for (std::size_t i = 0; i < messages.size(); ++i)
    {
        saying next = std::move(messages[i]);
        last = co_await say_once(c, first + static_cast<unsigned>(i), std::move(next));
        if (!last)
            co_return not_said(*c, after_pieces(last.error(), i, messages.size()));
    }
    c->said.finished(std::nullopt);
    co_return last;
}

awaitable<result<>> in_turn(shared c, std::function<awaitable<result<>>()> act)
{
    const auto turn = co_await take_turn(c, c->message.room_id);
    if (!turn)
        co_return turn.error();
    const auto done = co_await act();
    co_return done;
}

} // namespace postern::matching
