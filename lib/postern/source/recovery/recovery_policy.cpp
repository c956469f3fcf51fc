#include "postern/source/recovery/recovery_policy.hpp"

#include "postern/base/ids.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace postern::source {
namespace {

constexpr std::string_view direct = "direct";
constexpr unsigned most_riddles = 5; // answers about one room that nobody understands

std::map<std::string, const room_position*> by_room(const std::vector<room_position>& positions)
{
    std::map<std::string, const room_position*> all;
    for (const auto& p : positions)
        all.emplace(p.room, &p);
    return all;
}

const room_position* find(const std::map<std::string, const room_position*>& all, const std::string& room)
{
    const auto found = all.find(room);
    return found == all.end() ? nullptr : found->second;
}

// As it is to be remembered.
room_position position_of(const webex::membership& m)
{
    room_position p;
    p.room = m.room_id;
    p.member = m.room_type != direct;
    p.membership = m.id;
    return p;
}

bool is_known(const webex::membership& m, const room_position* known)
{
    if (!known)
        return false;
    return known->member || (m.room_type == direct && known->membership == m.id);
}

} // namespace

recovery_policy::recovery_policy(recovery_options options, webex::person me)
    : options_(options), bot_(me.is_bot()), my_uuid_(uuid_of(me.id))
{
}

recovery_times recovery_policy::times(const missed_time& w, wall_time beginning, wall_time now) const
{
    recovery_times t;
    t.from = w.from;
    t.to = w.to;
    t.earliest = std::max(beginning, now - options_.reach);
    t.since = std::max(t.earliest, w.from - options_.overlap);
    return t;
}

recovery_plan recovery_policy::plan(const recovery_times& t, const std::vector<room_position>& known,
                                    const std::vector<webex::membership>& own,
                                    const std::vector<webex::room>& active) const
{
    recovery_plan out;
    const auto positions = by_room(known);
    std::map<std::string, const webex::membership*> mine;
    std::map<std::string, webex::membership> news;
    for (const auto& m : own)
    {
        if (m.id.empty() || m.room_id.empty() || !mine.emplace(m.room_id, &m).second)
            continue;
        const auto* before = find(positions, m.room_id);
        const auto now = position_of(m);
        if (is_news(t, m, before))
            news.emplace(m.room_id, m);
        else if (!before || before->member != now.member || before->membership != now.membership)
            out.known.push_back(now);
    }
    for (const auto& p : known)
        if (p.member && !mine.contains(p.room))
        {
            auto lost = p;
            lost.membership = own_membership(p);
            if (!lost.membership.empty())
                out.gone.push_back(std::move(lost));
        }

    const auto task_for = [&](webex::room r, bool ask) {
        room_task task;
        const auto member = mine.find(r.id);
        if (r.type.empty() && member != mine.end())
            r.type = member->second->room_type;
        const auto joined = news.find(r.id);
        if (joined != news.end())
            task.joined = joined->second;
        task.ask = ask;
        task.since = list_since(t, r.id, find(positions, r.id), task.joined);
        task.mentioning_me = bot_ && r.type != direct;
        task.room = std::move(r);
        return task;
    };
    std::set<std::string> busy;
    for (const auto& r : active)
        if (!r.id.empty() && !is_done(r) && busy.insert(r.id).second)
            out.rooms.push_back(task_for(r, true));
    for (const auto& [id, m] : news)
        if (busy.insert(id).second)
        {
            webex::room r;
            r.id = id;
            r.last_activity = m.created;
            out.rooms.push_back(task_for(std::move(r), false));
        }
    std::stable_sort(out.rooms.begin(), out.rooms.end(), [this](const room_task& a, const room_task& b) {
        const auto active_at = [](const room_task& x) {
            return parse_time(x.room.last_activity).value_or(wall_time());
        };
        return std::tuple(failures_of(a.room.id), active_at(b)) <
               std::tuple(failures_of(b.room.id), active_at(a));
    });

    std::set<std::string> quiet;
    for (const auto& p : known)
        quiet.insert(p.room);
    for (const auto& [id, m] : mine)
        quiet.insert(id);
    for (const auto& id : quiet)
        if (!busy.contains(id))
            out.quiet.push_back(id);
    return out;
}

bool recovery_policy::is_news(const recovery_times& t, const webex::membership& m,
                              const room_position* known) const
{
    const auto began = parse_time(m.created);
    if (!began || *began < t.earliest)
        return false;
    // We were in that room before: only if we came back in the very time.
    if (is_known(m, known))
        return *began >= t.from && *began <= t.to;
    return *began >= t.since && *began <= t.to + options_.overlap;
}

bool recovery_policy::is_done(const webex::room& r) const
{
    const auto done = done_.find(r.id);
    const auto active = parse_time(r.last_activity);
    return done != done_.end() && active && *active < done->second - options_.overlap;
}

wall_time recovery_policy::list_since(const recovery_times& t, const std::string& room,
                                      const room_position* known,
                                      const std::optional<webex::membership>& joined) const
{
    auto from = t.from;
    if (known && known->newest != wall_time())
        from = std::min(from, known->newest);
    if (const auto done = done_.find(room); done != done_.end())
        from = std::max(from, done->second);
    if (const auto began = joined ? parse_time(joined->created) : std::nullopt)
        from = std::max(from, *began); // what was said before we came is not for us
    return std::max(t.earliest, from - options_.overlap);
}

// A membership's id is made of the person's and the room's (protocol/webex-rest.md 3.2).
std::string recovery_policy::own_membership(const room_position& p) const
{
    if (!p.membership.empty())
        return p.membership;
    const auto room = parse_id(p.room);
    if (!room || room->type != "ROOM")
        return {};
    return format_id({room->cluster, "MEMBERSHIP", my_uuid_ + ':' + room->native});
}

bool recovery_policy::is_own(const webex::message& m) const { return uuid_of(m.person_id) == my_uuid_; }

bool recovery_policy::worth_repeating(const error& e)
{
    return e.is(failure::retry_later) || e.is(errc::token_rejected) || e.is(errc::handler_failed);
}

void recovery_policy::room_done(const std::string& id, wall_time until)
{
    done_[id] = until;
    failures_.erase(id);
}

bool recovery_policy::room_failed(const std::string& id, const error& why)
{
    const auto failures = ++failures_[id];
    return worth_repeating(why) && !(why.is(errc::bad_response) && failures >= most_riddles);
}

void recovery_policy::over()
{
    done_.clear();
    failures_.clear();
}

std::chrono::milliseconds recovery_policy::pause(unsigned failures, const error& why, double random) const
{
    const auto pause = options_.again.pause(failures, random);
    return std::max(pause, why.retry_after.value_or(pause));
}

unsigned recovery_policy::failures_of(const std::string& room) const
{
    const auto found = failures_.find(room);
    return found == failures_.end() ? 0 : found->second;
}

} // namespace postern::source
