#include "postern/bot/bot.hpp"

#include "postern/bot/commands/built_in.hpp"
#include "postern/bot/hear/letters.hpp"

#include <stdexcept>
#include <utility>

namespace postern {
namespace {

matching::shared_handler share(handler run)
{
    return run ? std::make_shared<const handler>(std::move(run)) : nullptr;
}

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
    first->put({"/help", "show what I can do", share(matching::tell_help), true});
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

bot& bot::command(command_description what, handler run)
{
    matching::command added{std::move(what.name), std::move(what.help), share(std::move(run))};
    added.aliases = std::move(what.aliases);
    added.group = matching::single_spaced(what.group);
    added.details = std::move(what.details);
    added.hidden = what.hidden;
    added.cooldown = what.cooldown;
    const auto line = matching::trimmed(what.arguments);
    if (!line.empty())
        added.takes = std::make_shared<const matching::argument_spec>(line == "-" ? "" : line);
    auto rules = std::make_shared<const matching::permission_rules>(std::move(what.only_for));
    if (!rules->for_everybody())
        added.only_for = std::move(rules);
    return change([&](matching::registry& r) { r.put(std::move(added)); });
}

bot& bot::hear(std::string expression, std::string help, handler run)
{
    matching::listener added{matching::pattern(std::move(expression)), std::move(help),
                             share(std::move(run))};
    return change([&](matching::registry& r) { r.put(std::move(added)); });
}

bot& bot::hear(std::string expression, handler run)
{
    return hear(std::move(expression), {}, std::move(run));
}

bool bot::stop_hearing(std::string_view expression)
{
    bool stopped = false;
    change([&](matching::registry& r) { stopped = r.stop_hearing(expression); });
    return stopped;
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

bot& bot::on_event(std::string_view kind, handler run)
{
    const std::string name = matching::checked_kind(kind);
    if (name == "messages:created")
        throw std::invalid_argument(
            "postern::bot: messages:created goes to commands, hear() and otherwise()");
    return change([&](matching::registry& r) {
        if (run)
            r.on_event[name] = share(std::move(run));
        else
            r.on_event.erase(name);
    });
}

bot& bot::on_added(handler run) { return set(&matching::registry::on_added, std::move(run)); }
bot& bot::on_removed(handler run) { return set(&matching::registry::on_removed, std::move(run)); }
bot& bot::on_member_joined(handler run) { return set(&matching::registry::on_member_joined, std::move(run)); }
bot& bot::on_member_left(handler run) { return set(&matching::registry::on_member_left, std::move(run)); }
bot& bot::on_room(handler run) { return set(&matching::registry::on_room, std::move(run)); }
bot& bot::on_file(handler run) { return set(&matching::registry::on_file, std::move(run)); }
bot& bot::on_edit(handler run) { return set(&matching::registry::on_edit, std::move(run)); }
bot& bot::on_delete(handler run) { return set(&matching::registry::on_delete, std::move(run)); }

bot& bot::set(matching::shared_handler matching::registry::*which, handler run)
{
    return change([&](matching::registry& r) { r.*which = share(std::move(run)); });
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
