#include "postern/source/device/channel_board.hpp"

#include "postern/source/device/channel_words.hpp"
#include "postern/transport/url.hpp"

#include <algorithm>
#include <utility>

namespace postern::source {
namespace {

wall_time wall_now() { return std::chrono::system_clock::now(); }

constexpr std::uint64_t most_missing = 1'000'000; // one frame may claim: numbers are foreign

} // namespace

channel_board::channel_board(ears e, log out) : ears_(std::move(e)), log_(std::move(out)) {}

channel_state channel_board::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

template <class Change>
void channel_board::change(Change how)
{
    const std::lock_guard lock(mutex_);
    how(state_);
}

template <class Change>
void channel_board::change_and_show(Change how)
{
    change(std::move(how));
    if (ears_.watch)
        ears_.watch(state()); // the lock is free: whoever watches may ask
}

void channel_board::enter(channel_phase phase)
{
    change_and_show([&](channel_state& s) {
        s.phase = phase;
        s.ready_since.reset();
    });
}

void channel_board::device(std::string id)
{
    change_and_show([&](channel_state& s) { s.device = std::move(id); });
}

void channel_board::connecting(std::string_view websocket_url)
{
    const auto where = transport::parse_websocket_url(websocket_url);
    host_ = where ? where->authority() : std::string();
    change([](channel_state& s) { ++s.attempts; });
    enter(channel_phase::connecting);
}

void channel_board::ended(const treatment& next)
{
    const auto before = state();
    const bool was_ready = before.phase == channel_phase::ready;
    if (was_ready)
        lost_ = loss{std::chrono::steady_clock::now(), before.last_frame.value_or(wall_now()), 0};
    const auto line = lost_words(was_ready ? "channel lost"
                                 : lost_   ? "still no channel"
                                           : "no channel yet",
                                 next);
    if (lost_)
        ++lost_->tries; // the next one
    if (next.what == remedy::alarm)
        log_.error(line);
    else
        log_.warning(line);
    change_and_show([&](channel_state& s) {
        s.phase = channel_phase::waiting;
        s.ready_since.reset();
        s.last_error = next.words;
    });
}

void channel_board::accepted(std::string activity)
{
    last_event_ = std::move(activity);
    change([](channel_state& s) {
        ++s.events;
        s.last_event = wall_now();
    });
}

void channel_board::channel_ready(bool in_sync)
{
    const auto now = wall_now();
    const auto before = state();
    std::optional<gap> missed;
    if (lost_)
        missed = gap{lost_->last_sign, now, last_event_, in_sync};
    if (missed)
    {
        const auto outage = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - lost_->since);
        log_.info(back_words(outage, lost_->tries, *missed),
                  {{"device", printable(before.device, 80)}, {"host", host_}});
    }
    else
        log_.info("channel ready", {{"device", printable(before.device, 80)}, {"host", host_}});
    lost_.reset();
    if (ears_.ready)
        ears_.ready();
    change_and_show([&](channel_state& s) {
        s.phase = channel_phase::ready;
        s.ready_since = now;
        s.attempts = 0;
        ++s.connections;
        if (missed)
            s.last_gap = missed;
    });
}

void channel_board::frame_seen()
{
    change([](channel_state& s) { s.last_frame = wall_now(); });
}

void channel_board::pong_seen()
{
    change([](channel_state& s) { s.last_pong = wall_now(); });
}

void channel_board::frames_missing(std::uint64_t count)
{
    const auto counted = std::min(count, most_missing);
    log_.info("frames are missing, as their numbers say: a hint to look what was said",
              {{"missing", counted}});
    change_and_show([&](channel_state& s) { s.sequence_gaps += counted; });
}

void channel_board::catalogue_changed()
{
    if (ears_.catalogue_changed)
        ears_.catalogue_changed();
}

} // namespace postern::source
