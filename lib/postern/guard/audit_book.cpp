#include "postern/guard/audit_book.hpp"

#include "postern/base/crypto.hpp"
#include "postern/guard/identity.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace postern::guard {
namespace {

constexpr std::chrono::hours oldest{24};

on_refusal mending(on_refusal configured)
{
    return configured == on_refusal::remove ? on_refusal::remove : on_refusal::leave;
}

std::string would(const deed& d)
{
    const auto n = d.memberships.size();
    switch (d.what)
    {
    case deed::kind::leave: return "would leave";
    case deed::kind::remove:
        return "would remove " + std::to_string(n) + (n == 1 ? " outsider" : " outsiders");
    case deed::kind::none:
    case deed::kind::tell: break;
    }
    return {};
}

} // namespace

std::size_t audit_report::mended() const noexcept
{
    return static_cast<std::size_t>(
        std::count_if(bad.begin(), bad.end(), [](const auto& b) { return b.mended; }));
}

audit_verdict audit_verdict_on(const webex::room& where, room_finding found, on_refusal configured, bool fix)
{
    audit_verdict v;
    // Whoever is removed from a direct room, nobody is left to talk to.
    const auto wanted = where.type == "direct" ? on_refusal::leave : mending(configured);
    auto todo = deed_for(wanted, found);
    if (found.undecided)
        v.room.failed = "undecided: " + found.reason;
    else if (fix && !todo.needed())
        v.room.failed = "nothing can be done about it: it has no outsider who could be removed";
    if (!fix)
        v.room.action = would(todo);
    else
        v.todo = std::move(todo);
    v.room.room = where.id;
    v.room.title = where.title;
    v.room.type = where.type;
    v.room.finding = std::move(found);
    return v;
}

std::string audit_basis(const guard_options& o, const webex::person& me)
{
    std::string all = identity_of(me.id) + '\n' + identity_of(me.org_id);
    const auto add = [&all](char kind, std::vector<std::string> names) {
        std::sort(names.begin(), names.end());
        for (const auto& name : names)
            ((all += '\n') += kind) += name;
    };
    add('o', o.organisations);
    add('d', o.domains);
    add('p', o.people);
    add('r', o.rooms);
    all += '\n' + std::to_string(o.bots) + std::to_string(o.monitors) + std::to_string(o.largest_room);
    const auto digest = sha256(all);
    return base64url(std::string(digest.begin(), digest.end()));
}

audit_book::audit_book(std::string basis, bool fix, std::size_t give_up_after, wall_time now)
    : fix_(fix), give_up_after_(std::max<std::size_t>(give_up_after, 1))
{
    memory_.basis = std::move(basis);
    memory_.begun = now;
}

bool audit_book::resume(audit_memory earlier, wall_time now)
{
    if (earlier.basis != memory_.basis || earlier.begun > now || now - earlier.begun >= oldest)
        return false;
    memory_ = std::move(earlier);
    return true;
}

void audit_book::begin(const std::vector<webex::room>& all)
{
    using how = audit_memory::how;
    std::set<std::string> here;
    for (const auto& r : all)
    {
        if (!here.insert(r.id).second)
            continue;
        const auto known = memory_.bad.find(r.id);
        if (memory_.good.contains(r.id) ||
            (known != memory_.bad.end() && known->second.stands == how::found && !fix_))
            ++known_before_;
        else
            to_do_.push_back(r);
    }

    // Rooms that we are in no more count only if that is our doing.
    std::erase_if(memory_.good, [&](const auto& id) { return !here.contains(id); });
    std::erase_if(memory_.bad, [&](const auto& b) {
        return b.second.stands == how::found && (fix_ || !here.contains(b.first));
    });
    for (auto& [id, b] : memory_.bad)
        if (!here.contains(id))
        {
            b.room.mended = true;
            b.stands = how::mended;
            ++known_before_;
        }
    all_ = known_before_ + to_do_.size();
    looked_at_ = known_before_;
}

std::optional<webex::room> audit_book::next()
{
    if (to_do_.empty() || gives_up())
        return std::nullopt;
    auto room = std::move(to_do_.front());
    to_do_.pop_front();
    return room;
}

void audit_book::admitted(const std::string& room)
{
    const auto known = memory_.bad.find(room);
    if (known == memory_.bad.end())
        memory_.good.insert(room);
    else // we were about to do it, and it is done
    {
        known->second.room.mended = true;
        known->second.stands = audit_memory::how::mended;
    }
    looked_at(false);
}

void audit_book::refused(audited_room room)
{
    stand(std::move(room), audit_memory::how::found);
    looked_at(false);
}

void audit_book::about_to_mend(const audited_room& room) { stand(room, audit_memory::how::under_way); }

void audit_book::mended(audited_room room)
{
    room.mended = true;
    stand(std::move(room), audit_memory::how::mended);
    looked_at(false);
}

void audit_book::failed(audited_room room, bool service)
{
    memory_.bad.erase(room.room);
    auto id = room.room;
    failed_.insert_or_assign(std::move(id), std::move(room));
    looked_at(service);
}

void audit_book::looked_at(bool service_failed)
{
    ++looked_at_;
    failures_in_a_row_ = service_failed ? failures_in_a_row_ + 1 : 0;
}

void audit_book::stand(audited_room room, audit_memory::how stands)
{
    auto id = room.room;
    memory_.bad.insert_or_assign(std::move(id), audit_memory::bad_room{std::move(room), stands});
}

audit_state audit_book::state() const
{
    return {looked_at_, all_, memory_.bad.size() + failed_.size(), known_before_};
}

audit_report audit_book::report() const
{
    audit_report r;
    r.rooms = all_;
    r.looked_at = looked_at_;
    r.complete = finished();
    r.failures = failed_.size();
    for (const auto& [id, b] : memory_.bad)
    {
        r.bad.push_back(b.room);
        if (b.stands != audit_memory::how::under_way)
            continue;
        ++r.failures;
        r.bad.back().failed = "it was interrupted, and may be done or not: " + b.room.action;
        r.bad.back().action.clear();
    }
    for (const auto& [id, room] : failed_)
        r.bad.push_back(room);
    std::sort(r.bad.begin(), r.bad.end(), [](const auto& a, const auto& b) { return a.room < b.room; });
    return r;
}

} // namespace postern::guard
