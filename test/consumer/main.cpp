// A bot written against the installed library. README.md shows the lines between the two marks.

// [bot]
#include <postern/bot.hpp>

int main(int argc, char** argv)
{
    postern::bot bot;
    bot.greeting("Hello! Ask me for */lunch*.");
    bot.command("/lunch", "what the kitchen has today", [](postern::context ctx) -> postern::task {
        co_await ctx.reply("Spinach with an **egg**.");
    });
    return postern::serve(bot, argc, argv);
}
// [bot]
