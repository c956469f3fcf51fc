#include "postern/bot/no_code/run_program.hpp"

#include "postern/bot/no_code/program_output.hpp"
#include "postern/transport/child_process.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>

namespace postern::no_code {
namespace {

using transport::child_options;
using transport::child_process;

// What a running program and the one who reads it share.
struct running
{
    running(std::size_t kept, std::size_t flood) : output(kept, flood) {}

    void hear(child_options::stream from, std::string_view line)
    {
        if (output.flooded())
            return;
        if (from == child_options::stream::out)
            output.out(line);
        else
            output.err(line);
        if (output.flooded() && process)
            process->signal(SIGKILL);
    }

    program_output output;
    std::unique_ptr<child_process> process;
};

child_options options_for(const program_call& what, telling about, const no_code_options& how)
{
    child_options out;
    out.program = what.words.front();
    out.arguments.assign(what.words.begin() + 1, what.words.end());
    out.environment = how.environment;
    for (const auto& [name, value] : what.environment)
        out.environment.insert_or_assign(name, value);
    out.environment.merge(about.variables);
    out.directory = what.directory;
    out.input = std::move(about.json);
    out.line_limit = how.longest_output + 1; // so every piece of a line is longer than what is kept
    return out;
}

std::string last_words(const program_output& output)
{
    const auto& line = output.last_error();
    return line.empty() ? "" : ", and said: " + printable(line, 400);
}

std::string fence_for(const std::string& text)
{
    std::size_t longest = 2;
    std::size_t now = 0;
    for (const char c : text)
    {
        now = c == '`' ? now + 1 : 0;
        longest = std::max(longest, now);
    }
    return std::string(longest + 1, '`');
}

answer_of read_end(const transport::child_end& end, const program_call& what, const program_output& output)
{
    if (end.code != 0)
    {
        const auto how = end.code     ? "exit " + std::to_string(*end.code)
                         : end.signal ? "signal " + std::to_string(*end.signal)
                                      : std::string("nobody knows how it ended");
        auto told = "failed (" + how + ')';
        if (what.show_errors && !output.last_error().empty())
            told += ": " + output.last_error();
        return answer_of::failure(std::move(told), "it ended with " + end.words() + last_words(output));
    }
    auto said = output.said();
    answer_of out;
    out.says = as_spoken(what.as, std::move(said.text), said.cut);
    out.later_too = true;
    return out;
}

} // namespace

spoken as_spoken(program_call::format as, std::string text, bool cut)
{
    spoken out;
    if (text.empty())
        return out;
    out.what = as == program_call::format::text ? spoken::kind::text : spoken::kind::markdown;
    out.words = std::move(text);
    if (as == program_call::format::code)
    {
        const auto fence = fence_for(out.words);
        out.words = fence + '\n' + out.words + '\n' + fence;
    }
    if (cut)
        out.words += "\n\n(There was more: the rest was cut off.)";
    return out;
}

awaitable<answer_of> run_program(program_call what, telling about, no_code_options how, deadline limit,
                                 log out)
{
    const auto it = std::make_shared<running>(how.longest_output, how.flood);
    auto options = options_for(what, std::move(about), how);
    // Not `it` itself: the process that it owns keeps this function.
    options.on_line = [it = it.get()](child_options::stream from, std::string_view line) {
        it->hear(from, line);
    };
    auto started = child_process::start(co_await net::this_coro::executor, std::move(options), out);
    if (!started)
        co_return answer_of::failure("failed (it could not be started)", describe(started.error()));
    it->process = std::move(*started);
    auto ended = co_await it->process->ended(limit);
    if (!ended)
    {
        const bool in_time = !ended.error().is(errc::timed_out);
        co_await it->process->stop(how.stop_patience);
        if (in_time)
            co_return answer_of::stop();
        co_return answer_of::failure("took too long and was stopped",
                                     "it took longer than its time and was stopped" + last_words(it->output));
    }
    if (it->output.flooded())
        co_return answer_of::failure("failed (it wrote too much)", "it wrote more than " +
                                                                       std::to_string(how.flood) +
                                                                       " bytes and was stopped");
    co_return read_end(*ended, what, it->output);
}

} // namespace postern::no_code
