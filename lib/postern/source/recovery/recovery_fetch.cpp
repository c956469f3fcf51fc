#include "postern/base/within.hpp"
#include "postern/source/bell.hpp"
#include "postern/source/recovery/recovery_envelope.hpp"
#include "postern/source/recovery/recovery_run.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>
#include <typeinfo>
#include <utility>

// One try: what is asked of the cloud, and what is handed to the intake.

namespace postern::source {
namespace {

constexpr std::size_t most_messages = 5'000; // of one room
constexpr unsigned tries_for_exception = 5;  // of an intake that throws: a defect must not stop it all
constexpr std::chrono::milliseconds most_patience{5'000}; // between two tries to store one event

} // namespace

awaitable<result<>> recovery_run::look_back(round& r)
{
    const auto& options = with_.options;
    const auto known = co_await with_.history->rooms(with_.me.id, deadline::after(options.accept_timeout));
    if (!known)
        co_return known.error();
    const auto own =
        co_await with_.api->list_memberships(std::string(), deadline::after(options.call_timeout));
    count_calls(1);
    if (!own)
        co_return own.error();
    std::vector<webex::room> active;
    if (r.times.anything())
    {
        auto found = co_await active_rooms(r.times);
        if (!found)
            co_return found.error();
        active = std::move(*found);
    }

    r.plan = policy_.plan(r.times, *known, *own, active);
    for (const auto& room : r.plan.quiet)
        release(room);
    change([&](recovery_state& now) { now.rooms = now.rooms_left = r.plan.rooms.size(); });

    const auto told = co_await tell_left(r);
    if (told.has_error())
        co_return told.error();
    if (!r.plan.known.empty())
    {
        const auto kept = co_await with_.history->remember(with_.me.id, r.plan.known,
                                                           deadline::after(options.accept_timeout));
        if (kept.has_error())
            co_return kept.error();
    }

    const auto coroutines = std::clamp<std::size_t>(options.side_by_side, 1, r.plan.rooms.size() + 1);
    co_await side_by_side(r, coroutines);
    if (r.failed)
        co_return *r.failed;
    if (r.next < r.plan.rooms.size())
        log_.warning("recovery has made as many calls as it may: what was said in other rooms is left alone",
                     {{"rooms_left", r.plan.rooms.size() - r.next}, {"calls", tally_.calls}});
    co_return result<>();
}

awaitable<result<std::vector<webex::room>>> recovery_run::active_rooms(recovery_times t)
{
    const auto& options = with_.options;
    const auto began = std::chrono::system_clock::now();
    auto found =
        co_await with_.api->list_active_rooms(t.since, options.rooms, deadline::after(options.call_timeout));
    if (!found)
        co_return found.error();
    count_calls(found->calls);
    auto rooms = std::move(found->items);
    if (!found->whole)
        log_.warning("more rooms were active than recovery may look into: the others are left alone",
                     {{"rooms", rooms.size()}});
    if (found->calls < 2)
        co_return rooms;

    // A room in which something is said while the pages are read moves to the front, past the reader.
    auto moved = co_await with_.api->list_active_rooms(std::max(t.since, began - options.overlap),
                                                       options.rooms, deadline::after(options.call_timeout));
    if (!moved)
        co_return moved.error();
    count_calls(moved->calls);
    std::set<std::string> seen;
    for (const auto& room : rooms)
        seen.insert(room.id);
    std::copy_if(std::make_move_iterator(moved->items.begin()), std::make_move_iterator(moved->items.end()),
                 std::back_inserter(rooms), [&](const webex::room& room) { return !seen.contains(room.id); });
    co_return rooms;
}

// A list may lag behind, so each room that seems to be gone is asked about before that is told.
awaitable<result<>> recovery_run::tell_left(round& r)
{
    for (const auto& gone : r.plan.gone)
    {
        const auto still =
            co_await with_.api->get_membership(gone.membership, deadline::after(with_.options.call_timeout));
        count_calls(1);
        if (still)
            continue;
        const auto& why = still.error();
        if (policy_.worth_repeating(why))
            co_return why;
        if (!why.is(errc::not_found) && why.status != 403)
        {
            log_.warning(describe(why) + "; nobody knows whether we are still in that room",
                         {{"room", gone.room}});
            continue;
        }
        auto envelope = left_envelope(gone, r.times.from, with_.me);
        const auto became = co_await hand_over(std::move(envelope), gone.membership);
        if (became == handed::cut_off)
            co_return error(errc::stopped);
        if (became == handed::fresh)
            ++tally_.left;
        room_position left = gone;
        left.member = false;
        r.plan.known.push_back(std::move(left));
    }
    co_return result<>();
}

awaitable<void> recovery_run::side_by_side(round& r, std::size_t coroutines)
{
    using namespace net::experimental::awaitable_operators;
    co_await net::this_coro::throw_if_cancelled(false);
    if (coroutines > 1)
        co_await (fetch_rooms(r) && side_by_side(r, coroutines - 1));
    else
        co_await fetch_rooms(r);
}

awaitable<void> recovery_run::fetch_rooms(round& r)
{
    co_await net::this_coro::throw_if_cancelled(false);
    while (!r.failed && r.next < r.plan.rooms.size() && tally_.calls < with_.options.calls)
    {
        const auto& task = r.plan.rooms[r.next++];
        const auto done = co_await fetch(task);
        const bool over = co_await cancelled();
        if (over)
            co_return;
        const auto& id = task.room.id;
        if (done.has_error() && policy_.room_failed(id, done.error()))
        {
            if (!r.failed)
                r.failed = done.error(); // the others finish theirs, and no further one is begun
            co_return;
        }
        if (done.has_error())
            log_.warning(describe(done.error()) + "; the room is left out", {{"room", id}});
        policy_.room_done(id, r.window.to);
        release(id);
        change([](recovery_state& now) { --now.rooms_left; });
    }
}

awaitable<result<>> recovery_run::fetch(const room_task& task)
{
    const auto& options = with_.options;
    if (task.joined)
    {
        auto envelope = joined_envelope(*task.joined, with_.me);
        const auto became = co_await hand_over(std::move(envelope), task.joined->id);
        if (became == handed::cut_off)
            co_return error(errc::stopped);
        if (became == handed::fresh)
            ++tally_.joined;
    }
    if (!task.ask)
        co_return result<>();

    auto said = co_await with_.api->list_messages_since(task.room.id, task.mentioning_me, task.since,
                                                        most_messages, deadline::after(options.call_timeout));
    if (!said)
        co_return said.error();
    tally_.calls += said->calls;
    count_calls(said->calls);
    change([&](recovery_state& now) { now.listed += said->items.size(); });
    if (!said->whole)
        log_.warning("more was said in a room than recovery may fetch: the oldest is left alone",
                     {{"room", task.room.id}, {"messages", said->items.size()}});

    std::size_t fresh = 0;
    while (!said->items.empty())
    {
        auto oldest = std::move(said->items.back());
        said->items.pop_back();
        if (oldest.id.empty() || policy_.is_own(oldest))
            continue;
        const auto id = oldest.id;
        auto envelope = message_envelope(std::move(oldest), task.room, with_.me);
        const auto became = co_await hand_over(std::move(envelope), id);
        if (became == handed::cut_off)
            co_return error(errc::stopped);
        if (became == handed::fresh && fresh++ == 0)
            ++tally_.rooms;
        tally_.messages += became == handed::fresh ? 1 : 0;
    }
    co_return result<>();
}

awaitable<recovery_run::handed> recovery_run::hand_over(std::string envelope, std::string about)
{
    for (unsigned failures = 0;; ++failures)
    {
        const auto taken = co_await accept(envelope);
        const bool over = co_await cancelled();
        if (taken)
        {
            if (failures != 0)
                log_.info("events are taken again", {{"after_tries", failures + 1}});
            if (taken->fresh)
                change([](recovery_state& now) { ++now.found; });
            co_return taken->fresh ? handed::fresh : handed::known;
        }
        if (over)
            co_return handed::cut_off;

        const auto& why = taken.error();
        const bool defect = why.is(errc::handler_failed);
        if (why.is(failure::drop) && (!defect || failures + 1 >= tries_for_exception))
        {
            log_.error("an event is left out", {{"about", about}, {"reason", describe(why)}});
            co_return handed::refused;
        }
        if (failures == 0)
            log_.error("an event can't be stored; it is tried until it can",
                       {{"about", about}, {"reason", describe(why)}});
        const auto pause = with_.options.again.pause(failures, random_fraction());
        co_await pause_for(std::min(pause, most_patience));
    }
}

awaitable<result<stored>> recovery_run::accept(std::string envelope)
{
    raw_event raw;
    raw.from = origin::recovery;
    raw.bot = with_.me.id;
    raw.body = std::move(envelope);
    try
    {
        auto taken =
            co_await with_.intake->accept(std::move(raw), deadline::after(with_.options.accept_timeout));
        co_return taken;
    }
    catch (const std::exception& e) // its what() may hold the text of a message
    {
        co_return error(errc::handler_failed, "storing an event")
            .because("an exception, " + boost::core::demangle(typeid(e).name()));
    }
}

void recovery_run::count_calls(std::size_t calls)
{
    change([calls](recovery_state& now) { now.calls += calls; });
}

} // namespace postern::source
