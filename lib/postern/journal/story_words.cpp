#include "postern/journal/archive.hpp"

#include "postern/base/ids.hpp"

namespace postern::journal {
namespace {

using std::chrono::milliseconds;

// Whole ids and keys: what is cut can't be asked about.
std::string whole(std::string_view foreign) { return printable(foreign, 1500); }
std::string said(std::string_view reason) { return printable(reason, 500); }

std::string of_two(long long large, std::string_view unit, long long small, std::string_view lesser)
{
    return std::to_string(large) + ' ' + std::string(unit) + ' ' + std::to_string(small) + ' ' +
           std::string(lesser);
}

// "812 ms", "7.3 s", "5 min 36 s", "3 h 12 min", "2 d 4 h"
std::string span(milliseconds time)
{
    const auto ms = time.count();
    const auto s = ms / 1000;
    if (ms < 1000)
        return std::to_string(ms) + " ms";
    if (s < 60)
        return std::to_string(s) + '.' + std::to_string(ms / 100 % 10) + " s";
    if (s < 3600)
        return of_two(s / 60, "min", s % 60, "s");
    if (s < 48 * 3600)
        return of_two(s / 3600, "h", s / 60 % 60, "min");
    return of_two(s / 86400, "d", s / 3600 % 24, "h");
}

std::string times(std::uint64_t n) { return n == 1 ? "once" : std::to_string(n) + " times"; }

void line(std::string& text, std::string_view indent, std::string_view words)
{
    text.append(indent).append(words) += '\n';
}

std::string arrival(const event& e)
{
    const auto at = format_time(e.received);
    switch (e.from)
    {
    case origin::webhook:
        return "came by webhook at " + at +
               (e.signature_checked ? ", its signature checked" : "; its signature was not checked");
    case origin::websocket: return "came by websocket at " + at;
    case origin::recovery:
        return "came by recovery at " + at +
               ": nobody was listening when it was sent, so it was fetched later";
    case origin::replay: return "came by replay at " + at;
    }
    return "came at " + at;
}

std::string lateness(const event& e)
{
    const auto late = std::chrono::floor<milliseconds>(e.received - e.happened);
    const auto text = "said at " + format_time(e.happened) + ", ";
    if (late < milliseconds::zero())
        return text + span(-late) + " after it came: the clocks of Webex and of this machine differ";
    return text + span(late) + " before it came";
}

// "8f14e45f-..., MESSAGE" beside the id that says the same to machines only.
std::string with_uuid(const std::string& id)
{
    const auto parts = parse_id(id);
    return parts ? whole(id) + "  (" + said(parts->native) + ')' : whole(id);
}

void field(std::string& text, std::string_view name, const std::string& value)
{
    if (!value.empty())
        line(text, "  ", std::string(name) + std::string(name.size() < 8 ? 8 - name.size() : 0, ' ') + value);
}

std::string thing(const event& e)
{
    if (e.resource == "messages")
        return "message";
    if (e.resource == "attachmentActions")
        return "card";
    return "about";
}

void tell_event(std::string& text, const story& s)
{
    const auto& e = s.what;
    line(text, "", "event " + std::to_string(s.record) + ": " + said(e.kind()));
    line(text, "  ", arrival(e));
    if (e.happened != wall_time{})
        line(text, "  ", lateness(e));
    if (s.repeats > 0)
        line(text, "  ",
             "came again " + times(s.repeats) +
                 (s.repeated ? ", the last time at " + format_time(*s.repeated) : "") +
                 "; that changed nothing");
    field(text, thing(e), with_uuid(e.data_id));
    field(text, "room", with_uuid(e.room));
    field(text, "actor", with_uuid(e.actor));
    field(text, "bot", with_uuid(e.bot));
    field(text, "key", whole(e.key));
    // The lane's real name is made of the ids above, and as long as both.
    field(text, "lane",
          e.room.empty() ? "events of this bot without a room, one after another"
                         : "events of this bot in this room, one after another");
}

std::string_view became(outcome::kind what)
{
    switch (what)
    {
    case outcome::kind::done: return "done";
    case outcome::kind::ignored: return "ignored";
    case outcome::kind::retry: return "not this time";
    case outcome::kind::dead: return "given up";
    }
    return "unknown";
}

std::string reply_words(const effect& e)
{
    const auto begin = "reply " + std::to_string(e.number) + " at " + format_time(e.at) + ": ";
    if (e.id.empty())
        return begin + "it may have gone out; whether it did is not known, because no answer came";
    return begin + with_uuid(e.id);
}

std::string waiting_words(const delivery_record& d, const event& e)
{
    const auto next = d.attempts.empty() ? 1 : d.attempts.back().number + 1;
    const bool again = !d.attempts.empty() && d.attempts.back().what != outcome::kind::retry;
    const auto begin = (again ? "to be handled again" : "waiting since " + format_time(e.received)) + ": ";
    if (d.due)
        return begin + "attempt " + std::to_string(next) + " is due at " + format_time(*d.due);
    return begin + "attempt " + std::to_string(next) +
           " is under way, or comes when what is before it in its lane is over";
}

// A command by its name, anything else as what it is: words.
std::string with_reason(std::string_view became, outcome::kind what, const std::string& reason)
{
    std::string text(became);
    if (reason.empty())
        return text;
    return text + (what == outcome::kind::done && reason.starts_with('/') ? " by " : ": ") + said(reason);
}

std::string attempt_words(const attempt_record& a)
{
    return "attempt " + std::to_string(a.number) + " at " + format_time(a.started) + " took " + span(a.took) +
           ": " + with_reason(became(a.what), a.what, a.reason);
}

std::string guard_words(const judgement& said)
{
    const auto begin = "the guard: " + std::string(to_string(said.what));
    return begin + (said.reason.empty() ? "" : ": " + printable(said.reason, 500)) +
           (said.cached ? " (known)" : " (asked)");
}

// The reason of what ended it, for the line that is read first.
std::string verdict_words(const delivery_record& d, const event& e)
{
    if (d.how_far == progress::waiting)
        return waiting_words(d, e);
    if (d.attempts.empty())
        return std::string(to_string(d.how_far));
    return with_reason(to_string(d.how_far), d.attempts.back().what, d.attempts.back().reason);
}

void tell_what_to_do(std::string& text, record_id record, const delivery_record& d)
{
    const auto number = std::to_string(record);
    if (!d.asked.empty())
        line(text, "    ",
             "a " + said(d.asked) +
                 " was asked for: a running postern takes it up within a second, else the next start does");
    else if (d.how_far == progress::dead)
        line(text, "    ",
             "to go on where it ended: postern events retry " + number +
                 "; as if it had never been: postern events replay " + number);
    else if (d.how_far == progress::ignored)
        line(text, "    ", "to have it looked at again: postern events replay " + number);
}

void tell_delivery(std::string& text, const story& s, const delivery_record& d)
{
    line(text, "  ", said(d.consumer) + ": " + verdict_words(d, s.what));
    for (const auto& a : d.attempts)
    {
        line(text, "    ", attempt_words(a));
        if (a.guard)
            line(text, "      ", guard_words(*a.guard));
    }
    for (const auto& e : d.effects)
        line(text, "    ", reply_words(e));
    tell_what_to_do(text, s.record, d);
}

} // namespace

std::string_view to_string(progress p) noexcept
{
    switch (p)
    {
    case progress::waiting: return "waiting";
    case progress::done: return "done";
    case progress::ignored: return "ignored";
    case progress::dead: return "dead";
    }
    return "unknown";
}

std::optional<progress> parse_progress(std::string_view text) noexcept
{
    for (const auto p : {progress::waiting, progress::done, progress::ignored, progress::dead})
        if (text == to_string(p))
            return p;
    return std::nullopt;
}

std::optional<verdict> parse_verdict(std::string_view text) noexcept
{
    for (const auto v : {verdict::admitted, verdict::refused, verdict::undecided})
        if (text == to_string(v))
            return v;
    return std::nullopt;
}

const judgement* last_judgement(const delivery_record& d) noexcept
{
    for (auto a = d.attempts.rbegin(); a != d.attempts.rend(); ++a)
        if (a->guard)
            return &*a->guard;
    return nullptr;
}

std::string tell(const story& s)
{
    std::string text;
    tell_event(text, s);
    if (s.deliveries.empty())
        line(text, "  ", "nobody was to handle it: it came before any consumer of this journal began");
    for (const auto& d : s.deliveries)
        tell_delivery(text, s, d);
    return text;
}

} // namespace postern::journal
