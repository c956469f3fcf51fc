#include "bot_under_test.hpp"

#include "long_text.hpp"

namespace bot_under_test {
namespace {

using postern::context;
using postern::file_source;
using postern::task;
using namespace std::chrono_literals;

void teach_speaking(postern::bot& bot)
{
    bot.command({.name = "/say", .arguments = "<what:text>"},
                [](context ctx) -> task { co_await ctx.reply_text(ctx.argument("what")); });
    bot.command("/html", "",
                [](context ctx) -> task { co_await ctx.reply_html("<b>bold</b> &amp; <i>so</i>"); });
    bot.command("/long", "",
                [](context ctx) -> task { co_await ctx.reply(postern::test::long_text(60'000)); });
    bot.command("/direct", "", [](context ctx) -> task { co_await ctx.direct("between us"); });
    bot.command("/thread", "", [](context ctx) -> task { co_await ctx.reply_in_thread("under it"); });
    bot.command("/edit", "", [](context ctx) -> task {
        const auto said = co_await ctx.reply("draft");
        co_await ctx.edit(said->id, "final **words**");
    });
    bot.command("/erase", "", [](context ctx) -> task {
        const auto said = co_await ctx.reply("never mind");
        co_await ctx.erase(said->id);
        co_await ctx.reply("erased");
    });
    bot.command("/progress", "", [](context ctx) -> task {
        const auto work = co_await ctx.working("begun");
        for (int n = 1; n <= 30; ++n)
            co_await work->update("step " + std::to_string(n));
        co_await work->done("all **done**");
    });
    bot.command("/card", "", [](context ctx) -> task {
        co_await ctx.card(R"({"type": "AdaptiveCard", "version": "1.3", "body": [
                              {"type": "Input.Text", "id": "name"}],
                              "actions": [{"type": "Action.Submit", "title": "Send"}]})",
                          "a card");
    });
}

void teach_files(postern::bot& bot)
{
    bot.command("/file bytes", "", [](context ctx) -> task {
        auto file = file_source::bytes("list.csv", "text/csv", "a,b\n1,2\n");
        co_await ctx.file(std::move(file), "a **list**");
    });
    bot.command("/file disk", "", [](context ctx) -> task {
        auto file = file_source::disk(ctx.arguments());
        co_await ctx.file(std::move(file));
    });
    bot.command({.name = "/file url", .arguments = "<url>"}, [](context ctx) -> task {
        auto file = file_source::url(ctx.argument("url"), "fetched.md");
        co_await ctx.file(std::move(file));
    });
}

void teach_rules(postern::bot& bot)
{
    bot.command({.name = "/number", .help = "a number, perhaps twice", .arguments = "<int> [--twice]"},
                [](context ctx) -> task {
                    const auto number = ctx.argument<int>("int");
                    if (number == 13)
                        throw postern::usage_error("Not that one");
                    const auto shown = ctx.flag("twice") ? 2 * number : number;
                    co_await ctx.reply_text(std::to_string(shown));
                });
    bot.command({.name = "/deploy", .aliases = {"/ship"}, .only_for = {.people = {"bob@example.com"}}},
                [](context ctx) -> task { co_await ctx.reply("deployed"); });
    bot.command({.name = "/lock", .only_for = {.moderators = true, .refusal = "Moderators only."}},
                [](context ctx) -> task { co_await ctx.reply("locked"); });
    bot.command({.name = "/slow down", .cooldown = 1h},
                [](context ctx) -> task { co_await ctx.reply("this time"); });
    bot.hear("(?P<team>[a-z]+)-(?P<number>[0-9]+)", [](context ctx) -> task {
        co_await ctx.reply_text("ticket " + ctx.capture("number") + " of " + ctx.capture("team"));
    });
}

void teach_talking(postern::bot& bot)
{
    bot.command("/count", "", [](context ctx) -> task {
        const auto count = co_await ctx.room_memory().add("count");
        co_await ctx.reply_text("count " + std::to_string(*count));
    });
    bot.command("/trip", "", [](context ctx) -> task {
        const auto where = co_await ctx.ask("Where to?", 20s);
        if (!where)
        {
            co_await ctx.reply_text("no trip: " + describe(where.error()));
            co_return;
        }
        const auto when = co_await where->with.ask("When?", 20s);
        if (when)
            co_await when->with.reply_text(ctx.sender_email() + " goes to " + where->text + ' ' + when->text);
    });
    bot.command("/quick", "", [](context ctx) -> task {
        const auto said = co_await ctx.ask("Now?", 300ms);
        const auto* words = said ? "in time" : "too late";
        co_await ctx.reply_text(words);
    });
}

} // namespace

void teach_commands(postern::bot& bot)
{
    teach_speaking(bot);
    teach_files(bot);
    teach_rules(bot);
    teach_talking(bot);
}

} // namespace bot_under_test

int main(int argc, char** argv)
{
    postern::bot bot;
    bot_under_test::teach_commands(bot);
    bot_under_test::teach_trouble(bot);
    bot_under_test::teach_events(bot);
    return postern::serve(bot, argc, argv);
}
