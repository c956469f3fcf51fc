// What the journal's thread does between the calls.

#include "postern/journal/sqlite/calls.hpp"
#include "postern/journal/sqlite/trouble.hpp"
#include "postern/journal/sqlite/worker.hpp"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <utility>

namespace postern::journal::sqlite {
namespace {

using namespace std::chrono_literals;

constexpr auto notes_at_latest = 5s;
constexpr std::size_t notes_at_most = 1'000;
constexpr std::size_t requests_at_once = 200;

// Pages in the write-ahead log from which on it is moved into the file: when nobody waits, and anyway.
// Small enough that who comes meanwhile waits some milliseconds.
constexpr int log_when_idle = 250;
constexpr int log_at_most = 1'000;

} // namespace

worker::clock::time_point worker::next_wake() const
{
    if (with_.fitness.broken())
        return next_probe_;
    auto next = std::min(next_requests_, next_tidy_);
    if (more_requests_)
        next = clock::now();
    return std::min(next, notes_since_ + notes_at_latest);
}

void worker::look_after(clock::time_point now)
{
    if (with_.fitness.broken())
    {
        if (now >= next_probe_)
            probe(now);
        return;
    }
    if (now >= next_requests_ || more_requests_)
        take_requests(now);
    if (notes_are_due(notes_at_latest) || with_.heard.urgent())
        write_notes(now);
    if (now >= next_tidy_)
        tidy(now);
    checkpoint(now);
}

bool worker::transaction(const std::function<void()>& work)
{
    if (!usable())
        return false;
    try
    {
        file_->events.begin();
        work();
        file_->events.commit();
        return true;
    }
    catch (const SQLite::Exception& e)
    {
        const auto why = explained(e, {});
        file_->events.roll_back();
        broke(why, e);
        return false;
    }
}

void worker::probe(clock::time_point now)
{
    next_probe_ = now + options_.probe_every;
    if (transaction([this] { file_->touch(); }))
        works();
}

void worker::take_requests(clock::time_point now)
{
    next_requests_ = now + options_.requests_every;
    requests::taken taken;
    try
    {
        if (!file_->asked.may_be_there() && !more_requests_)
            return;
    }
    catch (const SQLite::Exception& e)
    {
        return broke(explained(e, {}), e);
    }
    more_requests_ = false;
    std::size_t room = 0;
    {
        const std::lock_guard lock(with_.shared.mutex);
        const auto open = with_.shared.known.unfinished();
        room = open < options_.unfinished ? std::min(requests_at_once, options_.unfinished - open) : 0;
    }
    if (!transaction([&] { taken = file_->asked.take(file_->events, room); }))
        return file_->asked.look_again();
    if (taken.asked == 0 && taken.more)
        return file_->asked.look_again(); // no room: later
    more_requests_ = taken.more;
    if (taken.asked == 0)
        return;
    with_.shared.change([&](front& f) {
        for (const auto& row : taken.deliveries)
            f.known.add(row, nullptr);
    });
    log_.info("events are done again, as asked",
              {{"deliveries", taken.deliveries.size()}, {"in_vain", taken.in_vain}});
}

bool worker::notes_are_due(clock::duration age) const
{
    return notes_.size() >= notes_at_most || clock::now() >= notes_since_ + age;
}

void worker::put_notes()
{
    heard_being_written_ = with_.heard.unwritten();
    file_->notes.write(notes_, file_->events);
    file_->notes.write(heard_being_written_);
}

void worker::notes_are_put()
{
    notes_.clear();
    with_.heard.written(heard_being_written_);
    notes_since_ = clock::now();
}

void worker::write_notes(clock::time_point now)
{
    if (notes_.empty() && with_.heard.unwritten().empty())
        notes_since_ = now;
    else if (transaction([this] { put_notes(); }))
        notes_are_put();
}

void worker::tidy(clock::time_point now)
{
    retention::step done;
    const auto limit = std::chrono::system_clock::now() - options_.keep;
    if (!transaction([&] { done = file_->old.remove(limit, options_.tidy_step); }))
        return;
    tally_.removed += done.removed;
    if (done.removed > 0)
        log_.debug("old events were removed", {{"events", done.removed}});
    next_tidy_ = done.more ? now : now + options_.tidy_every; // calls come between two steps
    if (with_.fitness.crowded() && transaction([this] { file_is_full_ = !make_room(0); }))
        reconsider_room();
}

bool worker::make_room(std::uint64_t needed)
{
    // A part is kept for what makes room again: outcomes.
    const auto reserve =
        std::min(std::max<std::uint64_t>(options_.size_limit / 16, 256 * 1024), options_.size_limit / 4);
    const auto wanted = reserve + needed + needed / 2;
    const auto fits = [&] { return file_->old.used_bytes() + wanted <= options_.size_limit; };
    for (int step = 0; step < 8; ++step)
    {
        if (fits())
            return true;
        const auto done = file_->old.remove(std::nullopt, options_.tidy_step);
        tally_.removed += done.removed;
        if (done.removed == 0 && !done.more)
            break;
    }
    return fits();
}

void worker::reconsider_room()
{
    if (!with_.fitness.crowded() || !has_room())
        return;
    log_.info("there is room for events again");
    with_.fitness.set_crowded({});
}

// Some more than for one event, so that it does not change with each.
bool worker::has_room() const
{
    const std::lock_guard lock(with_.shared.mutex);
    const auto& known = with_.shared.known;
    return !file_is_full_ && known.unfinished() + known.consumers().size() <= options_.unfinished &&
           known.unfinished() <= options_.unfinished - options_.unfinished / 10 &&
           known.unfinished_bytes() <= options_.unfinished_bytes - options_.unfinished_bytes / 10;
}

void worker::checkpoint(clock::time_point now)
{
    if (!file_ || now < next_checkpoint_)
        return;
    const auto pages = file_->log_pages();
    if (pages < log_when_idle || (pages < log_at_most && !with_.queue->idle()))
        return;
    ++tally_.checkpoints;
    file_->checkpoint(false);
    next_checkpoint_ = now + 100ms; // somebody who reads may keep it from being complete
}

void worker::shut_down()
{
    if (!with_.fitness.broken())
        write_notes(clock::now());
    if (file_)
        file_->checkpoint(true);
    file_.reset();
    lock_.reset();
    if (const auto last = std::static_pointer_cast<last_call>(with_.queue->last()))
    {
        last->over();
        with_.queue->answer({last});
    }
}

} // namespace postern::journal::sqlite
