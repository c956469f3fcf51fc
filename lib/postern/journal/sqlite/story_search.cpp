// The parts of story_reader that look for records; loading them is in story_reader.cpp.

#include "postern/journal/sqlite/story_reader.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/ids.hpp"
#include "postern/journal/sqlite/event_digest.hpp"
#include "postern/journal/sqlite/schema.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace postern::journal::sqlite {
namespace {

constexpr std::size_t most_named = 1000; // a person's UUID may stand in very many memberships

constexpr std::size_t shortest_room = 8; // what a table shows of a room

// Records are numbered as they are stored, which is in the order of `received` but for what a commit takes
// and what a clock is set back.
constexpr auto disorder = std::chrono::hours(1);

std::string lower(std::string text)
{
    for (auto& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

// What `name` may be, in the forms that stand in the file.
struct wanted
{
    std::string key;  // as a key
    std::string id;   // as a public id; built for the cluster "us" where only a UUID is known
    std::string uuid; // if only that is known
};

wanted read_name(const std::string& name)
{
    if (const auto uuid = lower(name); looks_like_uuid(uuid))
        return {{}, format_id({"us", "MESSAGE", uuid}), uuid};
    if (parse_id(name))
        return {{}, name, {}};
    return {name, {}, {}};
}

bool is_about(const std::string& data_id, const wanted& w)
{
    if (!w.uuid.empty())
        return uuid_of(data_id) == w.uuid;
    if (data_id == w.id)
        return true;
    // The websocket tells UUIDs only, and the cluster in an id that was made of one may be another.
    const auto known = parse_id(data_id);
    const auto asked = parse_id(w.id);
    return known && asked && known->type == asked->type && known->native == asked->native;
}

// The index begins with the time in the key, so all events about one message stand side by side in it; and so
// do all that have no such time, which are the few that are not about messages or cards.
std::vector<record_id> in_time_range(SQLite::Database& file, const std::string& key, const wanted& w)
{
    const auto digest = digest_of({}, key);
    std::string first(digest.begin(), digest.begin() + sizeof(std::uint64_t));
    const auto last = first + std::string(digest.size(), '\xff');

    SQLite::Statement rows(file, "SELECT id, key, data_id FROM events WHERE digest BETWEEN ? AND ?");
    rows.bind(1, first.data(), static_cast<int>(first.size()));
    rows.bind(2, last.data(), static_cast<int>(last.size()));
    std::vector<record_id> found;
    while (found.size() < most_named && rows.executeStep())
    {
        const auto key_there = rows.getColumn(1).getString();
        if (w.key.empty() ? is_about(rows.getColumn(2).getString(), w) : key_there == w.key)
            found.push_back(static_cast<record_id>(rows.getColumn(0).getInt64()));
    }
    return found;
}

// Handled events with a reply are one row each there: comparing texts is quick, reading every id is not.
std::vector<record_id> by_reply(SQLite::Database& file, const wanted& w, bool thoroughly)
{
    SQLite::Statement rows(file, thoroughly ? "SELECT event, id FROM effects WHERE id <> ''"
                                            : "SELECT event, id FROM effects WHERE id = ?");
    if (!thoroughly)
        rows.bind(1, w.id);
    std::vector<record_id> found;
    while (found.size() < most_named && rows.executeStep())
        if (is_about(rows.getColumn(1).getString(), w))
            found.push_back(static_cast<record_id>(rows.getColumn(0).getInt64()));
    return found;
}

outcome::kind end_of(progress p)
{
    return p == progress::done      ? outcome::kind::done
           : p == progress::ignored ? outcome::kind::ignored
                                    : outcome::kind::dead;
}

bool has_delivery(const story& s, const selection& wanted)
{
    return std::any_of(s.deliveries.begin(), s.deliveries.end(), [&](const delivery_record& d) {
        const auto* said = wanted.verdict ? last_judgement(d) : nullptr;
        return (wanted.consumer.empty() || d.consumer == wanted.consumer) &&
               (!wanted.how_far || d.how_far == *wanted.how_far) &&
               (!wanted.verdict || (said && said->what == *wanted.verdict));
    });
}

} // namespace

bool matches(const story& s, const selection& wanted)
{
    const auto& e = s.what;
    return (!wanted.since || e.received >= *wanted.since) && (!wanted.until || e.received < *wanted.until) &&
           (wanted.room.empty() || e.room == wanted.room) &&
           (wanted.kind.empty() || e.kind() == wanted.kind) &&
           ((wanted.consumer.empty() && !wanted.how_far && !wanted.verdict) || has_delivery(s, wanted));
}

// The lowest record that may have been received since then, by halving.
std::int64_t story_reader::first_record_since(wall_time since)
{
    const auto limit = to_column(since - disorder);
    SQLite::Statement ends(file_, "SELECT ifnull(min(id), 0), ifnull(max(id), 0) FROM events");
    ends.executeStep();
    auto low = ends.getColumn(0).getInt64();
    auto high = ends.getColumn(1).getInt64() + 1;
    SQLite::Statement at(file_, "SELECT received FROM events WHERE id >= ? ORDER BY id LIMIT 1");
    while (low < high)
    {
        const auto middle = low + (high - low) / 2;
        at.reset();
        at.bind(1, middle);
        if (at.executeStep() && at.getColumn(0).getInt64() < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The public id of the room that a person means.
std::string story_reader::room_id(const std::string& name)
{
    if (name.empty() || parse_id(name))
        return name;
    const auto start = lower(name);
    if (start.size() >= shortest_room)
    {
        SQLite::Statement rooms(file_, "SELECT DISTINCT room FROM rooms");
        while (rooms.executeStep())
            if (auto id = rooms.getColumn(0).getString(); uuid_of(id).starts_with(start))
                return id;
    }
    return looks_like_uuid(start) ? format_id({"us", "ROOM", start}) : name;
}

// Records that may fit, the newest first. What waits, what ended in some way and what the guard said is found
// where that is noted: events are many and large.
SQLite::Statement story_reader::candidates(const selection& wanted)
{
    const auto first = wanted.since ? first_record_since(*wanted.since) : 0;
    if (wanted.how_far == progress::waiting)
    {
        SQLite::Statement rows(file_,
                               "SELECT DISTINCT event FROM pending WHERE event >= ? ORDER BY event DESC");
        rows.bind(1, first);
        return rows;
    }
    if (wanted.how_far || wanted.verdict)
    {
        SQLite::Statement rows(file_, "SELECT DISTINCT event FROM attempts WHERE event >= ?1 AND "
                                      "(?2 IS NULL OR what = ?2) AND (?2 IS NOT NULL OR verdict = ?3) "
                                      "ORDER BY event DESC");
        rows.bind(1, first);
        if (wanted.how_far)
            rows.bind(2, to_column(end_of(*wanted.how_far)));
        if (wanted.verdict)
            rows.bind(3, to_column(*wanted.verdict));
        return rows;
    }
    SQLite::Statement rows(file_, "SELECT id FROM events WHERE id >= ?1 AND (?2 = '' OR room = ?2) AND "
                                  "(?3 = '' OR resource || ':' || name = ?3) ORDER BY id DESC");
    rows.bind(1, first);
    rows.bind(2, wanted.room);
    rows.bind(3, wanted.kind);
    return rows;
}

std::vector<story> story_reader::list(const selection& asked)
{
    auto wanted = asked;
    wanted.room = room_id(asked.room);
    auto rows = candidates(wanted);
    std::vector<story> found;
    while (found.size() < wanted.most && rows.executeStep())
    {
        auto s = load(static_cast<record_id>(rows.getColumn(0).getInt64()), bodies::without);
        if (s && matches(*s, wanted))
            found.push_back(std::move(*s));
    }
    return found;
}

std::vector<record_id> story_reader::named(const std::string& name)
{
    const auto w = read_name(name);
    const auto key = w.key.empty() ? "messages:created:" + w.id : w.key;
    auto found = in_time_range(file_, key, w);
    if (w.key.empty())
    {
        const auto replies = by_reply(file_, w, false);
        found.insert(found.end(), replies.begin(), replies.end());
        if (found.empty())
            found = by_reply(file_, w, true);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

} // namespace postern::journal::sqlite
