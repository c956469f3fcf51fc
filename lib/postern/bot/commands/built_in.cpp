#include "postern/bot/commands/built_in.hpp"

#include "postern/bot/commands/help_text.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/say/split_text.hpp"

#include <utility>

namespace postern::matching {
namespace {

shows for_sender(const conversation& c)
{
    return [&c](const command& shown) { return may_see(c.asked, shown); };
}

} // namespace

awaitable<void> tell_help(context ctx)
{
    const conversation& c = behind(ctx);
    const shows may = for_sender(c);
    const std::string name(trimmed(ctx.arguments()));
    if (!name.empty())
    {
        const command* found = c.known->named(name);
        std::string words = found && may(*found) ? command_help(*found) : "I do not know that command.";
        if (const std::string near = nearest_command(*c.known, name, may); !found && !near.empty())
            words += " Did you mean `" + near + "`?";
        co_await ctx.reply(std::move(words));
        co_return;
    }
    std::string card;
    if (c.asked.help_as_card)
        card = help_card(*c.known, c.me.display_name, may);
    std::string text = ctx.help();
    // The fallback of a card is one message, a text may be several.
    if (card.empty() || text.size() > longest_message)
        co_await ctx.reply(std::move(text));
    else
        co_await ctx.card(std::move(card), std::move(text));
}

awaitable<void> answer_unknown(context ctx)
{
    const conversation& c = behind(ctx);
    std::string near;
    if (ctx.arguments().starts_with('/'))
        near = nearest_command(*c.known, ctx.arguments(), for_sender(c));
    // What was typed is not repeated: in markdown it could mention people.
    std::string words = near.empty() ? "I did not understand that.\n\n" + ctx.help()
                                     : "I do not know that command. Did you mean `" + near + "`?";
    co_await ctx.reply(std::move(words));
}

} // namespace postern::matching
