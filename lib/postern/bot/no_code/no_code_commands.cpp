#include "postern/bot/no_code/no_code_commands.hpp"

#include "postern/bot/bot.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/no_code/argument_names.hpp"
#include "postern/bot/no_code/ask_target.hpp"
#include "postern/bot/no_code/gate.hpp"
#include "postern/bot/no_code/reply_handler.hpp"
#include "postern/bot/no_code/run_program.hpp"
#include "postern/transport/programs.hpp"
#include "postern/transport/url.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

namespace postern {
namespace {

using namespace no_code;

// What all handlers share. It must not own the replies: they hold contexts, which hold the handlers.
struct engine
{
    engine(no_code_options o, log l) : options(std::move(o)), out(std::move(l)), lanes(options.lanes, 0) {}

    const no_code_options options;
    const log out;
    gate lanes;
    std::weak_ptr<reply_book> replies;
    std::shared_ptr<transport::http_client> client;
    std::string listener;
};

struct ready_command
{
    ready_command(no_code_command from)
        : is(std::move(from)), arguments(argument_names(is.what.arguments)),
          places(is.concurrent, is.concurrent)
    {
    }

    const no_code_command is;
    const std::vector<argument_name> arguments;
    gate places;
};

using shared_engine = std::shared_ptr<engine>;
using shared_command = std::shared_ptr<ready_command>;

// A delivery ends with its deadline, and the reply takes its time.
deadline limit_of(const context& ctx, const engine& with, std::chrono::milliseconds wanted)
{
    const auto spare = with.options.answer_time + with.options.stop_patience;
    return deadline::at(std::min(deadline::after(wanted).at(), ctx.limit().at() - spare));
}

struct reply_link
{
    std::string id, url; // empty: an answer can't come later
};

reply_link open_link(const context& ctx, const engine& with, const ready_command& c)
{
    const auto book = with.replies.lock();
    const auto& base = c.is.reply_url.empty() ? with.listener : c.is.reply_url;
    if (!book || base.empty())
        return {};
    const auto time = with.options.reply_time;
    reply_book::speaker later = [ctx, time](spoken what) {
        return say(afresh(ctx, deadline::after(time)), std::move(what));
    };
    reply_link out;
    out.id = book->open(std::move(later), {c.is.reply_for, c.is.reply_uses}, reply_book::clock::now());
    out.url = base + std::string(reply_path) + out.id;
    return out;
}

awaitable<answer_of> call(context ctx, shared_engine with, shared_command c, std::string reply_url)
{
    auto about = tell(ctx, c->arguments, reply_url);
    const auto limit = limit_of(ctx, *with, c->is.timeout);
    if (const auto* program = std::get_if<program_call>(&c->is.how))
    {
        auto ran = co_await run_program(*program, std::move(about), with->options, limit, with->out);
        co_return ran;
    }
    if (!with->client)
        co_return answer_of::failure("failed (its server can't be reached)", "there is no HTTP client yet");
    auto asked = co_await ask_target(with->client, std::get<target_call>(c->is.how), std::move(about.json),
                                     std::move(reply_url), with->options.longest_answer, limit);
    co_return asked;
}

awaitable<result<gate::pass>> enter(context ctx, shared_engine with, shared_command c)
{
    auto inside = co_await c->places.enter(limit_of(ctx, *with, with->options.longest_wait));
    co_return inside;
}

std::string sentence(const context& ctx, const std::string& rest)
{
    const bool ends = rest.ends_with('.') || rest.ends_with('!') || rest.ends_with('?');
    return ctx.command() + ' ' + rest + (ends ? "" : ".");
}

awaitable<void> speak(context ctx, shared_engine with, answer_of came)
{
    if (came.failed())
    {
        with->out.warning("a command failed", {{"command", ctx.command()},
                                               {"why", came.for_log},
                                               {"message", ctx.message().id},
                                               {"key", ctx.event().key}});
        co_await ctx.reply_text(sentence(ctx, came.for_user));
        co_return;
    }
    const bool may_be_unfit = came.says.what == spoken::kind::card || came.says.what == spoken::kind::file;
    const auto said = co_await say(ctx, std::move(came.says));
    if (!said && may_be_unfit && !said.error().maybe_sent && !said.error().is(errc::stopped))
        co_await ctx.reply_text(sentence(ctx, "failed (its card or file can't be sent)"));
}

awaitable<void> handle(context ctx, shared_engine with, shared_command c)
{
    const std::string busy = "is busy just now. Please try again in a moment";
    const auto lane = co_await with->lanes.enter(ctx.limit()); // waits for nobody
    if (!lane)
    {
        if (lane.error().is(errc::too_large))
            co_await speak(ctx, with, answer_of::failure(busy, "too many commands without code at once"));
        co_return;
    }
    const auto place = co_await enter(ctx, with, c);
    if (!place)
    {
        if (!place.error().is(errc::stopped))
            co_await speak(ctx, with, answer_of::failure(busy, describe(place.error())));
        co_return;
    }
    const auto link = open_link(ctx, *with, *c);
    auto came = co_await call(ctx, with, c, link.url);
    const auto book = with->replies.lock();
    if (book && !link.id.empty() && !came.later_too)
        book->close(link.id);
    if (!came.stopped)
        co_await speak(ctx, with, std::move(came));
}

// An ordinary function, so that the closure of each command lives in the bot.
handler handler_of(shared_engine with, shared_command c)
{
    return
        [with = std::move(with), c = std::move(c)](context ctx) { return handle(std::move(ctx), with, c); };
}

template <class Complain>
void register_all(bot& with, const shared_engine& shared, Complain complain)
{
    std::set<std::string> names;
    for (const auto& c : shared->options.commands)
        try
        {
            if (!names.insert(matching::folded(matching::single_spaced(c.what.name))).second)
                complain(c, "there is another command of this name");
            else
                with.command(c.what, handler_of(shared, std::make_shared<ready_command>(c)));
        }
        catch (const std::invalid_argument& e)
        {
            std::string_view why = e.what();
            if (why.starts_with("postern::bot: "))
                why.remove_prefix(14);
            complain(c, std::string(why));
        }
}

std::string placed(const no_code_command& c, const std::string& why)
{
    return c.written_at + (c.written_at.empty() ? "" : ": ") + c.what.name + ": " + why;
}

std::string path_in(const no_code_options& options, const program_call& call)
{
    for (const auto* from : {&call.environment, &options.environment})
        if (const auto found = from->find("PATH"); found != from->end())
            return found->second;
    const char* ours = std::getenv("PATH");
    return ours ? ours : "";
}

bool is_loopback(const std::string& host)
{
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

class commands final : public no_code_commands
{
public:
    commands(no_code_options options, const log& out)
        : engine_(std::make_shared<engine>(std::move(options), out.in("no-code"))),
          book_(std::make_shared<reply_book>(reply_book::limits{engine_->options.open_replies}))
    {
        engine_->replies = book_;
    }
    ~commands() override { book_->close_all(); }

    result<> add_to(bot& to) override
    {
        std::string all;
        register_all(to, engine_, [&all](const no_code_command& c, const std::string& why) {
            all += (all.empty() ? "" : "; ") + placed(c, why);
        });
        if (!all.empty())
            return error(errc::bad_configuration).because(std::move(all));
        return {};
    }

    void open(std::shared_ptr<transport::http_client> client, std::string listener) override
    {
        engine_->client = std::move(client);
        engine_->listener = std::move(listener);
    }

    std::shared_ptr<transport::http_handler> replies() override
    {
        const reply_handler::limits limits{engine_->options.longest_answer, engine_->options.reply_time};
        return std::make_shared<reply_handler>(book_, limits, engine_->out);
    }

    void close() override { book_->close_all(); }

    std::vector<std::string> doubts() const override
    {
        std::vector<std::string> out;
        for (const auto& c : engine_->options.commands)
            if (const auto* program = std::get_if<program_call>(&c.how))
            {
                const auto found =
                    transport::find_program(program->words.front(), path_in(engine_->options, *program));
                if (!found)
                    out.push_back(placed(c, "the command can't be run: " + describe(found.error())));
            }
            else
                doubt(c, std::get<target_call>(c.how), out);
        return out;
    }

private:
    static void doubt(const no_code_command& c, const target_call& target, std::vector<std::string>& out)
    {
        const auto url = transport::parse_url(target.url);
        if (url && target.key.empty() && !is_loopback(url->host))
            out.push_back(placed(c, "its calls to " + url->host +
                                        " are not signed: set secret_file, so that the server can tell "
                                        "them from anybody else's"));
    }

    const shared_engine engine_;
    const std::shared_ptr<reply_book> book_;
};

} // namespace

std::shared_ptr<no_code_commands> no_code_commands::make(no_code_options options, log out)
{
    return std::make_shared<commands>(std::move(options), out);
}

std::vector<std::string> complaints_about(const no_code_options& options)
{
    std::vector<std::string> out;
    bot nobodys;
    const auto with = std::make_shared<engine>(options, quiet_log());
    register_all(nobodys, with,
                 [&out](const no_code_command& c, const std::string& why) { out.push_back(placed(c, why)); });
    return out;
}

} // namespace postern
