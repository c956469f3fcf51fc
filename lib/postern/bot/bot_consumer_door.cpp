#include "postern/bot/bot_consumer_parts.hpp"
#include "postern/bot/commands/admission.hpp"
#include "postern/bot/commands/cooldown.hpp"
#include "postern/bot/hear/letters.hpp"

#include <utility>

namespace postern {
namespace matching {

shared_handler speaker(std::string text)
{
    return share([text = std::move(text)](context ctx) -> awaitable<void> { co_await ctx.reply_text(text); });
}

std::string with_usage(std::string why, const std::string& usage)
{
    if (!why.ends_with('.') && !why.ends_with('!') && !why.ends_with('?'))
        why += '.';
    return usage.empty() ? why : why + " Usage: " + usage;
}

} // namespace matching

namespace {

std::string seconds(std::chrono::milliseconds left)
{
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(left).count()) + " s";
}

} // namespace

// Permission, arguments, cooldown: in this order, so that nobody learns how to use what is not for him, and
// who mistypes need not wait.
awaitable<bot_consumer::door> bot_consumer::admit(delivery what, conversation with, job work)
{
    const matching::command& c = *work.of;
    if (c.only_for)
    {
        auto asked =
            co_await admission_->ask(c.only_for, with->asked.who, with->message.room_id, with->limit);
        if (!asked)
        {
            log_.warning("it can't be told who may give a command, so nothing is done",
                         {{"command", c.name}, {"why", describe(asked.error())}, {"key", with->key}});
            door closed{std::move(work)};
            closed.shut =
                matching::after_undecided(asked.error(), options_.pauses, what.attempt, random_fraction());
            co_return closed;
        }
        with->asked.who = std::move(asked->who);
        if (asked->given.what != matching::permit::kind::granted)
            co_return refuse(c, *with, std::move(asked->given.reason));
    }
    if (c.takes)
    {
        auto read = c.takes->read(with->arguments, with->asked.mentions);
        if (!read.found)
        {
            door usage{
                job{matching::speaker(matching::with_usage(std::move(read.why_not), with->asked.usage)),
                    "usage of " + c.name, true}};
            co_return usage;
        }
        with->asked.parsed = std::move(*read.found);
    }
    if (c.cooldown.count() > 0)
    {
        using kind = matching::cooldown_book::answer::kind;
        const auto turn =
            cooldowns_->ask(matching::folded(c.name) + '|' + with->sender_id + '|' + with->message.room_id,
                            c.cooldown, what.record, options_.clock());
        if (turn.what != kind::run)
        {
            const std::string wait = seconds(turn.left);
            door cooling{job{matching::speaker("Wait " + wait + '.'), "cooldown of " + c.name, true}};
            cooling.work.ignored = c.name + " ran for this person a moment ago: " + wait + " to wait";
            if (turn.what == kind::be_silent)
                cooling.shut = outcome::ignored(cooling.work.ignored + ", which was said already");
            co_return cooling;
        }
    }
    door open{std::move(work)};
    co_return open;
}

bot_consumer::door bot_consumer::refuse(const matching::command& c, const matching::conversation& with,
                                        std::string why) const
{
    door closed;
    closed.work.name = "refusal of " + c.name;
    closed.work.only_answers = true;
    closed.work.ignored = c.name + " is not for this person: " + std::move(why);
    log_.info("a command is not for who gave it", {{"command", c.name},
                                                   {"why", closed.work.ignored},
                                                   {"person", with.sender_id},
                                                   {"room", with.message.room_id},
                                                   {"key", with.key}});
    std::string words = c.only_for->refusal(c.name);
    if (matching::trimmed(words).empty())
        closed.shut = outcome::ignored(closed.work.ignored);
    else
        closed.work.run = matching::speaker(std::move(words));
    return closed;
}

// What can't be found out is not shown; that is no reason to say nothing.
awaitable<void> bot_consumer::learn_what_may_be_shown(conversation with) const
{
    for (const matching::command& c : with->known->commands)
    {
        if (!c.only_for || c.hidden)
            continue;
        auto asked = co_await admission_->ask(c.only_for, with->asked.who, with->message.room_id,
                                              with->limit.at_most(options_.longest_question));
        if (!asked)
            co_return;
        with->asked.who = std::move(asked->who);
    }
}

} // namespace postern
