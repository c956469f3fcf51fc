#include "postern/source/device/inbox.hpp"

#include "postern/base/within.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <utility>

namespace postern::source {
namespace {

constexpr unsigned tries_for_missing = 5;   // of a lookup that finds nothing: it may be too early (4.6)
constexpr unsigned tries_for_exception = 5; // of an intake that throws: a defect must not stop the channel
constexpr unsigned calls_in_lookup = 4;     // patience with a service that fails, in call timeouts

const json::object* activity_of(const frame& f) { return get_object(f.data, "activity"); }

std::string shown(const frame& f, std::string_view key)
{
    const auto* activity = activity_of(f);
    return activity ? printable(text_or(*activity, key), 80) : std::string();
}

bool is_message(const frame& f)
{
    const auto verb = shown(f, "verb");
    return verb == "post" || verb == "share";
}

} // namespace

inbox::inbox(const net::any_io_executor& strand, parts with, log out)
    : with_(std::move(with)), log_(std::move(out)), filled_(strand), room_(strand)
{
}

bool inbox::full(std::size_t bytes) const noexcept
{
    const auto most = 2 * with_.options.frame_limit;
    return held_ != 0 && (held_ >= with_.options.queue_limit || held_bytes_ + std::min(bytes, most) > most);
}

awaitable<void> inbox::put(frame activity, std::size_t bytes, std::shared_ptr<outbox> acks)
{
    bool waits = full(bytes);
    while (waits)
    {
        const bool rung = co_await room_.wait();
        waits = rung && full(bytes);
    }
    queue_.push_back({std::move(activity), bytes, std::move(acks)});
    ++held_;
    held_bytes_ += bytes;
    filled_.ring();
}

awaitable<void> inbox::run()
{
    for (;;)
    {
        while (queue_.empty())
        {
            if (closed_)
                co_return;
            const bool rung = co_await filled_.wait();
            if (!rung)
                co_return;
        }
        const auto next = std::move(queue_.front());
        queue_.pop_front();
        const auto became = co_await hand_over(next);
        if (became == fate::cut_off)
            co_return;
        if (!next.what.id.empty())
            next.acks->send(ack_frame(next.what.id));
        --held_;
        held_bytes_ -= next.bytes;
        room_.ring();
    }
}

void inbox::close()
{
    closed_ = true;
    filled_.ring();
}

awaitable<inbox::fate> inbox::hand_over(const item& next)
{
    auto meant = map(next.what);
    if (!meant.unknown_url.empty() && !meant.lookup_url.empty())
        meant = co_await look_up(next, std::move(meant));
    const bool over = co_await cancelled();
    if (over)
        co_return fate::cut_off;
    if (meant.envelopes.empty())
    {
        tell_nothing(next, meant);
        co_return fate::settled;
    }
    for (auto& envelope : meant.envelopes)
    {
        const auto became = co_await store(std::move(envelope), next.what);
        if (became == fate::cut_off)
            co_return became;
    }
    with_.accepted(shown(next.what, "id"));
    co_return fate::settled;
}

awaitable<inbox::fate> inbox::store(std::string envelope, const frame& from)
{
    for (unsigned failures = 0;; ++failures)
    {
        const auto taken = co_await accept(envelope);
        if (taken)
        {
            if (failures != 0)
                log_.info("events are taken again", {{"after_tries", failures + 1}});
            co_return fate::settled;
        }
        const bool over = co_await cancelled();
        if (over)
            co_return fate::cut_off;

        const auto why = taken.error();
        const bool defect = why.is(errc::handler_failed);
        if (why.is(failure::drop) && (!defect || failures + 1 >= tries_for_exception))
        {
            log_.error(
                "an event is left out",
                {{"activity", shown(from, "id")}, {"verb", shown(from, "verb")}, {"reason", describe(why)}});
            co_return fate::settled;
        }
        if (failures == 0)
            log_.error("an event can't be stored; it is tried until it can, and not acknowledged before",
                       {{"reason", describe(why)}});
        co_await pause_for(with_.options.again.pause(failures, random_fraction()));
    }
}

awaitable<result<stored>> inbox::accept(std::string envelope)
{
    raw_event raw;
    raw.from = origin::websocket;
    raw.bot = with_.bot;
    raw.body = std::move(envelope);
    try
    {
        auto taken =
            co_await with_.intake.accept(std::move(raw), deadline::after(with_.options.accept_timeout));
        co_return taken;
    }
    catch (const std::exception& e) // its what() may hold the text of a message
    {
        co_return error(errc::handler_failed, "storing an event")
            .because("an exception, " + boost::core::demangle(typeid(e).name()));
    }
}

// The REST side may be a moment behind the channel, and it may be down: a message is worth some patience, but
// not a channel that stands still for ever.
awaitable<mapped> inbox::look_up(const item& next, mapped unknown)
{
    const auto limit = deadline::after(calls_in_lookup * with_.options.call_timeout);
    for (unsigned tries = 1;; ++tries)
    {
        const auto learned = co_await learn_cluster(unknown.unknown_url, unknown.lookup_url);
        if (learned)
            co_return map(next.what);
        const auto why = learned.error();
        const bool early = why.is(errc::not_found) && tries < tries_for_missing;
        const bool worth_it = early || why.is(failure::retry_later);
        auto pause = with_.options.again.pause(tries - 1, random_fraction());
        if (why.retry_after)
            pause = std::max(pause, *why.retry_after);
        const bool over = co_await cancelled();
        if (over || !worth_it || pause >= limit.left())
        {
            unknown.why_none += "; " + describe(why);
            co_return unknown;
        }
        co_await pause_for(pause);
    }
}

awaitable<result<>> inbox::learn_cluster(std::string unknown_url, std::string lookup_url)
{
    signed_calls::call what;
    what.url = std::move(lookup_url);
    what.doing = "asking which cluster a room lives in";
    const auto answer =
        co_await with_.calls.send(std::move(what), deadline::after(with_.options.call_timeout));
    if (!answer)
        co_return answer.error();
    auto parsed = parse_json(answer->body, "the answer about a room's cluster");
    const auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object || !with_.clusters.learn(unknown_url, text_or(*object, "id")))
    {
        error useless(errc::not_found, "asking which cluster a room lives in");
        useless.ours = "the answer has no public id that tells it";
        co_return useless;
    }
    co_return result<>();
}

mapped inbox::map(const frame& f) const { return with_.map.map(f.data, &f.headers); }

void inbox::tell_nothing(const item& next, const mapped& meant)
{
    ++without_event_;
    const auto id = shown(next.what, "id");
    const auto verb = shown(next.what, "verb");
    if (!meant.unknown_url.empty())
        log_.warning("activity can't be made an event",
                     {{"activity", id}, {"verb", verb}, {"reason", meant.why_none}});
    else if (is_message(next.what) && meant.why_none != "own message")
        log_.info("message is no event", {{"activity", id}, {"reason", meant.why_none}});
    else
        log_.debug("activity is no event", {{"activity", id}, {"verb", verb}, {"reason", meant.why_none}});
}

} // namespace postern::source
