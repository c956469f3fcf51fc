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

    auto what = check_.check(std::move(raw)); // authentic, and an event at all?
    if (!what)
    {
        refused(from, what.error());
        co_return what.error();
    }
    const auto its = mention_of(*what);
    if (watched())
        tell({hop::delivered, its.key, its.data_id, std::string(to_string(from)), arrived}); // it has a name
    passed(hop::verified, its);

    guard_.heard(*what);

    const auto kept = co_await journal_.append(*std::move(what), limit); // durable before acknowledged
    if (!kept)
    {
        log_.warning("event not accepted", {{"key", its.key}, {"reason", describe(kept.error())}});
        passed(hop::failed, its, reason(kept.error()));
        co_return kept.error();
    }
    passed(kept->fresh ? hop::stored : hop::repeated, its);
    if (kept->fresh && from == origin::recovery) // acted on later than people expect
        log_.info("event recovered", {{"key", its.key}});
    co_return *kept;
}

awaitable<outcome> pipeline::act(delivery d, deadline limit)
{
    const auto its = mention_of(d.what);
    if (d.what.from == origin::replay)
        log_.info("event replayed", {{"key", its.key}, {"attempt", d.attempt}});
    outcome became;

    auto judged = co_await guard_.judge(d.what, limit);
    if (!judged)
    {
        became = cannot_decide(judged.error()); // stays closed, and is tried again
        judged = judgement{verdict::undecided, reason(judged.error())};
    }
    else if (judged->what != verdict::admitted)
        became = not_admitted(*judged);
    else
    {
        passed(hop::admitted, its, judged->reason);
        became = co_await consumer_.handle(std::move(d), limit);
    }
    became.guard = *std::move(judged);
    ended(its, became);
    co_return became;
}

// --- never silent ---

bool pipeline::watched() const noexcept { return trail_ || log_.shows(severity::debug); }

pipeline::mention pipeline::mention_of(const event& what) const
{
    mention its{what.key, {}, {}};
    if (watched())
    {
        its.data_id = what.data_id;
        its.room = what.room;
    }
    return its;
}

void pipeline::refused(origin from, const error& why) const
{
    // The source tells people, and knows how not to be flooded.
    if (!watched())
        return;
    log_.debug("delivery refused", {{"origin", to_string(from)}, {"reason", describe(why)}});
    tell({hop::ignored, {}, {}, reason(why), {}});
}

void pipeline::ended(const mention& what, const outcome& became) const
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

void pipeline::passed(hop where, const mention& what, std::string_view note) const
{
    if (!watched())
        return;
    log_.debug(to_string(where), {{"key", what.key}, {"room", what.room}});
    tell({where, what.key, what.data_id, std::string(note), {}});
}

void pipeline::tell(hop_record record) const
{
    if (!trail_)
        return;
    if (record.at == decltype(record.at){})
        record.at = std::chrono::system_clock::now();
    trail_(std::move(record));
}

} // namespace postern::flow
