#include "postern/flow/pipeline.hpp"

#include <chrono>
#include <utility>

namespace postern::flow {
namespace {

// A reason outlives the log line: it is kept in the journal and shown in the console, so it holds our words
// only.
std::string reason(error why)
{
    why.theirs.clear();
    return describe(why);
}

outcome cannot_decide(const error& why)
{
    const auto pause = why.retry_after.value_or(std::chrono::milliseconds::zero());
    return outcome::retry("the guard cannot decide: " + reason(why), pause);
}

outcome not_admitted(const judgement& j)
{
    return outcome::ignored("the guard does not admit it: " + j.reason);
}

std::string words_of(const judgement& j)
{
    return (j.what == verdict::admitted ? "admitted: " : "refused: ") + j.reason +
           (j.cached ? " (known)" : "");
}

} // namespace

pipeline::pipeline(const check_port& check, journal_port& journal, guard_port& guard, consumer_port& consumer,
                   log l, trail t)
    : check_(check), journal_(journal), guard_(guard), consumer_(consumer), log_(l.in("flow")),
      trail_(std::move(t))
{
}

// --- the order of the lines is the order of the system ---

awaitable<result<stored>> pipeline::accept(raw_event raw, deadline limit)
{
    const auto from = raw.from;
    const auto arrived = std::chrono::system_clock::now();

    const auto event = check_.check(std::move(raw)); // authentic, and an event at all?
    if (!event)
    {
        refused(from, event.error());
        co_return event.error();
    }
    tell({hop::delivered, event->key, event->data_id, std::string(to_string(from)),
          arrived}); // now it has a name
    passed(hop::verified, *event);

    const auto kept = co_await journal_.append(*event, limit); // durable before acknowledged
    if (!kept)
    {
        not_stored(*event, kept.error());
        co_return kept.error();
    }
    passed(kept->fresh ? hop::stored : hop::repeated, *event);
    if (kept->fresh)
        came_late(*event);
    co_return *kept;
}

awaitable<outcome> pipeline::act(delivery d, deadline limit)
{
    const auto what = d.what;
    if (what.from == origin::replay)
        log_.info("event replayed", {{"key", what.key}, {"attempt", d.attempt}});
    outcome became;

    const auto judged = co_await guard_.judge(what, limit);
    if (!judged)
        became = cannot_decide(judged.error()); // stays closed, and is tried again
    else if (judged->what == verdict::refused)
        became = not_admitted(*judged);
    else
    {
        passed(hop::admitted, what, judged->reason);
        became = co_await consumer_.handle(std::move(d), limit);
    }
    became.guard = judged ? words_of(*judged) : became.reason;
    ended(what, became);
    co_return became;
}

// --- never silent ---

void pipeline::refused(origin from, const error& why) const
{
    // The source tells people, and knows how not to be flooded.
    log_.debug("delivery refused", {{"origin", to_string(from)}, {"reason", describe(why)}});
    tell({hop::ignored, {}, {}, reason(why), {}});
}

// What was said while nobody listened is acted on later than people expect.
void pipeline::came_late(const event& what) const
{
    if (what.from == origin::recovery)
        log_.info("event recovered", {{"key", what.key}});
}

void pipeline::not_stored(const event& what, const error& why) const
{
    log_.warning("event not accepted", {{"key", what.key}, {"reason", describe(why)}});
    passed(hop::failed, what, reason(why));
}

void pipeline::ended(const event& what, const outcome& became) const
{
    switch (became.what)
    {
    case outcome::kind::done:
        log_.info("event handled", {{"by", became.reason}, {"key", what.key}});
        return passed(hop::done, what, became.reason);
    case outcome::kind::ignored:
        log_.info("event ignored", {{"reason", became.reason}, {"key", what.key}});
        return passed(hop::ignored, what, became.reason);
    case outcome::kind::retry:
        log_.warning("event not handled this time", {{"reason", became.reason}, {"key", what.key}});
        return passed(hop::failed, what, became.reason);
    case outcome::kind::dead:
        log_.warning("event parked", {{"reason", became.reason}, {"key", what.key}});
        return passed(hop::failed, what, became.reason);
    }
}

void pipeline::passed(hop where, const event& what, std::string note) const
{
    log_.debug(to_string(where), {{"key", what.key}, {"room", what.room}});
    tell({where, what.key, what.data_id, std::move(note), {}});
}

void pipeline::tell(hop_record record) const
{
    if (record.at == decltype(record.at){})
        record.at = std::chrono::system_clock::now();
    if (trail_)
        trail_(std::move(record));
}

} // namespace postern::flow
