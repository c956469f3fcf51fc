#include "postern/bot/bot_consumer.hpp"

#include "postern/base/within.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/hear.hpp"
#include "postern/webex/api.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <utility>

namespace postern {

struct bot_consumer::job
{
    matching::shared_handler run;
    std::string name; // as logs and the trail show it
    bool only_answers = false;
};

namespace {

template <class T>
using call = std::function<awaitable<result<T>>()>;

// Calls again, after each of the pauses, while the thing asked for can't be seen.
template <class T>
awaitable<result<T>> patiently(call<T> ask, std::vector<std::chrono::milliseconds> pauses, deadline limit)
{
    for (const auto pause : pauses)
    {
        result<T> answer = co_await ask();
        if (answer || !matching::is_invisible(answer.error()))
            co_return answer;
        if (limit.left() <= pause)
            co_return error(errc::timed_out, "waiting until it can be read");
        const bool waited = co_await pause_for(pause);
        if (!waited)
            co_return error(errc::stopped, "waiting until it can be read");
    }
    co_return co_await ask();
}

// Not a coroutine: the values end up in the closure, which lives as long as the coroutine it starts.
template <class Coroutine>
matching::shared_handler share(Coroutine run)
{
    return std::make_shared<const handler>(std::move(run));
}

awaitable<void> answer_with_help(context ctx)
{
    co_await ctx.reply("I did not understand that.\n\n" + ctx.help());
}

const matching::shared_handler& help_handler()
{
    static const matching::shared_handler one = share(answer_with_help);
    return one;
}

matching::shared_handler greeter(std::string greeting)
{
    return share(
        [greeting = std::move(greeting)](context ctx) -> awaitable<void> { co_await ctx.reply(greeting); });
}

} // namespace

bot_consumer::bot_consumer(std::shared_ptr<const bot> what, std::shared_ptr<webex::api> api, webex::person me,
                           log out, trail hops, bot_options options, effects_port* effects)
    : bot_(std::move(what)), api_(std::move(api)), me_(std::move(me)), log_(out.in("bot")),
      hops_(std::move(hops)), options_(std::move(options)), effects_(effects),
      replies_(std::make_shared<matching::known_replies>())
{
}

bot_consumer::bot_consumer(const bot& what, std::shared_ptr<webex::api> api, webex::person me, log out,
                           trail hops, bot_options options, effects_port* effects)
    : bot_consumer(std::shared_ptr<const bot>(std::shared_ptr<const bot>(), &what), std::move(api),
                   std::move(me), std::move(out), std::move(hops), std::move(options), effects)
{
}

awaitable<outcome> bot_consumer::handle(delivery what, deadline limit)
{
    std::string broken;
    try
    {
        outcome became = co_await act(what, limit);
        co_return became;
    }
    catch (const std::exception& e)
    {
        broken = printable(e.what());
    }
    catch (...)
    {
        broken = "unknown exception";
    }
    // A stop may show as an exception from any wait.
    const auto state = co_await net::this_coro::cancellation_state;
    if (state.cancelled() != net::cancellation_type::none)
        co_return outcome::retry("cut short because postern is stopping", {});
    log_.error("handling an event failed", {{"why", broken}, {"key", what.what.key}});
    co_return outcome::dead("handler failed: " + broken);
}

awaitable<outcome> bot_consumer::act(delivery what, deadline limit)
{
    const auto known = bot_->known();
    const matching::wanted asked = matching::triage(what.what, me_.id, *known);
    if (asked.what == matching::task::nothing)
        co_return outcome::ignored(asked.why_not);

    matching::reply_notes notes{effects_, replies_, options_.settling};
    auto with = std::make_shared<matching::conversation>(known, api_, me_, limit, log_, hops_, what,
                                                         std::move(notes));
    outcome became;
    switch (asked.what)
    {
    case matching::task::nothing: break;
    case matching::task::read_message: became = co_await read_message(std::move(what), with); break;
    case matching::task::read_card: became = co_await read_card(std::move(what), with); break;
    case matching::task::greet:
        job hello{greeter(known->greeting), "greeting", true};
        became = co_await run(std::move(what), with, std::move(hello));
        break;
    }
    co_return became;
}

awaitable<outcome> bot_consumer::read_message(delivery what, conversation with)
{
    call<webex::message> ask = [with] { return with->api->get_message(with->data_id, with->limit); };
    auto read = co_await patiently(std::move(ask), options_.read_again, with->limit);
    if (!read)
        co_return unread(what, read.error(), "message");

    with->message = std::move(*read);
    if (with->message.room_id.empty())
        with->message.room_id = what.what.room;
    with->happened = parse_time(with->message.created).value_or(with->happened);
    with->sender_id = with->message.person_id;
    with->sender_email = with->message.person_email;
    if (with->sender_id == me_.id)
        co_return outcome::ignored("own message");

    const matching::utterance said = matching::hear(with->message, me_);
    if (options_.only_when_mentioned && with->message.room_type == "group" && !said.mentioned)
        co_return outcome::ignored("the bot is not mentioned");
    job work = choose(*with, said);
    outcome became = co_await run(std::move(what), with, std::move(work));
    co_return became;
}

awaitable<outcome> bot_consumer::read_card(delivery what, conversation with)
{
    call<webex::attachment_action> ask = [with] {
        return with->api->get_attachment_action(with->data_id, with->limit);
    };
    auto action = co_await patiently(std::move(ask), options_.read_again, with->limit);
    if (!action)
        co_return unread(what, action.error(), "card action");
    if (action->person_id == me_.id)
        co_return outcome::ignored("own card action");

    // The card's message tells the thread. It may have been deleted since; the submission counts all the
    // same.
    auto shown = co_await with->api->get_message(action->message_id, with->limit);
    if (!shown && !matching::is_invisible(shown.error()))
        co_return unread(what, shown.error(), "card's message");
    with->message = shown ? std::move(*shown) : webex::message();
    with->message.id = action->message_id;
    if (with->message.room_id.empty())
        with->message.room_id = action->room_id.empty() ? what.what.room : action->room_id;
    with->happened = parse_time(action->created).value_or(with->happened);
    with->sender_id = std::move(action->person_id);
    with->inputs = std::move(action->inputs);

    job work{with->known->on_card, "card", false};
    outcome became = co_await run(std::move(what), with, std::move(work));
    co_return became;
}

bot_consumer::job bot_consumer::choose(matching::conversation& with, const matching::utterance& said) const
{
    // A name that is no mention may be an ordinary word, even a command: the whole text is tried first.
    auto found = with.known->find(said.mentioned ? said.text : said.whole);
    if (!found)
        found = with.known->find(said.mentioned ? said.whole : said.text);
    if (found)
    {
        with.command = found->found->name;
        with.arguments = found->arguments;
        return {found->found->run, with.command, found->found->only_answers};
    }
    log_.info("no command matches: default action",
              {{"commands", with.known->commands.size()}, {"message", with.data_id}, {"key", with.key}});
    with.arguments = said.text;
    if (with.known->otherwise)
        return {with.known->otherwise, "default action", false};
    return {help_handler(), "default action", true};
}

awaitable<outcome> bot_consumer::run(delivery what, conversation with, job work)
{
    matching::ending end;
    end.only_answers = work.only_answers;
    end.noted = effects_ != nullptr;
    try
    {
        context ctx(with);
        with->note(hop::handled, work.name);
        co_await (*work.run)(std::move(ctx));
    }
    catch (const std::exception& e)
    {
        end.threw = true;
        end.what = printable(e.what());
    }
    catch (...)
    {
        end.threw = true;
        end.what = "unknown exception";
    }
    const auto state = co_await net::this_coro::cancellation_state;
    end.cancelled = state.cancelled() != net::cancellation_type::none;
    end.said = with->said.so_far();
    if (end.threw && !end.cancelled)
        log_.error("handler failed", {{"handler", work.name}, {"why", end.what}, {"key", with->key}});

    matching::decision decided =
        matching::after_handler(end, options_.pauses, what.attempt, random_fraction());
    if (decided.apologise)
    {
        std::string words = options_.apology;
        if (end.said.unsaid && !end.said.unsaid->tracking_id.empty())
            words += " Tracking id for Webex support: " + printable(end.said.unsaid->tracking_id, 80);
        context ctx(with);
        const auto told = co_await ctx.reply_text(std::move(words));
        end.said.held_back = with->said.so_far().held_back;
        if (!told)
            decided.result =
                matching::after_apology(end, told.error(), options_.pauses, what.attempt, random_fraction());
    }
    with->replies.close();
    if (decided.result.what == outcome::kind::done && decided.result.reason.empty())
        decided.result.reason = work.name; // what the flow tells of it
    co_return decided.result;
}

outcome bot_consumer::unread(const delivery& what, const error& e, std::string_view thing) const
{
    if (matching::is_invisible(e))
        return outcome::ignored(std::string(thing) + (e.is(errc::not_found) ? " is no longer there"
                                                                            : " is not visible to the bot"));
    error told = error(e).during("reading the " + std::string(thing));
    if (e.is(errc::token_rejected))
        log_.error("the access token is rejected", {{"why", describe(told)}, {"key", what.what.key}});
    return matching::after_failed_call(told, options_.pauses, what.attempt, random_fraction());
}

} // namespace postern
