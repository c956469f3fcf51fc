#include "postern/bot/ask/dialogue.hpp"
#include "postern/bot/ask/questions.hpp"
#include "postern/bot/context.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/speech.hpp"

#include <utility>

namespace postern {
namespace {

using shared = std::shared_ptr<matching::conversation>;

// For what a handler has to say after a question that nobody answered.
constexpr std::chrono::seconds time_to_give_up{30};

error refuse(std::string why) { return error(errc::bad_input, "asking").because(std::move(why)); }

// As before, but no delivery's any more.
shared without_delivery(const matching::conversation& c)
{
    delivery over;
    over.record = c.replies.record();
    over.attempt = 1;
    over.what = c.asked.what;
    auto out = std::make_shared<matching::conversation>(
        c.known, c.api, c.me, deadline::after(time_to_give_up), c.out, c.hops, over, c.notes);
    out->command = c.command;
    out->arguments = c.arguments;
    out->inputs = c.inputs;
    out->message = c.message;
    out->sender_id = c.sender_id;
    out->sender_email = c.sender_email;
    out->happened = c.happened;
    out->asked = c.asked;
    out->runs_in = c.runs_in;
    out->replies.close();
    return out;
}

awaitable<result<answer>> ask_in(shared root, std::string markdown, std::chrono::milliseconds patience)
{
    const shared c = matching::present(root);
    const auto handler = c->runs_in.lock();
    if (!handler || !c->notes.with)
        co_return refuse("only a handler that is running can ask");
    if (c->sender_id.empty())
        co_return refuse("it is not known who caused this");
    const auto said = co_await context(root).reply(std::move(markdown));
    if (!said)
        co_return said.error();
    auto got = co_await matching::questions::ask(c->notes.with->asked, handler, c->message.room_id,
                                                 c->sender_id, deadline::after(patience));
    if (!got.with)
    {
        c->next.set(without_delivery(*c));
        co_return got.why;
    }
    c->next.set(got.with);
    answer out{std::move(got.text), context(got.with)};
    co_return out;
}

} // namespace

awaitable<result<answer>> context::ask(std::string markdown, std::chrono::milliseconds patience) const
{
    return ask_in(shared_, std::move(markdown), patience);
}

} // namespace postern
