#include "postern/bot/bot_consumer.hpp"

#include "postern/base/within.hpp"
#include "postern/bot/ask/dialogue.hpp"
#include "postern/bot/ask/questions.hpp"
#include "postern/bot/bot_consumer_parts.hpp"
#include "postern/bot/commands/admission.hpp"
#include "postern/bot/commands/built_in.hpp"
#include "postern/bot/commands/cooldown.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/hear/event_facts.hpp"
#include "postern/bot/hear/hear.hpp"
#include "postern/bot/speech.hpp"
#include "postern/webex/api.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <utility>

namespace postern {

namespace {

// The end of a delivery's time is for telling the user that the handler took too long.
deadline for_handler(deadline whole)
{
    return deadline::at(whole.at() -
                        std::min<deadline::clock::duration>(whole.left() / 4, std::chrono::seconds(5)));
}

// It may still act on what its last call came to.
matching::handler_time time_of(const matching::conversation& c)
{
    using std::chrono::milliseconds;
    const auto step = std::chrono::floor<milliseconds>(c.whole.at() - c.limit.at()) / 4;
    return {deadline::at(c.limit.at() + step), std::min<milliseconds>(step, std::chrono::seconds(1))};
}

// For what is said when the handler has had its time.
std::shared_ptr<matching::conversation> after_its_time(const matching::conversation& c, const delivery& what)
{
    auto out =
        std::make_shared<matching::conversation>(c.known, c.api, c.me, c.whole, c.out, c.hops, what, c.notes);
    out->message = c.message;
    out->sender_id = c.sender_id;
    out->happened = c.happened;
    out->replies.take(c.replies.taken());
    return out;
}

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

const matching::shared_handler& unknown_handler()
{
    static const matching::shared_handler one = matching::share(matching::answer_unknown);
    return one;
}

matching::shared_handler greeter(std::string greeting, matching::shared_handler then)
{
    return matching::share(
        [greeting = std::move(greeting), then = std::move(then)](context ctx) -> awaitable<void> {
            co_await ctx.reply(greeting);
            if (then)
                co_await (*then)(ctx);
        });
}

} // namespace

bot_consumer::bot_consumer(std::shared_ptr<const bot> what, std::shared_ptr<webex::api> api, webex::person me,
                           log out, trail hops, bot_options options, effects_port* effects)
    : bot_(std::move(what)), api_(std::move(api)), me_(std::move(me)), log_(out.in("bot")),
      hops_(std::move(hops)), options_(std::move(options)), effects_(effects),
      replies_(std::make_shared<matching::known_replies>()), speech_(std::make_shared<matching::speech>()),
      admission_(std::make_shared<matching::admission>(api_, options_.permission_memory, options_.clock)),
      cooldowns_(std::make_shared<matching::cooldown_book>())
{
}

bot_consumer::bot_consumer(const bot& what, std::shared_ptr<webex::api> api, webex::person me, log out,
                           trail hops, bot_options options, effects_port* effects)
    : bot_consumer(std::shared_ptr<const bot>(std::shared_ptr<const bot>(), &what), std::move(api),
                   std::move(me), std::move(out), std::move(hops), std::move(options), effects)
{
}

void bot_consumer::equip(values_port* store, std::shared_ptr<file_fetcher> web)
{
    speech_->values = store;
    speech_->web = std::move(web);
}

awaitable<bool> bot_consumer::close(deadline limit)
{
    return matching::questions::wind_up(speech_->asked, limit);
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
    if (what.what.resource == "memberships")
        admission_->members_changed();
    const auto known = bot_->known();
    matching::wanted asked = matching::triage(what.what, me_.id, *known);
    if (asked.what == matching::task::nothing)
        co_return outcome::ignored(asked.why_not);

    matching::reply_notes notes{effects_, replies_, options_.settling, speech_};
    auto with = std::make_shared<matching::conversation>(known, api_, me_, for_handler(limit), log_, hops_,
                                                         what, std::move(notes));
    with->whole = limit;
    with->asked.help_as_card = options_.help_as_card;
    outcome became;
    switch (asked.what)
    {
    case matching::task::nothing: break;
    case matching::task::read_message:
    case matching::task::read_edit:
        became = co_await read_message(std::move(what), with, std::move(asked));
        break;
    case matching::task::read_card: became = co_await read_card(std::move(what), with); break;
    case matching::task::greet:
    {
        matching::tell_facts(*with);
        job hello{greeter(known->greeting, known->on_added), "greeting", !known->on_added};
        became = co_await run(std::move(what), with, std::move(hello));
        break;
    }
    case matching::task::hand_over:
    {
        matching::tell_facts(*with);
        job work{asked.run, asked.name};
        became = co_await run(std::move(what), with, std::move(work));
        break;
    }
    }
    co_return became;
}

awaitable<outcome> bot_consumer::read_message(delivery what, conversation with, matching::wanted asked)
{
    call<webex::message> ask = [with] { return with->api->get_message(with->data_id, with->limit); };
    auto read = co_await patiently(std::move(ask), options_.read_again, with->limit);
    if (!read)
        co_return unread(what, read.error(), "message");

    with->message = std::move(*read);
    if (with->message.room_id.empty())
        with->message.room_id = what.what.room;
    const bool edited = asked.what == matching::task::read_edit;
    const std::string& when = edited ? with->message.updated : with->message.created;
    with->happened = parse_time(when).value_or(with->happened);
    with->sender_id = with->message.person_id;
    with->sender_email = with->message.person_email;
    if (with->sender_id == me_.id)
        co_return outcome::ignored("own message");

    matching::utterance said = matching::hear(with->message, me_);
    if (options_.only_when_mentioned && with->message.room_type == "group" && !said.mentioned)
        co_return outcome::ignored("the bot is not mentioned");

    matching::asker& who = with->asked.who;
    who.id = with->sender_id;
    who.email = with->sender_email;
    who.direct = with->message.room_type == "direct";
    who.own_organisation = me_.org_id;
    with->asked.mentions = std::move(said.others);
    if (edited)
        with->arguments = said.text;
    job work = edited ? job{asked.run, asked.name} : choose(with, said);
    door opened{std::move(work)};
    if (opened.work.of)
        opened = co_await admit(what, with, std::move(opened.work));
    if (opened.shut)
        co_return *opened.shut;
    if (opened.work.shows_commands)
        co_await learn_what_may_be_shown(with);
    outcome became = co_await run(std::move(what), with, std::move(opened.work));
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

bot_consumer::job bot_consumer::choose(const conversation& with, const matching::utterance& said) const
{
    const matching::registry& known = *with->known;
    // A name that is no mention may be an ordinary word, even a command: the whole text is tried first.
    auto found = known.find(said.mentioned ? said.text : said.whole);
    if (!found)
        found = known.find(said.mentioned ? said.whole : said.text);
    if (found)
    {
        const matching::command& c = *found->found;
        with->command = c.name;
        with->arguments = found->arguments;
        with->asked.usage = c.usage();
        speech_->asked->give_up(with->message.room_id, with->sender_id, "another command was given");
        return {c.run, c.name, c.only_answers, &c, c.only_answers};
    }
    with->arguments = said.text;
    if (auto asker = speech_->asked->give(with, said.text))
    {
        job answer{nullptr, "answer"};
        answer.goes_on = std::move(asker);
        return answer;
    }
    if (auto caught = known.hear(said.text))
    {
        with->asked.groups = std::move(caught->groups);
        return {caught->found->run, "hears " + printable(caught->found->what.text(), 80)};
    }
    if (known.on_file && !with->message.files.empty())
        return {known.on_file, "file"};
    log_.info("no command matches: default action",
              {{"commands", known.commands.size()}, {"message", with->data_id}, {"key", with->key}});
    const bool built_in = !known.otherwise;
    return {built_in ? unknown_handler() : known.otherwise, "default action", built_in, nullptr, true};
}

awaitable<outcome> bot_consumer::run(delivery what, conversation with, job work)
{
    matching::ending end;
    end.only_answers = work.only_answers;
    end.noted = effects_ != nullptr;
    std::optional<std::string> misused;
    const auto who = work.goes_on ? work.goes_on : std::make_shared<matching::dialogue>(work.run);
    matching::dialogue::step came_to;
    try
    {
        if (work.ignored.empty())
            with->note(hop::handled, work.name);
        const auto time = time_of(*with);
        if (work.goes_on)
            came_to = co_await matching::dialogue::go_on(who, time);
        else
            came_to = co_await matching::dialogue::start(who, with, time);
        if (came_to.thrown && !came_to.overdue)
            std::rethrow_exception(came_to.thrown);
    }
    catch (const usage_error& e)
    {
        misused = e.what();
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
    if (came_to.asked) // and waits for the answer, while this delivery is over
    {
        with->replies.close();
        co_return outcome::done(work.name + " has asked, and waits for the answer of " + with->sender_id);
    }
    if (came_to.deaf)
        speech_->asked->remember(who);
    if (came_to.overdue || came_to.deaf)
    {
        end.threw = true;
        end.what = came_to.deaf ? "it took too long, and goes on" : "it took too long, and was stopped";
    }
    if (misused)
    {
        context ctx(with);
        co_await ctx.reply_text(matching::with_usage(std::move(*misused), with->asked.usage));
    }
    const auto state = co_await net::this_coro::cancellation_state;
    end.cancelled = state.cancelled() != net::cancellation_type::none;
    end.said = with->said.so_far();
    if (came_to.overdue)
    {
        with->replies.close();
        with = after_its_time(*with, what);
    }
    if (end.threw && !end.cancelled)
        log_.error(
            "handler failed",
            {{"handler", work.name}, {"why", end.what}, {"reference", what.record}, {"key", with->key}});

    matching::decision decided =
        matching::after_handler(end, options_.pauses, what.attempt, random_fraction());
    if (decided.apologise)
    {
        std::string words = came_to.overdue ? options_.took_too_long : options_.apology;
        words += " Reference " + std::to_string(what.record) + '.';
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
    if (work.goes_on && decided.result.what == outcome::kind::retry && !end.cancelled)
        decided.result = outcome::dead("the handler that asked can't be run again: " + decided.result.reason);
    if (decided.result.what == outcome::kind::done && !work.ignored.empty())
        decided.result = outcome::ignored(work.ignored);
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
