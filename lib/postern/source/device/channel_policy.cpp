#include "postern/source/device/channel_policy.hpp"

#include <algorithm>
#include <cctype>

namespace postern::source {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds alarm_pause = 5min;
constexpr milliseconds too_many_pause = 60s; // where a 429 names no time (mercury.md 4.7)
constexpr milliseconds longest_retry_after =
    15min;                                   // whatever the cloud says: a bot is not left deaf for days
constexpr milliseconds replaced_pause = 30s; // and up to as much again (mercury.md 4.7)
constexpr milliseconds replaced_memory = 15min;
constexpr milliseconds growth_starts = 1min;
constexpr unsigned forgiven_deaths = 3; // in a row, of channels that did not live for a ping period
constexpr unsigned growth = 24; // after an hour's outage nobody minds 32 s more, after a minute's 2.5 s

milliseconds spread(milliseconds base, double part, double random)
{
    return base + milliseconds(static_cast<long>(static_cast<double>(base.count()) * part * random));
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool mentions(std::string_view text, std::string_view words)
{
    return lower(text).find(words) != lower(text).npos;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

// With aliasHttpStatus=true failures come as HTTP status + 4000 (mercury.md 4.1).
std::optional<unsigned> aliased_status(std::uint16_t code)
{
    if (code < 4400 || code > 4599)
        return std::nullopt;
    return code - 4000u;
}

std::string close_words(const setback& s)
{
    if (s.code == 1006)
        return "the connection was lost" + (s.why.code ? " (" + describe(s.why) + ')' : std::string());
    std::string words = s.why.is(errc::too_large) || s.why.is(errc::bad_response)
                            ? "we closed it with " + std::to_string(s.code)
                            : "closed by the cloud with " + std::to_string(s.code);
    if (const auto meaning = meaning_of_close(s.code); !meaning.empty())
        words.append(" (").append(meaning).append(")");
    if (!s.reason.empty())
        words.append(": \"").append(printable(s.reason, 120)).append("\"");
    return words;
}

std::string words_of(const setback& s)
{
    switch (s.what)
    {
    case setback::kind::refused:
    case setback::kind::failed: return describe(s.why);
    case setback::kind::closed: return close_words(s);
    case setback::kind::never_ready: return "the cloud did not say that we are in";
    case setback::kind::silent: return "no pong; the cloud is gone without a word";
    case setback::kind::slept: return "we were asleep, and the cloud does not answer any more";
    case setback::kind::announced: return "the cloud announced that it will close the channel";
    case setback::kind::moved: return "the catalogue names another registration service";
    }
    return {};
}

} // namespace

setback setback::of(stage where, error why)
{
    setback s;
    s.where = where;
    s.status = why.status;
    if (s.status == 0 && why.is(errc::not_found))
        s.status = 404;
    if (s.status == 0 && why.is(errc::token_rejected))
        s.status = 401;
    s.what = s.status >= 400 ? kind::refused : kind::failed;
    s.why = std::move(why);
    return s;
}

std::string_view to_string(remedy what) noexcept
{
    switch (what)
    {
    case remedy::reconnect: return "reconnecting";
    case remedy::refresh_device: return "refreshing the device";
    case remedy::register_anew: return "registering anew";
    case remedy::discover_anew: return "starting over with the catalogue";
    case remedy::doubt_token: return "asking whether the token still holds";
    case remedy::alarm: return "a person must look";
    }
    return "unknown";
}

channel_policy::channel_policy(const device_options& options, time_point now)
    : options_(options), outage_since_(now), rebuilt_(now)
{
}

void channel_policy::ready(time_point now)
{
    ready_since_ = now;
    gone_ = denied_ = 0;
}

treatment channel_policy::after(const setback& s, time_point now, double random)
{
    if (ready_since_)
    {
        // A cloud that lets us in only to throw us out is not asked twice a second for ever.
        young_deaths_ = now - *ready_since_ >= options_.ping_every ? 0 : young_deaths_ + 1;
        failures_ = std::max(young_deaths_, forgiven_deaths) - forgiven_deaths;
        outage_since_ = rebuilt_ = now;
        ready_since_.reset();
    }
    auto t = decide(s, now, random);
    ++failures_;
    if (t.what == remedy::alarm || t.what == remedy::discover_anew)
        rebuilt_ = now;
    else if (now - rebuilt_ >= options_.rebuild_after)
    {
        t.what = remedy::discover_anew;
        rebuilt_ = now;
    }
    t.words = words_of(s) + t.words;
    return t;
}

treatment channel_policy::decide(const setback& s, time_point now, double random)
{
    switch (s.what)
    {
    case setback::kind::refused: return answered(s.status, s, now, random);
    case setback::kind::failed:
        if (s.why.is(errc::bad_input) || s.why.is(errc::bad_configuration))
            return alarm(random);
        // Something was registered that we can't use: more of these would only fill the user's limit.
        if (s.where == stage::registration && s.why.is(errc::bad_response) && s.why.maybe_sent)
            return alarm(random);
        return again(s, now, random);
    case setback::kind::closed: return closed(s, now, random);
    case setback::kind::never_ready:
    case setback::kind::silent: return again(s, now, random);
    case setback::kind::slept:
    case setback::kind::announced: return soon(remedy::reconnect, now, random);
    case setback::kind::moved: return soon(remedy::discover_anew, now, random);
    }
    return again(s, now, random);
}

// `status` is an HTTP status, or the one that a close code stands for.
treatment channel_policy::answered(unsigned status, const setback& s, time_point now, double random)
{
    treatment t;
    switch (status)
    {
    case 401: t = {remedy::doubt_token, backoff_pause(now, random), {}}; break;
    case 400:
    case 403:
    case 451:
        if (s.where == stage::refresh) // that device is not ours any more; another one may be had
            t = {remedy::register_anew, backoff_pause(now, random), {}};
        else
            t = alarm(random);
        break;
    case 404:
    case 410: t = gone(s, now, random); break;
    case 429: return as_asked(s, random);
    default: t = again(s, now, random);
    }
    if (s.why.retry_after)
        t.pause = std::max(t.pause, std::min(*s.why.retry_after, longest_retry_after));
    return t;
}

treatment channel_policy::gone(const setback& s, time_point now, double random)
{
    const auto pause = backoff_pause(now, random);
    switch (s.where)
    {
    case stage::refresh:
    case stage::handshake: return {remedy::register_anew, gone_++ == 0 ? milliseconds(0) : pause, {}};
    case stage::authorising:
    case stage::serving: return {denied_++ == 0 ? remedy::refresh_device : remedy::register_anew, pause, {}};
    case stage::catalogue:
    case stage::registration: break;
    }
    return {remedy::discover_anew, pause, {}};
}

treatment channel_policy::closed(const setback& s, time_point now, double random)
{
    const bool no_status = s.code == 1005;
    if ((no_status || s.code == 1008) && mentions(s.reason, "authentication failed"))
        return {remedy::doubt_token, backoff_pause(now, random), {}};
    if ((no_status && mentions(s.reason, "replaced")) ||
        (s.code == 4000 && (is_blank(s.reason) || mentions(s.reason, "replaced"))))
        return replaced(now, random);
    if (const auto status = aliased_status(s.code))
        return answered(*status, s, now, random);
    if (no_status && s.where != stage::serving)
        return {remedy::refresh_device, backoff_pause(now, random), {}};
    return again(s, now, random);
}

treatment channel_policy::replaced(time_point now, double random)
{
    const bool repeated = replaced_at_ && now - *replaced_at_ < replaced_memory;
    replaced_at_ = now;
    if (!repeated)
        return {remedy::register_anew, spread(replaced_pause, 1.0, random), {}};
    auto t = alarm(random);
    t.words = ", again: two processes share this token and this device name";
    return t;
}

treatment channel_policy::again(const setback& s, time_point now, double random)
{
    const bool device_in_doubt =
        s.where == stage::handshake || s.where == stage::authorising || s.where == stage::serving;
    const bool third = failures_ % 3 == 2;
    return {device_in_doubt && third ? remedy::refresh_device : remedy::reconnect,
            backoff_pause(now, random),
            {}};
}

treatment channel_policy::soon(remedy what, time_point now, double random)
{
    return {what, failures_ == 0 ? milliseconds(0) : backoff_pause(now, random), {}};
}

treatment channel_policy::alarm(double random) const
{
    return {remedy::alarm, spread(alarm_pause, 0.1, random), {}};
}

treatment channel_policy::as_asked(const setback& s, double random) const
{
    const auto asked = std::min(s.why.retry_after.value_or(too_many_pause), longest_retry_after);
    // Never earlier than asked; a zero must not make us a hammer.
    return {remedy::reconnect, spread(std::max<milliseconds>(asked, 1s), 0.1, random), {}};
}

milliseconds channel_policy::backoff_pause(time_point now, double random) const
{
    auto pauses = options_.again;
    const auto lost = std::chrono::duration_cast<milliseconds>(now - outage_since_);
    if (lost > growth_starts)
        pauses.most = std::clamp(lost / growth, pauses.most, std::max(pauses.most, options_.most_ever));
    return pauses.pause(failures_, random);
}

std::string_view meaning_of_close(std::uint16_t code) noexcept
{
    switch (code)
    {
    case 1000: return "normal end";
    case 1001: return "going away";
    case 1002: return "protocol error";
    case 1003: return "message not accepted";
    case 1005: return "no reason given";
    case 1006: return "no goodbye";
    case 1007: return "not text";
    case 1008: return "against policy";
    case 1009: return "message too large";
    case 1010: return "extension missing";
    case 1011: return "error in the cloud";
    case 1012: return "restart";
    case 1013: return "try again later";
    case 1014: return "bad gateway";
    case 1015: return "TLS failed";
    case 4000: return "replaced by another connection";
    case 4001: return "replaced during a shutdown";
    case 4400: return "bad request";
    case 4401: return "token rejected";
    case 4403: return "not entitled";
    case 4404: return "registration unknown or expired";
    case 4429: return "too many requests";
    default: return {};
    }
}

} // namespace postern::source
