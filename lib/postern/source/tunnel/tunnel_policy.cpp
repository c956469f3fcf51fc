#include "postern/source/tunnel/tunnel_policy.hpp"

#include <algorithm>
#include <utility>

namespace postern::source {
namespace {

using namespace std::chrono_literals;

constexpr int most_misses = 3;   // SUP-1
constexpr int most_refusals = 3; // SUP-9
constexpr unsigned most_alike = 3;

} // namespace

tunnel_policy::tunnel_policy(tunnel_options options, tunnel_traits traits)
    : options_(std::move(options)), traits_(std::move(traits))
{
}

const std::string& tunnel_policy::url() const noexcept
{
    static const std::string none;
    return phase_ == tunnel_phase::online ? url_ : none;
}

tunnel_policy::milliseconds tunnel_policy::again_in(time_point now) const
{
    return std::max(std::chrono::duration_cast<milliseconds>(again_at_ - now), milliseconds(0));
}

tunnel_policy::move tunnel_policy::due(time_point now)
{
    if (!child_)
        return now >= again_at_ ? move::start : move::nothing;
    if (!stop_wanted_ && now >= leave_by_)
        want_stop(cause_, traits_.name + " said that it must end, but did not");
    if (!stop_wanted_ && now >= limit_)
    {
        if (phase_ == tunnel_phase::starting)
            want_stop(hint_, traits_.name + " gave no public URL within " + in_words(options_.start_timeout));
        else
            want_stop(hint_, traits_.name + " was offline for " + in_words(options_.offline_limit));
    }
    if (stop_wanted_)
        return move::stop;
    return now >= look_at_ ? move::look : move::nothing;
}

tunnel_policy::time_point tunnel_policy::next() const
{
    if (!child_)
        return again_at_;
    return stop_wanted_ ? time_point::min() : std::min({limit_, leave_by_, look_at_});
}

void tunnel_policy::started(time_point now)
{
    forget_child();
    child_ = true;
    ++starts_;
    phase_ = tunnel_phase::starting;
    url_ = traits_.fixed_url;
    limit_ = now + options_.start_timeout;
    look_soon(now);
    settle(now);
}

void tunnel_policy::not_started(const error& why, time_point now, double random)
{
    forget_child();
    reason_ = describe(why);
    code_.clear();
    if (why.is(errc::bad_configuration))
        fail(now);
    else
        wait(options_.again.pause(attempts_++, random), now);
}

void tunnel_policy::heard(const tunnel_news& news, time_point now)
{
    using kind = tunnel_news::kind;
    if (!child_ || stop_wanted_) // why it ends is known; what it says while it ends tells nothing
        return;
    switch (news.what)
    {
    case kind::nothing:
    case kind::chatter:
    case kind::notice: break;
    case kind::url:
        url_ = news.url;
        settle(now);
        break;
    case kind::connected:
        connected_ = true;
        leave_by_ = never;
        refusals_ = 0;
        hint_ = cause_ = {};
        cause_weight_ = 0;
        if (phase_ == tunnel_phase::offline && traits_.can_look)
            look_at_ = now; // only the API knows whether the endpoint is there again, and its URL
        else
            settle(now);
        break;
    case kind::lost:
        connected_ = false;
        hint_ = news.trouble;
        refusals_ = 0;
        if (phase_ == tunnel_phase::online)
            go_offline(describe(hint_), now);
        break;
    case kind::refused: refused(news.trouble, now); break;
    case kind::cause:
        note_cause(news.trouble, news.weight);
        leave_by_ = std::min(leave_by_, now + options_.leave_patience);
        break;
    case kind::hint: hint_ = news.trouble; break;
    }
}

// At the start the program ends by itself, or it should; later it would try for ever (SUP-9).
void tunnel_policy::refused(const tunnel_trouble& why, time_point now)
{
    connected_ = false;
    hint_ = why;
    if (!online_since_)
    {
        note_cause(why, 10);
        leave_by_ = std::min(leave_by_, now + options_.leave_patience);
        return;
    }
    if (phase_ == tunnel_phase::online)
        go_offline(describe(why), now);
    refusals_ = why.code == refused_with_ ? refusals_ + 1 : 1;
    refused_with_ = why.code;
    if (refusals_ >= most_refusals)
        want_stop(why, traits_.name + " can't reconnect");
}

void tunnel_policy::looked(const result<tunnel_view>& seen, time_point now)
{
    if (!child_ || stop_wanted_)
        return;
    look_soon(now);
    if (phase_ == tunnel_phase::online)
        look_at_ = now + options_.poll_every;
    if (seen.has_error())
    {
        if (phase_ != tunnel_phase::starting && ++misses_ >= most_misses)
            want_stop({trouble_kind::passing, {}, describe(seen.error()), {}},
                      "the local API of " + traits_.name + " did not answer " + std::to_string(misses_) +
                          " times in a row");
        return;
    }
    misses_ = 0;
    if (seen->connected == false)
    {
        if (phase_ == tunnel_phase::online)
            go_offline("its local API says so", now);
        return;
    }
    if (seen->url && seen->url->empty())
    {
        if (phase_ == tunnel_phase::online)
            want_stop({}, traits_.name + " runs, but has no endpoint for our listener any more");
        return;
    }
    if (traits_.url_needs_connection)
        connected_ = true;
    if (phase_ == tunnel_phase::offline && !connected_)
        return; // the API lists the endpoint all the same
    if (seen->url)
        url_ = *seen->url;
    settle(now);
}

void tunnel_policy::ended(const std::string& how, const std::string& last_words, time_point now,
                          double random)
{
    if (!child_)
        return;
    if (online_since_ && now - *online_since_ >= options_.stable_after)
        attempts_ = crowded_ = lingering_ = 0;
    auto why = cause_.any() || stop_wanted_ ? cause_ : hint_;
    if (!why.any() && !stop_wanted_)
        why.words = last_words;
    const auto words = describe(why);
    reason_ = stop_wanted_ ? stop_words_ : traits_.name + " ended (" + how + ')';
    if (!words.empty())
        reason_ += ": " + words;
    code_ = why.code;
    forget_child();
    plan_again(why, now, random);
}

void tunnel_policy::plan_again(const tunnel_trouble& why, time_point now, double random)
{
    const auto alike = why.code + ' ' + why.words;
    same_ = alike == same_trouble_ ? same_ + 1 : 1;
    same_trouble_ = alike;

    switch (why.kind)
    {
    case trouble_kind::person: return fail(now);
    case trouble_kind::crowded: return wait(options_.crowded.pause(crowded_++, random), now);
    case trouble_kind::lingering:
        if (!lingering_since_)
            lingering_since_ = now;
        if (now - *lingering_since_ >= options_.taken_patience)
            return fail(now);
        return wait(options_.taken.pause(lingering_++, 1.0), now);
    case trouble_kind::unknown:
        if (same_ >= most_alike)
            return fail(now);
        break;
    case trouble_kind::passing: break;
    }
    wait(options_.again.pause(attempts_++, random), now);
}

void tunnel_policy::settle(time_point now)
{
    if (!url_.empty() && (connected_ || !traits_.url_needs_connection))
        go_online(now);
}

void tunnel_policy::go_online(time_point now)
{
    phase_ = tunnel_phase::online;
    connected_ = true;
    hint_ = {};
    limit_ = never;
    leave_by_ = never;
    look_at_ = traits_.can_look ? now + options_.poll_every : never;
    misses_ = 0;
    refusals_ = 0;
    if (!online_since_)
        online_since_ = now;
    lingering_since_.reset();
    same_ = 0;
    same_trouble_.clear();
}

void tunnel_policy::go_offline(std::string why, time_point now)
{
    phase_ = tunnel_phase::offline;
    reason_ = traits_.name + " has lost its connection" + (why.empty() ? "" : ": " + why);
    code_ = hint_.code;
    limit_ = now + options_.offline_limit;
    look_soon(now);
}

void tunnel_policy::note_cause(const tunnel_trouble& why, int weight)
{
    if (cause_.any() && weight <= cause_weight_)
        return;
    auto words = std::move(cause_.words);
    cause_ = why;
    cause_weight_ = weight;
    if (cause_.words.empty())
        cause_.words = std::move(words); // a code without a text: the text came on another line
}

void tunnel_policy::want_stop(tunnel_trouble why, std::string words)
{
    stop_wanted_ = true;
    stop_words_ = std::move(words);
    cause_ = std::move(why);
    phase_ = tunnel_phase::stopping;
}

void tunnel_policy::look_soon(time_point now)
{
    look_at_ = traits_.can_look ? now + std::min<milliseconds>(options_.poll_every, 1s) : never;
}

void tunnel_policy::forget_child()
{
    child_ = false;
    stop_wanted_ = false;
    connected_ = false;
    url_.clear();
    hint_ = {};
    cause_ = {};
    cause_weight_ = 0;
    stop_words_.clear();
    limit_ = leave_by_ = look_at_ = never;
    online_since_.reset();
    misses_ = 0;
    refusals_ = 0;
    refused_with_.clear();
}

void tunnel_policy::wait(milliseconds pause, time_point now)
{
    phase_ = tunnel_phase::waiting;
    again_at_ = now + pause;
}

void tunnel_policy::fail(time_point now)
{
    phase_ = tunnel_phase::failed;
    again_at_ = now + options_.failed_again;
}

std::string in_words(std::chrono::milliseconds time)
{
    const auto ms = time.count();
    if (ms < 1'000)
        return std::to_string(ms) + " ms";
    const auto tenths = (ms + 50) / 100;
    if (tenths < 100 && tenths % 10 != 0)
        return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
    const auto seconds = (ms + 500) / 1'000;
    return seconds < 120 ? std::to_string(seconds) + " s" : std::to_string((seconds + 30) / 60) + " min";
}

} // namespace postern::source
