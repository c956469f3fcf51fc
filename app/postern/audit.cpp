#include "commands.hpp"

#include "postern/base/task_scope.hpp"
#include "postern/gateway/audit.hpp"
#include "postern/gateway/process.hpp"
#include "postern/gateway/settings.hpp"
#include "postern/guard/audit_meter.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace postern::app {
namespace {

// Standard error, shared by the log and the progress: a bar where somebody looks, lines elsewhere.
class display
{
public:
    explicit display(const gateway_options& o)
        : terminal_(::isatty(STDERR_FILENO) == 1), sink_(stderr_sink(o.format)), level_(o.level)
    {
    }

    log writer() // of the calls: what goes right or is repeated is no news for who waits for a report
    {
        return {std::min(level_, severity::warning), [this](const log_line& line) {
                    wipe();
                    sink_(line);
                }};
    }

    void show(const guard::audit_state& s)
    {
        const auto now = std::chrono::steady_clock::now();
        if (!began_ && s.known_before > 0)
            say("goes on where an audit was interrupted; --restart begins anew");
        began_ = true;
        if (terminal_)
        {
            if (const auto bar = meter_.bar(s, now))
            {
                std::cerr << "\r\x1b[K" << *bar << std::flush;
                drawn_ = true;
            }
        }
        else if (level_ >= severity::info)
            if (const auto line = meter_.line(s, now))
                say(*line);
    }

    void say(const std::string& words)
    {
        wipe();
        std::cerr << "postern audit: " << words << std::endl;
    }

    void wipe()
    {
        if (drawn_)
            std::cerr << "\r\x1b[K" << std::flush;
        drawn_ = false;
    }

private:
    const bool terminal_;
    const log::sink sink_;
    const severity level_;
    guard::audit_meter meter_;
    bool began_ = false;
    bool drawn_ = false;
};

int code_for(const guard::audit_report& r)
{
    if (!r.complete || r.failures > 0)
        return exit_incomplete;
    return r.bad.size() == r.mended() ? exit_ok : exit_failed;
}

struct task
{
    const audit_arguments& given;
    const gateway_options& options;
    display& screen;
    task_scope work{[this](std::exception_ptr failure) { thrown = failure; }};
    std::exception_ptr thrown{};
    std::optional<result<guard::audit_report>> made{};
    bool stopped = false;

    awaitable<int> run(net::any_io_executor executor)
    {
        const task_scope::task audit = [this, executor] { return look(executor); };
        work.spawn(co_await net::this_coro::executor, audit);
        const auto for_ever = deadline::at(deadline::clock::time_point::max());
        co_await work.drained(for_ever);
        if (thrown)
            std::rethrow_exception(thrown);
        co_return end();
    }

    // On the strand, as run().
    void stop()
    {
        stopped = true;
        work.stop(net::cancellation_type::terminal);
    }

private:
    awaitable<void> look(net::any_io_executor executor)
    {
        audit_wish wish;
        wish.fix = given.fix;
        wish.restart = given.restart;
        wish.progress = [this](const guard::audit_state& s) { screen.show(s); };
        auto outcome = co_await audit_rooms(std::move(executor), options, std::move(wish), screen.writer());
        made.emplace(std::move(outcome));
    }

    int end() const
    {
        screen.wipe();
        if (made->has_error())
        {
            const auto& why = made->error();
            screen.say(describe(why));
            const auto code = exit_code_for(why);
            return code == exit_failed ? exit_incomplete : code;
        }
        const auto& report = **made;
        if (given.as_json)
            std::cout << to_json(report) << std::endl;
        else
            std::cout << tell(report) << std::flush;
        if (!report.complete)
            screen.say((stopped ? "interrupted after " : "Webex can't be reached; given up after ") +
                       std::to_string(report.looked_at) + " of " + std::to_string(report.rooms) +
                       " rooms; postern audit again goes on from there, --restart begins anew");
        else if (!given.fix && !given.as_json && report.bad.size() > report.failures)
            screen.say("nothing was changed; --fix " +
                       std::string(options.guard.action == guard::on_refusal::remove
                                       ? "removes the outsiders, or leaves where the bot is no moderator"
                                       : "leaves these rooms"));
        return code_for(report);
    }
};

} // namespace

int audit_command(const audit_arguments& given)
{
    const auto options =
        load_options(given.config, given.flags, [](const char* name) { return std::getenv(name); });
    if (options.has_error())
    {
        std::cerr << "postern audit: " << describe(options.error()) << '\n';
        return exit_code_for(options.error());
    }
    display screen(*options);
    task one{given, *options, screen};
    return run_process(
        1, [&one](net::any_io_executor executor) { return one.run(std::move(executor)); },
        [&one] { one.stop(); }, screen.writer());
}

} // namespace postern::app
