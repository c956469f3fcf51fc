// What the bot tells of all that happens besides commands: a word of what it was, and what it was about.

#include "bot_under_test.hpp"

namespace bot_under_test {
namespace {

using postern::context;
using postern::task;

// Alike in all of them: says what happened, and of whom or what.
postern::handler tells(std::string what)
{
    return [what = std::move(what)](context ctx) -> task {
        std::string about = ctx.member().person_email;
        if (about.empty())
            about = ctx.arguments();
        if (about.empty())
            about = ctx.event().data_id;
        co_await ctx.reply_text(what + ": " + about);
    };
}

} // namespace

void teach_events(postern::bot& bot)
{
    bot.greeting("Good day.");
    bot.on_added(tells("added"));
    // There is nobody left to tell: /removals knows.
    bot.on_removed([](context ctx) -> task {
        co_await ctx.bot_memory().put<std::string>("left", ctx.room_id());
        co_await ctx.bot_memory().add("removals");
    });
    bot.on_member_joined(tells("joined"));
    bot.on_member_left(tells("left"));
    bot.on_room(tells("room"));
    bot.on_edit(tells("edited"));
    bot.on_delete(tells("deleted"));
    bot.on_event("memberships:updated", tells("event"));
    bot.on_card([](context ctx) -> task { co_await ctx.reply_text("inputs: " + ctx.inputs()); });

    bot.command({.name = "/removals", .arguments = "-"}, [](context ctx) -> task {
        const auto count = co_await ctx.bot_memory().get<std::int64_t>("removals");
        const auto room = co_await ctx.bot_memory().get<std::string>("left");
        co_await ctx.reply_text(std::to_string(count->value_or(0)) + ' ' + room->value_or("-"));
    });
    bot.on_file([](context ctx) -> task {
        for (const std::string& url : ctx.message().files)
        {
            const auto file = co_await ctx.download(url, 100'000);
            if (file)
                co_await ctx.reply_text(file->info.name + ": " + file->bytes);
            else
                co_await ctx.reply_text("not downloaded: " + describe(file.error()));
        }
    });
}

} // namespace bot_under_test
