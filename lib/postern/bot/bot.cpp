#include "postern/bot/bot.hpp"

#include <utility>

namespace postern {
namespace {

matching::shared_handler share(handler run)
{
    return run ? std::make_shared<const handler>(std::move(run)) : nullptr;
}

awaitable<void> tell_help(context ctx) { co_await ctx.reply(ctx.help()); }

awaitable<void> echo(context ctx)
{
    std::string words = ctx.arguments();
    if (words.empty())
        words = "Say something after " + ctx.command() + ", and I repeat it.";
    co_await ctx.reply_text(std::move(words));
}

} // namespace

bot::bot()
{
    auto first = std::make_shared<matching::registry>();
    first->put({"/help", "show what I can do", share(tell_help), true});
    known_ = std::move(first);
}

bot& bot::greeting(std::string markdown)
{
    return change([&](matching::registry& r) { r.greeting = std::move(markdown); });
}

bot& bot::command(std::string name, std::string help, handler run)
{
    matching::command added{std::move(name), std::move(help), share(std::move(run))};
    return change([&](matching::registry& r) { r.put(std::move(added)); });
}

bool bot::remove_command(std::string_view name)
{
    bool removed = false;
    change([&](matching::registry& r) { removed = r.remove(name); });
    return removed;
}

bot& bot::otherwise(handler run)
{
    return change([&](matching::registry& r) { r.otherwise = share(std::move(run)); });
}

bot& bot::on_card(handler run)
{
    return change([&](matching::registry& r) { r.on_card = share(std::move(run)); });
}

std::shared_ptr<const matching::registry> bot::known() const
{
    const std::lock_guard lock(mutex_);
    return known_;
}

bot& bot::change(const std::function<void(matching::registry&)>& edit)
{
    std::shared_ptr<const matching::registry> old; // freed after the lock: a handler's captures may call us
    const std::lock_guard lock(mutex_);
    auto next = std::make_shared<matching::registry>(*known_);
    edit(*next);
    old = std::exchange(known_, std::move(next));
    return *this;
}

void add_default_commands(bot& to) { to.command("/echo", "repeat what you say", echo); }

} // namespace postern
