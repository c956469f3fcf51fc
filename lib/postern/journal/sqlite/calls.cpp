#include "postern/journal/sqlite/calls.hpp"

#include <utility>

namespace postern::journal::sqlite {
namespace {

error not_in_flight(const char* doing, record_id record)
{
    return error(errc::bad_input, doing + (", record " + std::to_string(record)))
        .because("it is not in flight");
}

} // namespace

append_call::append_call(event what, deadline limit)
    : call_for("keeping an event", limit, what.body.size()), digest_(digest_of(what.bot, what.key)),
      lane_(what.lane())
{
    what_ = std::make_shared<event>(std::move(what));
}

std::optional<error> append_call::no_room(const desk& d) const
{
    std::size_t open = 0;
    std::uint64_t bytes = 0;
    {
        const std::lock_guard lock(d.shared.mutex);
        open = d.shared.known.unfinished() + d.added;
        bytes = d.shared.known.unfinished_bytes() + d.added_bytes;
    }
    const auto refused = [&](std::string why, std::string advice) {
        return error(errc::journal_full, doing).because(std::move(why)).advise(std::move(advice));
    };
    constexpr auto look = "see what they wait for: `postern events list`";
    if (d.file_is_full)
        return refused("the file has reached its size limit, and nothing in it is over",
                       "raise the journal's size limit, or see what is not over: `postern events list`");
    if (open + d.shared.known.consumers().size() > d.most.unfinished)
        return refused(std::to_string(open) + " deliveries are not over yet", look);
    if (weight > d.most.unfinished_bytes || bytes > d.most.unfinished_bytes - weight)
        return refused("the events that are not over yet hold " + std::to_string(bytes) + " bytes", look);
    return std::nullopt;
}

void append_call::perform(desk& d)
{
    rank_ = 0;
    const auto refused = no_room(d);
    const auto fresh = refused ? std::nullopt : d.file.insert(*what_, digest_);
    if (!fresh)
    {
        if (const auto known = d.file.find(digest_))
            outcome_.emplace(stored{*known, false});
        else if (refused)
            outcome_.emplace(*refused);
        else
            outcome_.emplace(error(errc::journal_full, doing).because("it vanished while it was written"));
        if (refused && outcome_->has_error())
            d.refused = refused->ours;
        return;
    }
    outcome_.emplace(stored{*fresh, true});
    std::optional<record_id> older;
    if (what_->from == origin::recovery)
    {
        const std::lock_guard lock(d.shared.mutex);
        older = d.shared.known.rank_for_older(lane_, what_->happened);
    }
    rank_ = older.value_or(*fresh);
    pending_row row;
    row.record = *fresh;
    row.lane = lane_;
    row.rank = rank_;
    row.from = what_->from;
    row.happened = what_->happened;
    row.size = weight;
    for (const auto consumer : d.shared.known.consumers())
    {
        row.consumer = consumer;
        d.file.add(row);
    }
    d.added += d.shared.known.consumers().size();
    d.added_bytes += weight;
}

void append_call::committed(desk& d)
{
    if (!outcome_->has_value())
        return;
    const auto record = (*outcome_)->record;
    if (!(*outcome_)->fresh)
        return d.notes.repeated(record, what_->received);
    d.notes.take_in(*what_);
    d.woke = true;
    pending_row row;
    row.record = record;
    row.lane = std::move(lane_);
    row.rank = rank_;
    row.from = what_->from;
    row.happened = what_->happened;
    row.size = weight;
    const std::lock_guard lock(d.shared.mutex);
    for (const auto consumer : d.shared.known.consumers())
    {
        row.consumer = consumer;
        d.shared.known.add(row, what_);
    }
}

settle_call::settle_call(consumer_id consumer, record_id record, outcome became, deadline limit)
    : call_for("settling a delivery", limit), consumer_(consumer), record_(record),
      became_(std::move(became)), at_(std::chrono::steady_clock::now())
{
}

void settle_call::perform(desk& d)
{
    std::optional<flight> under_way;
    {
        const std::lock_guard lock(d.shared.mutex);
        under_way = d.shared.known.in_flight(consumer_, record_);
        settling_ = under_way.has_value();
        if (settling_)
            d.shared.known.settling(consumer_, record_, true);
    }
    if (!under_way)
        return outcome_.emplace(not_in_flight(doing, record_)), void();
    outcome_.emplace();
    attempt_row attempt;
    attempt.record = record_;
    attempt.consumer = consumer_;
    attempt.number = under_way->attempt;
    attempt.since = under_way->since;
    attempt.started = under_way->started;
    attempt.took = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - under_way->started_at);
    d.file.add(attempt, became_);
    if (became_.what == outcome::kind::retry)
        d.file.postpone(consumer_, record_, under_way->attempt + 1,
                        std::chrono::system_clock::now() + became_.pause);
    else
        d.file.remove(consumer_, record_);
}

void settle_call::committed(desk& d)
{
    if (!settling_)
        return;
    d.woke = true;
    const std::lock_guard lock(d.shared.mutex);
    if (became_.what == outcome::kind::retry)
        d.shared.known.postpone(consumer_, record_, std::chrono::steady_clock::now() + became_.pause);
    else
        d.shared.known.finish(consumer_, record_);
}

void settle_call::rolled_back(desk& d)
{
    if (!std::exchange(settling_, false))
        return;
    const std::lock_guard lock(d.shared.mutex);
    d.shared.known.settling(consumer_, record_, false);
}

note_call::note_call(consumer_id consumer, record_id record, effect what, deadline limit)
    : call_for("noting an effect", limit), consumer_(consumer), record_(record), what_(std::move(what))
{
}

void note_call::perform(desk& d)
{
    std::optional<flight> under_way;
    {
        const std::lock_guard lock(d.shared.mutex);
        under_way = d.shared.known.in_flight(consumer_, record_);
    }
    if (!under_way)
        return outcome_.emplace(not_in_flight(doing, record_)), void();
    d.file.put(record_, consumer_, under_way->since, what_);
    outcome_.emplace();
}

void note_call::committed(desk& d)
{
    const std::lock_guard lock(d.shared.mutex);
    d.shared.known.noted(consumer_, record_);
}

remember_call::remember_call(std::string bot, std::vector<room_position> told, deadline limit)
    : call_for("noting the bot's rooms", limit), bot_(std::move(bot)), told_(std::move(told))
{
}

void remember_call::perform(desk& d)
{
    for (const auto& position : told_)
        d.notes_file.remember(bot_, position);
    outcome_.emplace();
}

void remember_call::committed(desk& d)
{
    for (const auto& position : told_)
        d.notes.overruled(bot_, position.room);
}

rooms_call::rooms_call(std::string bot, deadline limit)
    : call_for("listing the rooms that are known", limit), bot_(std::move(bot))
{
}

void rooms_call::perform(desk& d)
{
    auto known = d.notes_file.rooms(bot_);
    d.notes.apply(bot_, known);
    outcome_.emplace(std::move(known));
}

read_call::read_call(consumer_id consumer, ticket wanted, deadline limit)
    : call_for("reading an event", limit), consumer_(consumer), wanted_(std::move(wanted))
{
}

void read_call::perform(desk& d)
{
    read_delivery found;
    found.what = wanted_.what;
    if (!found.what)
        if (auto read = d.file.read(wanted_.record))
            found.what = std::make_shared<event>(std::move(*read));
    if (wanted_.may_have_effects)
        found.effects = d.file.effects(wanted_.record, consumer_, wanted_.since);
    outcome_.emplace(std::move(found));
}

last_call::last_call() : call_for("closing the journal", deadline::at(deadline::clock::time_point::max())) {}

} // namespace postern::journal::sqlite
