#include "postern/source/tunnel/supervisor.hpp"

#include "postern/base/within.hpp"
#include "postern/source/bell.hpp"
#include "postern/source/tunnel/leftover.hpp"
#include "postern/source/tunnel/own_files.hpp"

#include <unistd.h>

namespace postern::source {
namespace {

using steady = std::chrono::steady_clock;
using transport::child_end;
using transport::child_options;
using transport::child_process;

constexpr std::size_t most_notices = 20;

result<std::unique_ptr<child_process>> place_taken(const std::string& name)
{
    return error(errc::bad_configuration, "starting " + name)
        .because("another postern uses the same data directory and has its tunnel up")
        .advise("give each its own with --data-dir");
}

} // namespace

supervisor::supervisor(net::any_io_executor strand, setup s, std::unique_ptr<tunnel_program> program, log out)
    : with_(std::move(s)), log_(out.in("tunnel")), program_(std::move(program)), strand_(std::move(strand)),
      changed_(strand_), policy_(with_.options, program_->traits())
{
}

tunnel_state supervisor::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

awaitable<void> supervisor::run()
{
    child_ptr child; // in this frame, so that it goes before the context does
    for (;;)
    {
        show();
        const bool stopped = co_await cancelled();
        if (stopped)
            break;
        switch (policy_.due(steady::now()))
        {
        case tunnel_policy::move::start: co_await start(child); break;
        case tunnel_policy::move::stop: co_await stop(child); break;
        case tunnel_policy::move::look: co_await look(); break;
        case tunnel_policy::move::nothing: co_await wait(child); break;
        }
    }
    co_await shut_down(child);
}

awaitable<void> supervisor::start(child_ptr& child)
{
    if (version_.empty() || policy_.phase() == tunnel_phase::failed) // a person may have updated it
        co_await ask_version();
    const bool clear = co_await clear_the_way();
    const bool stopped = co_await cancelled();
    if (stopped)
        co_return;
    auto next = clear ? launch() : place_taken(policy_.traits().name);
    if (next.has_error())
    {
        lost_ = false;
        program_->clean_up();
        policy_.not_started(next.error(), steady::now(), random_fraction());
        co_return;
    }
    child = std::move(*next);
    pid_ = child->pid();
    policy_.started(steady::now());
}

// False: a child of another postern that lives is in our place.
awaitable<bool> supervisor::clear_the_way()
{
    const auto note = read_child_note(read_own_file(note_file()));
    if (!note)
        co_return true;
    const auto found = judge_leftover(*note);
    if (found == leftover::theirs)
        co_return false;
    if (found == leftover::ours)
        co_await end_leftover(strand_, *note, with_.options.stop_patience, log_);
    remove_own_file(note_file());
    co_return true;
}

result<supervisor::child_ptr> supervisor::launch()
{
    auto plan = program_->prepare();
    if (plan.has_error())
        return plan.error();
    lines_.clear();
    auto options = options_of(std::move(plan->arguments));
    for (auto& [name, value] : plan->environment)
        options.environment.insert_or_assign(name, std::move(value));
    options.on_line = [this](child_options::stream, std::string_view line) { heard(line); };
    auto child = child_process::start(strand_, std::move(options), log_);
    if (child.has_error())
        return child;
    web_addr_ = plan->web_addr;
    write_note((*child)->pid());
    return child;
}

// So that the next start finds it, should we be killed. Again once it is online: a script may have put the
// real program in its own place.
void supervisor::write_note(int pid)
{
    const auto mark = mark_process(pid);
    const auto us = mark_process(::getpid());
    if (!mark || !us || note_file().empty())
        return;
    const auto kept = write_own_file(note_file(), to_text({*mark, *us, web_addr_}));
    if (kept.has_error())
        log_.warning("should postern crash, its child would not be found at the next start",
                     {{"reason", describe(kept.error())}});
}

child_options supervisor::options_of(std::vector<std::string> arguments) const
{
    child_options options;
    options.program = with_.program;
    options.arguments = std::move(arguments);
    options.environment = with_.environment;
    return options;
}

awaitable<void> supervisor::ask_version()
{
    auto arguments = program_->version_arguments();
    if (arguments.empty())
        co_return;
    std::optional<program_version> found;
    auto options = options_of(std::move(arguments));
    options.on_line = [&found](child_options::stream, std::string_view line) {
        if (!found)
            found = find_version(line.substr(0, 200));
    };
    auto child = child_process::start(strand_, std::move(options), log_);
    if (child.has_error())
        co_return; // the start will fail likewise, and say so
    const auto end = co_await (*child)->ended(deadline::after(with_.options.version_timeout));
    const bool stopped = co_await cancelled();
    if (stopped)
        co_return;
    if (!found)
    {
        log_.warning("the program does not tell its version; taken for a current one",
                     {{"program", with_.program},
                      {"reason", end.has_error() ? "it did not answer in time" : end->words()}});
        co_return;
    }
    version_ = found->text();
    program_->is_version(*found);
}

awaitable<void> supervisor::stop(child_ptr& child)
{
    const auto end = co_await child->stop(with_.options.stop_patience);
    ended(end, child);
}

awaitable<void> supervisor::look()
{
    const auto limit = deadline::after(with_.options.api_timeout);
    const auto seen = co_await program_->look(limit);
    const bool stopped = co_await cancelled();
    if (!stopped)
        policy_.looked(seen, steady::now());
}

// Until the child ends, something is heard, or the policy wants to be asked.
awaitable<void> supervisor::wait(child_ptr& child)
{
    const auto next = policy_.next();
    if (!child)
    {
        co_await changed_.wait_until(next);
        co_return;
    }
    const auto end = co_await changed_.unless_rung(child->ended(deadline::at(next)));
    if (end.has_value())
        ended(*end, child);
}

awaitable<void> supervisor::shut_down(child_ptr& child)
{
    closing_ = true;
    show();
    if (child)
    {
        const auto end = co_await child->stop(with_.options.stop_patience);
        log_.info("tunnel closed", {{"program", with_.program}, {"end", end.words()}});
        child.reset();
    }
    pid_.reset();
    program_->clean_up();
    remove_own_file(note_file());
    show();
}

void supervisor::heard(std::string_view line)
{
    using kind = tunnel_news::kind;
    const auto news = program_->read(line);
    if (news.what == kind::chatter)
        return;
    lines_.add(printable(with_.hide(line.substr(0, 4096)), last_lines::longest));
    if (news.what == kind::notice && notices_.size() < most_notices && notices_.insert(news.text).second)
        log_.info(news.text);
    if (news.what == kind::notice || news.what == kind::nothing)
        return;
    policy_.heard(news, steady::now());
    show();
    changed_.ring();
}

void supervisor::ended(const child_end& end, child_ptr& child)
{
    child.reset();
    pid_.reset();
    program_->clean_up();
    remove_own_file(note_file());
    lost_ = policy_.was_online();
    const bool spoke = policy_.traits().last_line_tells && end.code && *end.code != 0;
    policy_.ended(end.words(), spoke ? lines_.last() : std::string(), steady::now(), random_fraction());
    for (const auto& line : lines_.all())
        log_.debug("the child said", {{"line", line}});
}

// --- what others may know ---------------------------------------------------------------------------------

tunnel_state supervisor::current() const
{
    tunnel_state now;
    now.phase = closing_ ? tunnel_phase::stopping : policy_.phase();
    now.url = closing_ ? std::string() : policy_.url();
    now.reason = policy_.reason();
    now.code = policy_.code();
    now.version = version_;
    now.pid = pid_;
    now.restarts = policy_.restarts();
    return now;
}

void supervisor::show()
{
    auto now = current();
    tunnel_state before;
    {
        const std::lock_guard lock(mutex_);
        before = state_;
        now.since =
            now.phase == before.phase && before.since ? before.since : std::chrono::system_clock::now();
        state_ = now;
    }
    if (now.phase == before.phase && now.url == before.url && now.restarts == before.restarts)
        return;
    tell(before, now);
    if (with_.watch)
        with_.watch(now);
}

void supervisor::tell(const tunnel_state& before, const tunnel_state& now)
{
    const auto since = std::exchange(phase_since_, steady::now());
    const auto again = "; trying again in " + in_words(policy_.again_in(steady::now()));
    switch (now.phase)
    {
    case tunnel_phase::starting:
        log_.info("starting the tunnel", {{"program", with_.program}, {"version", now.version}});
        break;
    case tunnel_phase::online:
        if (before.phase == tunnel_phase::online)
            log_.warning("the tunnel has another URL", {{"url", now.url}, {"was", before.url}});
        else
        {
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(phase_since_ - since);
            log_.info("tunnel online", {{"url", now.url}, {"after", in_words(took)}});
            if (now.pid)
                write_note(*now.pid);
        }
        break;
    case tunnel_phase::offline:
        log_.warning("tunnel offline: " + now.reason +
                     "; it reconnects by itself, and is started anew after " +
                     in_words(with_.options.offline_limit));
        break;
    case tunnel_phase::waiting:
        log_.warning((lost_ ? "tunnel lost: " : "no tunnel: ") + now.reason + again);
        break;
    case tunnel_phase::failed:
        log_.error((lost_ ? "tunnel lost: " : "no tunnel: ") + now.reason + again);
        break;
    case tunnel_phase::idle:
    case tunnel_phase::stopping: break;
    }
}

std::string supervisor::note_file() const
{
    return with_.options.directory.empty() ? std::string() : with_.options.directory + "/tunnel.pid";
}

} // namespace postern::source
