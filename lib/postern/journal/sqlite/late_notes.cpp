#include "postern/journal/sqlite/late_notes.hpp"

#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/statement.hpp"

#include <algorithm>

namespace postern::journal::sqlite {

void heard_times::set(std::string bot, wall_time until, bool written)
{
    const std::lock_guard lock(mutex_);
    auto& entry = bots_[std::move(bot)];
    entry = moment{until, written, entry.in_file || written};
}

std::optional<wall_time> heard_times::of(const std::string& bot) const
{
    const std::lock_guard lock(mutex_);
    const auto found = bots_.find(bot);
    return found == bots_.end() ? std::nullopt : std::optional(found->second.until);
}

std::vector<std::pair<std::string, wall_time>> heard_times::unwritten() const
{
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::string, wall_time>> answer;
    for (const auto& [bot, entry] : bots_)
        if (!entry.written)
            answer.emplace_back(bot, entry.until);
    return answer;
}

bool heard_times::urgent() const
{
    const std::lock_guard lock(mutex_);
    return std::any_of(bots_.begin(), bots_.end(), [](const auto& one) { return !one.second.in_file; });
}

void heard_times::written(const std::vector<std::pair<std::string, wall_time>>& those)
{
    const std::lock_guard lock(mutex_);
    for (const auto& [bot, until] : those)
    {
        auto& entry = bots_[bot];
        entry.in_file = true;
        if (entry.until == until)
            entry.written = true;
    }
}

void late_notes::take_in(const event& what)
{
    const auto fresh = news_of(what);
    if (!fresh)
        return;
    auto& known = rooms_[{what.bot, what.room}];
    if (fresh->said)
        known.said = std::max(known.said.value_or(wall_time{}), *fresh->said);
    if (fresh->member)
    {
        known.member = fresh->member;
        known.membership = fresh->membership;
    }
}

void late_notes::repeated(record_id record, wall_time when)
{
    auto& r = repeats_[record];
    ++r.times;
    r.last = when;
}

void late_notes::overruled(const std::string& bot, const std::string& room)
{
    const auto found = rooms_.find({bot, room});
    if (found != rooms_.end())
        found->second.member.reset();
}

void late_notes::apply(const std::string& bot, std::vector<room_position>& known) const
{
    for (auto news = rooms_.lower_bound({bot, {}}); news != rooms_.end() && news->first.first == bot; ++news)
    {
        const auto& name = news->first.second;
        auto room = std::lower_bound(known.begin(), known.end(), name,
                                     [](const auto& r, const auto& n) { return r.room < n; });
        if (room == known.end() || room->room != name)
        {
            room = known.emplace(room);
            room->room = name;
        }
        postern::journal::take_in(*room, news->second);
    }
}

void late_notes::clear()
{
    rooms_.clear();
    repeats_.clear();
}

notes_store::notes_store(SQLite::Database& file)
    : said_(file, "INSERT INTO rooms (bot, room, newest, member, membership) VALUES (?, ?, ?, 0, '') "
                  "ON CONFLICT DO UPDATE SET newest = max(newest, excluded.newest)"),
      member_(file, "INSERT INTO rooms (bot, room, newest, member, membership) VALUES (?, ?, 0, ?, ?) "
                    "ON CONFLICT DO UPDATE SET member = excluded.member, membership = excluded.membership"),
      heard_(file, "INSERT OR REPLACE INTO heard (bot, until) VALUES (?, ?)"),
      rooms_(file, "SELECT room, newest, member, membership FROM rooms WHERE bot = ? ORDER BY room"),
      all_heard_(file, "SELECT bot, until FROM heard")
{
}

void notes_store::write(const late_notes& notes, store& events)
{
    for (const auto& [name, news] : notes.rooms())
    {
        const auto& [bot, room] = name;
        if (news.said)
        {
            use said(said_);
            said << bot << room << to_column(*news.said);
            said.run();
        }
        if (news.member)
        {
            room_position position;
            position.room = room;
            position.member = *news.member;
            position.membership = news.membership;
            remember(bot, position);
        }
    }
    for (const auto& [record, repetition] : notes.repeats())
        events.repeated(record, repetition.times, repetition.last);
}

void notes_store::write(const std::vector<std::pair<std::string, wall_time>>& heard)
{
    for (const auto& [bot, until] : heard)
    {
        use put(heard_);
        put << bot << to_column(until);
        put.run();
    }
}

void notes_store::remember(const std::string& bot, const room_position& position)
{
    use member(member_);
    member << bot << position.room << position.member << position.membership;
    member.run();
}

std::vector<room_position> notes_store::rooms(const std::string& bot)
{
    std::vector<room_position> known;
    use query(rooms_);
    query << bot;
    while (query.row())
    {
        room_position r;
        r.room = query.text(0);
        r.newest = time_of(query.number(1));
        r.member = query.number(2) != 0;
        r.membership = query.text(3);
        known.push_back(std::move(r));
    }
    return known;
}

void notes_store::read(heard_times& into)
{
    use query(all_heard_);
    while (query.row())
        into.set(query.text(0), time_of(query.number(1)), true);
}

} // namespace postern::journal::sqlite
