#include "postern/journal/sqlite/board.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace postern::journal::sqlite {
namespace {

// What an event takes in memory beside its body, about.
constexpr std::size_t overhead = 1'000;

} // namespace

board::board(std::vector<consumer_id> consumers, std::size_t cached_bytes)
    : ids_(std::move(consumers)), cached_limit_(cached_bytes), progress_(ids_.size())
{
}

void board::add(const pending_row& row, std::shared_ptr<const event> what)
{
    newest_ = std::max(newest_, row.record);
    enter(row, what == nullptr);
    if (what)
        cache(row.record, std::move(what));
}

void board::load(const std::vector<pending_row>& rows, wall_time now, time_point steady_now)
{
    std::unordered_map<record_id, wall_time> waiting;
    for (const auto& row : rows)
    {
        if (of(row.consumer).open.contains(row.record))
            continue;
        enter(row, true);
        if (row.due && *row.due > now)
            waiting.emplace(row.record, *row.due);
    }
    if (waiting.empty())
        return;
    // A record can be postponed only after it was taken: the first of every lane is, and put back.
    auto& schedule = of(rows.front().consumer).schedule;
    std::vector<record_id> firsts;
    while (const auto record = schedule.next(steady_now))
        firsts.push_back(*record);
    for (const auto record : firsts)
    {
        const auto found = waiting.find(record);
        schedule.postpone(record, found == waiting.end() ? steady_now : steady_now + (found->second - now));
    }
}

std::optional<ticket> board::take(consumer_id consumer, wall_time now, time_point steady_now)
{
    auto& p = of(consumer);
    const auto record = p.schedule.next(steady_now);
    if (!record)
        return std::nullopt;
    auto& d = p.open.at(*record);
    d.started = now;
    d.started_at = steady_now;
    const auto known = cached_.find(*record);
    return ticket{
        *record,           d.attempt, d.since, d.from, known == cached_.end() ? nullptr : known->second,
        d.may_have_effects};
}

std::optional<board::time_point> board::next_due(consumer_id consumer) const
{
    return of(consumer).schedule.next_due();
}

void board::give_back(consumer_id consumer, record_id record, time_point when)
{
    auto& schedule = of(consumer).schedule;
    if (schedule.in_flight(record))
        schedule.postpone(record, when);
}

std::optional<flight> board::in_flight(consumer_id consumer, record_id record) const
{
    const auto& p = of(consumer);
    if (!p.schedule.in_flight(record))
        return std::nullopt;
    const auto& d = p.open.at(record);
    if (d.settling)
        return std::nullopt;
    return flight{d.attempt, d.since, d.started, d.started_at};
}

void board::settling(consumer_id consumer, record_id record, bool yes)
{
    of(consumer).open.at(record).settling = yes;
}

void board::noted(consumer_id consumer, record_id record)
{
    const auto found = of(consumer).open.find(record);
    if (found != of(consumer).open.end())
        found->second.may_have_effects = true;
}

void board::postpone(consumer_id consumer, record_id record, time_point due)
{
    auto& p = of(consumer);
    auto& d = p.open.at(record);
    ++d.attempt;
    d.settling = false;
    p.schedule.postpone(record, due);
}

void board::finish(consumer_id consumer, record_id record)
{
    auto& p = of(consumer);
    p.schedule.finish(record);
    p.open.erase(record);
    const auto found = events_.find(record);
    BOOST_ASSERT(found != events_.end());
    if (--found->second.deliveries > 0)
        return;
    bytes_ -= found->second.size;
    events_.erase(found);
    drop(record);
}

void board::hold()
{
    const auto last = doubtful_ ? *doubtful_ - 1 : newest_;
    doubtful_.reset();
    for (auto& p : progress_)
        p.schedule.hold(last);
}

void board::release(const std::string& lane)
{
    for (auto& p : progress_)
        p.schedule.release(lane);
}

void board::release_all()
{
    for (auto& p : progress_)
        p.schedule.release_all();
}

std::optional<record_id> board::rank_for_older(const std::string& lane, wall_time happened) const
{
    return progress_.empty() ? std::nullopt : progress_.front().schedule.rank_for_older(lane, happened);
}

std::size_t board::unfinished() const
{
    std::size_t sum = 0;
    for (const auto& p : progress_)
        sum += p.open.size();
    return sum;
}

board::progress& board::of(consumer_id consumer)
{
    return const_cast<progress&>(std::as_const(*this).of(consumer));
}

const board::progress& board::of(consumer_id consumer) const
{
    const auto found = std::find(ids_.begin(), ids_.end(), consumer);
    BOOST_ASSERT(found != ids_.end());
    return progress_[static_cast<std::size_t>(found - ids_.begin())];
}

void board::enter(const pending_row& row, bool may_have_effects)
{
    auto& p = of(row.consumer);
    delivery_state d;
    d.attempt = row.attempt;
    d.since = row.since;
    d.from = row.from;
    d.may_have_effects = may_have_effects;
    p.open.emplace(row.record, d);
    p.schedule.add(place{row.rank, row.record}, row.lane, row.happened);
    auto& shared = events_[row.record];
    if (shared.deliveries++ == 0)
    {
        shared.size = row.size;
        bytes_ += row.size;
    }
}

void board::cache(record_id record, std::shared_ptr<const event> what)
{
    const auto size = what->body.size() + overhead;
    if (!cached_.emplace(record, std::move(what)).second)
        return;
    cached_bytes_ += size;
    while (cached_bytes_ > cached_limit_)
        drop(cached_.begin()->first);
}

void board::drop(record_id record)
{
    const auto found = cached_.find(record);
    if (found == cached_.end())
        return;
    cached_bytes_ -= found->second->body.size() + overhead;
    cached_.erase(found);
}

} // namespace postern::journal::sqlite
