// A bot written against the installed library. README.md shows the lines between the two marks.

// [bot]
#include <postern/bot/bot.hpp>
#include <postern/gateway/run.hpp>

int main()
{
    postern::bot bot;
    bot.greeting("Hello! Ask me for */lunch*.");
    bot.command("/lunch", "what the kitchen has today", [](postern::context ctx) -> postern::awaitable<void> {
        co_await ctx.reply("Spinach with an **egg**.");
    });
    return postern::run(bot);
}
// [bot]
