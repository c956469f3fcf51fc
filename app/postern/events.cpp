#include "commands.hpp"

#include "postern/gateway/process.hpp"
#include "postern/gateway/settings.hpp"
#include "postern/journal/archive.hpp"
#include "postern/journal/story_table.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>

namespace postern::app {
namespace {

using journal::archive;
using journal::selection;
using journal::story;
using task = events_arguments::task;

constexpr std::size_t listed = 50;          // unless --limit says otherwise
constexpr std::size_t most_asked = 100'000; // that are replayed or retried by one command
constexpr std::size_t narrowest = 100;      // characters of a table's line

int complain(const std::string& words, int code)
{
    std::cerr << "postern events: " << words << '\n';
    return code;
}

int fail(const error& why) { return complain(describe(why), exit_code_for(why)); }

std::size_t width_of_terminal()
{
    winsize size = {};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    return std::max(narrowest, known ? std::size_t{size.ws_col} : 0);
}

error wrong(const char* flag, const std::string& value, const char* expected)
{
    return error(errc::bad_configuration, flag).because('"' + printable(value) + "\": expected " + expected);
}

result<> read_time(std::optional<wall_time>& into, const char* flag, const std::string& text)
{
    if (text.empty())
        return {};
    into = journal::parse_since(text, std::chrono::system_clock::now());
    if (!into)
        return wrong(flag, text, "an age (30m, 2h, 3d), a day or a moment (2026-02-11T09:14:27Z)");
    return {};
}

std::string verb_of(const events_arguments& given) { return given.what == task::replay ? "replay" : "retry"; }

bool has_filter(const events_arguments& given)
{
    return given.all || given.limit ||
           !(given.state + given.verdict + given.since + given.until + given.room + given.kind).empty();
}

// A replay of everything is nobody's wish, and must be asked for in so many words.
result<> check_what_is_meant(const events_arguments& given)
{
    if (given.what != task::replay && given.what != task::retry)
        return {};
    const bool replays = given.what == task::replay;
    if (given.names.empty() && !has_filter(given))
        return error(errc::bad_configuration, verb_of(given))
            .because(std::string("say which: one or more IDs, or ") +
                     (replays ? "--since TIME, --room ROOM ..." : "--all"));
    if (!given.names.empty() && has_filter(given))
        return error(errc::bad_configuration, verb_of(given)).because("either IDs or a selection, not both");
    return {};
}

result<selection> selected(const events_arguments& given)
{
    selection wanted;
    wanted.most = given.limit.value_or(given.what == task::list ? listed : most_asked);
    wanted.room = given.room;
    wanted.kind = given.kind;
    wanted.consumer = given.consumer;
    if (!given.state.empty())
    {
        wanted.how_far = journal::parse_progress(given.state);
        if (!wanted.how_far)
            return wrong("--state", given.state, "waiting, done, ignored or dead");
    }
    if (!given.verdict.empty())
    {
        wanted.verdict = journal::parse_verdict(given.verdict);
        if (!wanted.verdict)
            return wrong("--verdict", given.verdict, "admitted, refused or undecided");
    }
    auto since = read_time(wanted.since, "--since", given.since);
    if (since.has_error())
        return since.error();
    auto until = read_time(wanted.until, "--until", given.until);
    if (until.has_error())
        return until.error();
    if (given.what == task::retry && !wanted.how_far)
        wanted.how_far = journal::progress::dead;
    return wanted;
}

int list(archive& from, const events_arguments& given, const selection& wanted)
{
    const auto found = from.list(wanted);
    if (found.has_error())
        return fail(found.error());
    if (given.as_json)
    {
        std::cout << '[';
        for (const auto& s : *found)
            std::cout << (&s == &found->front() ? "" : ",\n ") << to_json(s);
        std::cout << "]\n";
    }
    else if (!found->empty())
        std::cout << journal::to_table(*found, width_of_terminal());
    if (found->empty())
        return complain("there are none of that kind", exit_failed);
    if (!given.limit && found->size() == wanted.most)
        std::cerr << "these are the newest " << wanted.most << "; --limit N shows more\n";
    return exit_ok;
}

// All events that the names stand for; an error for the first name that stands for none.
result<std::vector<story>> named(archive& from, const std::vector<std::string>& names)
{
    std::vector<story> all;
    for (const auto& name : names)
    {
        auto found = from.find(name);
        if (found.has_error())
            return found;
        if (found->empty())
            return error(errc::not_found, "looking for " + printable(name, 400))
                .because("the journal knows nothing of it")
                .advise("events that are over are kept for some days only (journal.keep)");
        std::move(found->begin(), found->end(), std::back_inserter(all));
    }
    return all;
}

int tell_of(archive& from, const events_arguments& given)
{
    const auto found = named(from, given.names);
    if (found.has_error())
        return fail(found.error());
    const bool words = given.what == task::why && !given.as_json;
    for (const auto& s : *found)
    {
        if (words && &s != &found->front())
            std::cout << '\n';
        std::cout << (words ? tell(s) : to_json(s) + '\n');
    }
    return exit_ok;
}

// Those that were named, or those that fit; oldest first, as they would have been handled.
result<std::vector<record_id>> meant(archive& from, const events_arguments& given, const selection& wanted)
{
    auto found = given.names.empty() ? from.list(wanted) : named(from, given.names);
    if (found.has_error())
        return found.error();
    std::vector<record_id> records;
    for (const auto& s : *found)
        records.push_back(s.record);
    std::sort(records.begin(), records.end());
    records.erase(std::unique(records.begin(), records.end()), records.end());
    return records;
}

int ask_again(archive& from, const events_arguments& given, const selection& wanted)
{
    const auto records = meant(from, given, wanted);
    if (records.has_error())
        return fail(records.error());
    const auto asked = given.what == task::replay ? from.replay(*records, given.consumer)
                                                  : from.retry(*records, given.consumer);
    if (asked.has_error())
        return fail(asked.error());
    const bool running = from.in_use();
    if (given.as_json)
        std::cout << "{\"asked\": " << *asked << ", \"running\": " << (running ? "true" : "false") << "}\n";
    if (*asked == 0)
        return complain(given.what == task::replay
                            ? "nothing to replay: nothing fits, or it is still waiting for its turn"
                            : "nothing to retry: none of it is dead",
                        exit_failed);
    if (!given.limit && records->size() == wanted.most)
        std::cerr << "these are the newest " << wanted.most << " that fit; --until TIME selects older ones\n";
    if (!given.as_json)
        std::cout << verb_of(given) << " of " << *asked << (*asked == 1 ? " delivery" : " deliveries")
                  << " asked for"
                  << (running ? "" : "; no postern runs on this journal: it is done at the next start")
                  << '\n';
    return exit_ok;
}

} // namespace

int events_command(const events_arguments& given)
{
    const auto meaning = check_what_is_meant(given);
    if (meaning.has_error())
        return fail(meaning.error());
    const auto wanted = selected(given);
    if (wanted.has_error())
        return fail(wanted.error());
    const auto options = load_options_without_secrets(given.config, given.flags,
                                                      [](const char* name) { return std::getenv(name); });
    if (options.has_error())
        return fail(options.error());
    if (options->journal.engine == journal_engine::memory)
        return complain("with journal.engine = memory nothing is kept that could be shown", exit_usage);
    const auto opened = archive::open(journal_file(*options));
    if (opened.has_error())
        return fail(opened.error());
    switch (given.what)
    {
    case task::list: return list(**opened, given, *wanted);
    case task::show:
    case task::why: return tell_of(**opened, given);
    case task::replay:
    case task::retry: break;
    }
    return ask_again(**opened, given, *wanted);
}

} // namespace postern::app
