// The demo bot. Take what you need: a handler is a coroutine that gets a context and answers.

#include "bot.hpp"

#include "survey.hpp"

#include <postern/bot.hpp>

namespace demobot {
namespace {

using postern::context;
using postern::task;
using sites = std::shared_ptr<const content>;

task say_joke(context ctx, sites web)
{
    const auto joke = co_await web->joke(ctx.limit());
    const auto words = joke ? *joke : excuse("The joke server", joke.error());
    co_await ctx.reply_text(words);
}

task say_quote(context ctx, sites web)
{
    const auto quote = co_await web->quote(ctx.limit());
    const auto words = quote ? *quote : excuse("The quote server", quote.error());
    co_await ctx.reply(words);
}

task say_fact(context ctx, sites web)
{
    const auto number = ctx.argument<std::int64_t>("int");
    const auto fact = co_await web->fact(number, ctx.option("kind", "trivia"), ctx.limit());
    const auto words = fact ? *fact : excuse("The number server", fact.error());
    co_await ctx.reply_text(words);
}

// Sends a picture, or says why there is none.
task show(context ctx, postern::result<picture> shown, std::string site)
{
    if (!shown)
    {
        co_await ctx.reply(excuse(site, shown.error()));
        co_return;
    }
    const auto sent = co_await ctx.file(shown->file, shown->caption);
    if (!sent)
        co_await ctx.reply(excuse(site, sent.error()));
}

task show_dilbert(context ctx, sites web)
{
    auto strip = co_await web->dilbert(ctx.limit());
    co_await show(ctx, std::move(strip), "The comic server");
}

task show_peanuts(context ctx, sites web)
{
    auto strip = co_await web->peanuts(ctx.limit());
    co_await show(ctx, std::move(strip), "The comic server");
}

// Several pictures take their time: there is an answer at once, and it tells in the end how many there are.
task show_traffic(context ctx, sites web)
{
    const auto progress = co_await ctx.working("Looking at the cameras …");
    const auto cameras = co_await web->cameras(ctx.limit());
    const auto found = cameras ? std::to_string(cameras->size()) + " cameras:"
                               : excuse("The traffic server", cameras.error());
    if (progress)
        co_await progress->done(found);
    if (!cameras)
        co_return;
    for (const auto& camera : *cameras)
    {
        auto photo = co_await web->photo(camera, ctx.limit());
        co_await show(ctx, std::move(photo), "The camera \"" + harmless(camera.words) + '"');
    }
}

task show_card(context ctx) { co_await ctx.card(survey_card(), "A survey; your client can't show it."); }

// Anybody in the room may submit, also a card that is not this one.
task take_card(context ctx)
{
    const auto answers = survey_answers(ctx.inputs());
    if (answers.empty())
        co_return;
    co_await ctx.reply_text("You have sent:\n" + answers);
}

} // namespace

void teach(postern::bot& bot, sites web)
{
    bot.greeting("Hello, I am the demo bot of **postern**. Say /help to see what I can do.");

    bot.command({.name = "/echo", .help = "repeats what you say"}, [](context ctx) -> task {
        const auto words =
            ctx.arguments().empty() ? "There is nothing to repeat: /echo WORDS" : ctx.arguments();
        co_await ctx.reply(words);
    });
    bot.command(
        {.name = "/chuck", .help = "a joke about Chuck Norris", .arguments = "-", .aliases = {"/joke"}},
        [web](context ctx) { return say_joke(ctx, web); });
    bot.command({.name = "/quote", .help = "something that somebody has said", .arguments = "-"},
                [web](context ctx) { return say_quote(ctx, web); });
    bot.command({.name = "/number",
                 .help = "a fact about a number",
                 .arguments = "<int> [--kind trivia|math]",
                 .details = "As in */number 42* or */number 42 --kind math*."},
                [web](context ctx) { return say_fact(ctx, web); });
    bot.command(
        {.name = "/dilbert", .help = "today's strip from the office", .arguments = "-", .group = "Pictures"},
        [web](context ctx) { return show_dilbert(ctx, web); });
    bot.command(
        {.name = "/peanuts", .help = "today's strip from the garden", .arguments = "-", .group = "Pictures"},
        [web](context ctx) { return show_peanuts(ctx, web); });
    bot.command(
        {.name = "/traffic", .help = "what the traffic cameras see", .arguments = "-", .group = "Pictures"},
        [web](context ctx) { return show_traffic(ctx, web); });
    bot.command({.name = "/card", .help = "a card with all kinds of questions", .arguments = "-"}, show_card);
    bot.on_card(take_card);
}

} // namespace demobot
