#include "postern/emulator/switchboard.hpp"

#include "postern/emulator/conversation_urls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace postern::emulator {
namespace {

constexpr std::size_t remembered_acks = 10;
constexpr std::size_t longest_ack = 200;

// The service's own words, unit included (protocol/mercury.md 4.2).
constexpr const char* too_late = "authentication did not happen within the timeout window of 30000 seconds.";

mercury_end going_away() { return {1001, "the emulator is stopping", false}; }

} // namespace

socket_id switchboard::open(mercury_caller who, wake_fn wake, std::chrono::milliseconds authorise_within,
                            moment now)
{
    const auto id = ++last_id_;
    const auto first_number = 1 + id * 7919 % 100'000; // arbitrary, as on the live service
    const bool text = who.text;
    socket fresh{std::move(who), std::move(wake), mercury_outbox(first_number, text), now.wall,
                 now.steady + authorise_within};
    if (hung_up_)
        fresh.end = going_away();
    sockets_.emplace(id, std::move(fresh));
    return id;
}

const mercury_caller* switchboard::find(socket_id id) const
{
    const auto found = sockets_.find(id);
    return found == sockets_.end() ? nullptr : &found->second.who;
}

bool switchboard::authorised(socket_id id) const
{
    const auto found = sockets_.find(id);
    return found != sockets_.end() && found->second.authorised;
}

switchboard::socket* switchboard::live(socket_id id)
{
    const auto found = sockets_.find(id);
    return found == sockets_.end() || found->second.end ? nullptr : &found->second;
}

void switchboard::authorise(socket_id id, moment now)
{
    auto* fresh = live(id);
    if (!fresh || fresh->authorised)
        return;
    fresh->authorised = true;
    if (end_next_ && end_next_times_ > 0)
    {
        --end_next_times_;
        end(id, *end_next_);
        return;
    }
    const auto [at, first_time] = lines_.try_emplace(fresh->who.registration);
    auto& l = at->second;
    l.origin = fresh->who.origin;
    for (auto& [other_id, other] : sockets_)
    {
        if (other_id == id || !other.authorised || other.who.registration != fresh->who.registration)
            continue;
        if (!other.end && fresh->who.many && !other.leaves_at)
            continue;
        reclaim(other, l); // also of one that is on its way out
        end(other_id, other.leaves_at ? mercury_end{4001, "replaced during shutdown", false}
                                      : mercury_end{4000, "replaced", false});
    }
    if (!mode.silent)
        say_ready(*fresh, l, !first_time, now);
    wake(*fresh);
}

void switchboard::say_ready(socket& s, line& l, bool known, moment now)
{
    if (mode.buffer_for.count() > 0)
        while (!l.kept.empty() && now.wall - l.kept.front().at > mode.buffer_for)
        {
            l.kept.pop_front();
            l.lost = true;
        }
    const bool in_sync = known && mode.buffer > 0 && !l.lost;
    json::object data;
    data["eventType"] = s.who.registration_status ? "mercury.registration_status" : "mercury.buffer_state";
    data["bufferState"] = json::object{
        {"conversation", in_sync ? "IN_SYNC" : "UNKNOWN"}, {"locus", "UNKNOWN"}, {"board", "UNKNOWN"}};
    if (s.who.registration_status)
        data["localClusterServiceUrls"] =
            json::object{{"mercuryConnectionServiceClusterUrl", websocket_origin(s.who.origin) + "/v1"}};
    s.out.say_ready(data, mode, now);
    l.lost = false;
    for (auto& event : std::exchange(l.kept, {}))
        l.lost = !s.out.tell(std::move(event), mode, now) || l.lost;
}

void switchboard::ping(socket_id id, std::string ping_id, moment now)
{
    auto* s = live(id);
    if (!s || !s->authorised || mode.silent || mode.no_pong)
        return;
    if (!s->out.pong(std::move(ping_id), now))
        return end(id, {1011, "too slow", false});
    wake(*s);
}

void switchboard::acknowledge(socket_id id, std::string_view what)
{
    const auto found = sockets_.find(id);
    if (found == sockets_.end())
        return;
    auto& s = found->second;
    ++s.acknowledgements;
    s.last_acknowledged.emplace_back(what.substr(0, longest_ack));
    if (s.last_acknowledged.size() > remembered_acks)
        s.last_acknowledged.pop_front();
    s.out.acknowledged(what);
}

bool switchboard::tell(std::string_view registration, mercury_event what, moment now)
{
    const auto known = lines_.find(registration);
    if (known == lines_.end())
        return false; // it begins with its first socket
    bool taken = false;
    for (auto& [id, s] : sockets_)
    {
        if (s.end || !s.authorised || s.who.registration != registration)
            continue;
        if (s.out.tell(what, mode, now))
        {
            taken = true;
            wake(s);
            continue;
        }
        known->second.lost = true;
        if (!s.stalled)
            end(id, {1011, "too slow", false});
    }
    if (!taken)
        keep(known->second, {std::move(what)});
    return taken;
}

std::optional<std::string> switchboard::origin_of(std::string_view registration) const
{
    const auto known = lines_.find(registration);
    return known == lines_.end() ? std::nullopt : std::optional(known->second.origin);
}

void switchboard::keep(line& l, std::vector<mercury_event> more)
{
    if (more.empty())
        return;
    std::move(more.begin(), more.end(), std::back_inserter(l.kept));
    while (l.kept.size() > mode.buffer)
    {
        l.kept.pop_front();
        l.lost = true;
    }
}

// Events that a socket did not get rid of are older than whatever was kept since.
void switchboard::reclaim(socket& s, line& l)
{
    bool unsure = false;
    auto left = s.out.reclaim(unsure);
    l.lost = l.lost || unsure;
    std::move(l.kept.begin(), l.kept.end(), std::back_inserter(left));
    l.kept.clear();
    keep(l, std::move(left));
}

mercury_step switchboard::next(socket_id id, moment now)
{
    mercury_step step;
    const auto found = sockets_.find(id);
    if (found == sockets_.end())
    {
        step.what = mercury_step::action::end;
        step.end.cut = true;
        return step;
    }
    auto& s = found->second;
    if (!s.end && !s.authorised && now.steady >= s.authorise_by)
        s.end = mercury_end{1008, too_late, false};
    if (!s.end && s.leaves_at && now.steady >= *s.leaves_at)
        s.end = mercury_end{4001, "replaced during shutdown", false};
    if (s.end)
    {
        step.what = mercury_step::action::end;
        step.end = *s.end;
        step.end.cut = step.end.cut || s.stalled;
        return step;
    }
    if (!s.authorised)
        step.until = s.authorise_by;
    if (s.stalled)
        return step;
    if (auto frame = s.out.take(mode, now))
    {
        step.what = mercury_step::action::send;
        step.frame = std::move(*frame);
        return step;
    }
    for (const auto& when : {s.out.due(), s.leaves_at})
        if (when)
            step.until = step.until ? std::min(*step.until, *when) : *when;
    return step;
}

bool switchboard::to_be_cut(socket_id id) const
{
    const auto found = sockets_.find(id);
    if (found == sockets_.end())
        return true;
    const auto& s = found->second;
    return s.end && (s.end->cut || s.stalled);
}

bool switchboard::stalled(socket_id id) const
{
    const auto found = sockets_.find(id);
    return found != sockets_.end() && found->second.stalled && !found->second.end;
}

void switchboard::gone(socket_id id)
{
    const auto found = sockets_.find(id);
    if (found == sockets_.end())
        return;
    auto ended = std::move(found->second);
    sockets_.erase(found);
    const auto known = lines_.find(ended.who.registration);
    const bool others = std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& entry) {
        const auto& s = entry.second;
        return s.authorised && !s.end && s.who.registration == ended.who.registration;
    });
    if (ended.authorised && known != lines_.end() && !others)
        reclaim(ended, known->second);
}

std::vector<socket_id> switchboard::sockets() const
{
    std::vector<socket_id> all;
    for (const auto& [id, s] : sockets_)
        if (!s.end)
            all.push_back(id);
    return all;
}

std::vector<socket_id> switchboard::sockets_of(std::string_view person) const
{
    auto all = sockets();
    std::erase_if(all, [&](socket_id id) { return sockets_.at(id).who.person != person; });
    return all;
}

void switchboard::end(socket_id id, mercury_end how)
{
    auto* s = live(id);
    if (!s)
        return;
    s->end = std::move(how);
    wake(*s);
}

void switchboard::end_next(mercury_end how, unsigned times)
{
    end_next_ = std::move(how);
    end_next_times_ = times;
}

void switchboard::stall(socket_id id, bool on)
{
    auto* s = live(id);
    if (!s)
        return;
    s->stalled = on;
    wake(*s);
}

void switchboard::raw(socket_id id, std::string payload, std::optional<bool> binary, moment now)
{
    auto* s = live(id);
    if (!s)
        return;
    s->out.raw(std::move(payload), binary, now);
    wake(*s);
}

void switchboard::announce_shutdown(socket_id id, std::chrono::milliseconds within, moment now)
{
    auto* s = live(id);
    if (!s || s->leaves_at)
        return;
    s->out.say_shutdown(now);
    s->leaves_at = now.steady + within;
    wake(*s);
}

std::vector<std::string> switchboard::registrations() const
{
    std::vector<std::string> all(deaf_.begin(), deaf_.end());
    for (const auto& [registration, l] : lines_)
        all.push_back(registration);
    return all;
}

void switchboard::forget(std::string_view registration)
{
    if (const auto known = lines_.find(registration); known != lines_.end())
        lines_.erase(known);
    if (const auto known = deaf_.find(registration); known != deaf_.end())
        deaf_.erase(known);
}

void switchboard::deafen(std::string registration) { deaf_.insert(std::move(registration)); }

std::vector<switchboard::view> switchboard::show() const
{
    std::vector<view> all;
    for (const auto& [id, s] : sockets_)
    {
        if (s.end)
            continue;
        view v{id,
               &s.who,
               s.since,
               s.authorised,
               s.stalled,
               s.out.sent(),
               s.out.waiting(),
               s.acknowledgements,
               {s.last_acknowledged.begin(), s.last_acknowledged.end()}};
        all.push_back(std::move(v));
    }
    return all;
}

void switchboard::hang_up()
{
    hung_up_ = true;
    for (const auto id : sockets())
        end(id, going_away());
}

void switchboard::reset(mercury_end how)
{
    for (const auto id : sockets())
        end(id, how);
    mode = {};
    lines_.clear();
    deaf_.clear();
    end_next_.reset();
    end_next_times_ = 0;
}

} // namespace postern::emulator
