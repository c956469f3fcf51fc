#include "postern/source/recovery/recovery_windows.hpp"

#include <algorithm>
#include <utility>

namespace postern::source {
namespace {

constexpr std::size_t longest_reason = 300;

} // namespace

known_past past_of(std::optional<wall_time> heard, const std::vector<room_position>& rooms)
{
    known_past past;
    past.heard = heard;
    for (const auto& room : rooms)
        if (room.newest != wall_time() && (!past.oldest || room.newest < *past.oldest))
            past.oldest = room.newest;
    return past;
}

missed_time join(missed_time a, const missed_time& b)
{
    a.from = std::min(a.from, b.from);
    a.to = std::max(a.to, b.to);
    const bool told = a.why.find(b.why) != a.why.npos;
    if (!told && a.why.size() + b.why.size() < longest_reason)
        a.why += (a.why.empty() ? "" : ", ") + b.why;
    return a;
}

void recovery_windows::add(missed_time w)
{
    if (w.from == wall_time() && !since_ever_)
        since_ever_ = w.to;
    waiting_ = waiting_ ? join(std::move(*waiting_), w) : std::move(w);
}

std::optional<missed_time> recovery_windows::take()
{
    auto w = std::exchange(waiting_, std::nullopt);
    if (!w)
        return w;
    if (w->from == wall_time())
    {
        first_start_ = !past_.heard && !past_.oldest;
        w->from = first_start_ ? *since_ever_ : past_.heard ? *past_.heard : *past_.oldest;
    }
    w->from = std::min(w->from, w->to); // the clock may have been set back
    return w;
}

void recovery_windows::give_back(const missed_time& w) { waiting_ = waiting_ ? join(w, *waiting_) : w; }

void recovery_windows::fetched(const missed_time& w)
{
    if (!past_.heard || *past_.heard < w.to)
        past_.heard = w.to;
}

} // namespace postern::source
