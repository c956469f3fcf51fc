#include "postern/journal/sqlite/story_reader.hpp"

#include "postern/journal/sqlite/schema.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace postern::journal::sqlite {
namespace {

[[noreturn]] void damaged(const char* what)
{
    throw SQLite::Exception(std::string(what) + " holds a value that no postern writes", SQLITE_CORRUPT);
}

std::int64_t column_of(record_id record) { return static_cast<std::int64_t>(record); }

std::string text(const SQLite::Statement& row, int column)
{
    const auto value = row.getColumn(column);
    return {static_cast<const char*>(value.getBlob()), static_cast<std::size_t>(value.getBytes())};
}

std::int64_t integer(const SQLite::Statement& row, int column) { return row.getColumn(column).getInt64(); }

event event_of(const SQLite::Statement& row)
{
    const auto from = origin_of(integer(row, 0));
    if (!from)
        damaged("events.origin");
    event e;
    e.from = *from;
    e.bot = text(row, 1);
    e.key = text(row, 2);
    e.resource = text(row, 3);
    e.name = text(row, 4);
    e.room = text(row, 5);
    e.actor = text(row, 6);
    e.data_id = text(row, 7);
    e.received = time_of(integer(row, 8));
    e.happened = time_of(integer(row, 9));
    e.signature_checked = integer(row, 10) != 0;
    return e;
}

std::optional<judgement> judgement_of(const SQLite::Statement& row)
{
    if (row.isColumnNull(6))
        return std::nullopt;
    const auto said = verdict_of(integer(row, 6));
    if (!said)
        damaged("attempts.verdict");
    return judgement{*said, text(row, 7), integer(row, 8) != 0};
}

attempt_record attempt_of(const SQLite::Statement& row)
{
    const auto what = kind_of(integer(row, 4));
    if (!what)
        damaged("attempts.what");
    return {static_cast<unsigned>(integer(row, 1)),
            time_of(integer(row, 2)),
            std::chrono::milliseconds(integer(row, 3)),
            *what,
            text(row, 5),
            judgement_of(row)};
}

progress ended_as(const std::vector<attempt_record>& attempts)
{
    switch (attempts.back().what)
    {
    case outcome::kind::done: return progress::done;
    case outcome::kind::ignored: return progress::ignored;
    case outcome::kind::dead: return progress::dead;
    case outcome::kind::retry: break;
    }
    return progress::waiting;
}

} // namespace

story_reader::story_reader(SQLite::Database& file)
    : file_(file), snapshot_(file),
      event_(file, "SELECT origin, bot, key, resource, name, room, actor, data_id, received, happened, "
                   "signature_checked, repeats, repeated FROM events WHERE id = ?"),
      body_(file, "SELECT body FROM events WHERE id = ?"),
      attempts_(file,
                "SELECT consumer, number, started, took, what, reason, verdict, rule, cached FROM attempts "
                "WHERE event = ? ORDER BY consumer, number"),
      pending_(file, "SELECT due FROM pending WHERE consumer = ? AND event = ?"),
      effects_(file, "SELECT consumer, number, at, id FROM effects WHERE event = ? "
                     "ORDER BY consumer, since, number")
{
    SQLite::Statement consumers(file, "SELECT id, name FROM consumers");
    while (consumers.executeStep())
        consumers_[integer(consumers, 0)] = text(consumers, 1);
    SQLite::Statement requests(file, "SELECT event, consumer, what FROM requests ORDER BY id");
    while (requests.executeStep())
        asked_[static_cast<record_id>(integer(requests, 0))][text(requests, 1)] = text(requests, 2);
}

std::optional<story> story_reader::load(record_id record, bodies wanted)
{
    event_.reset();
    event_.bind(1, column_of(record));
    if (!event_.executeStep())
        return std::nullopt;
    story s;
    s.record = record;
    s.what = event_of(event_);
    s.repeats = static_cast<std::uint64_t>(integer(event_, 11));
    if (!event_.isColumnNull(12))
        s.repeated = time_of(integer(event_, 12));
    read_deliveries(s);
    if (wanted == bodies::with)
    {
        body_.reset();
        body_.bind(1, column_of(record));
        if (body_.executeStep())
            s.what.body = text(body_, 0);
    }
    return s;
}

void story_reader::read_deliveries(story& s)
{
    std::map<std::int64_t, std::vector<attempt_record>> attempts;
    attempts_.reset();
    attempts_.bind(1, column_of(s.record));
    while (attempts_.executeStep())
        attempts[integer(attempts_, 0)].push_back(attempt_of(attempts_));

    std::vector<std::int64_t> ids;
    for (const auto& [id, name] : consumers_)
    {
        pending_.reset();
        pending_.bind(1, id);
        pending_.bind(2, column_of(s.record));
        const bool waits = pending_.executeStep();
        if (!waits && !attempts.contains(id))
            continue; // it began after the event
        delivery_record d;
        d.consumer = name;
        d.attempts = std::move(attempts[id]);
        d.how_far = waits ? progress::waiting : ended_as(d.attempts);
        if (waits && !pending_.isColumnNull(0))
            d.due = time_of(integer(pending_, 0));
        if (const auto found = asked_.find(s.record); found != asked_.end())
            for (const auto& whose : {name, std::string()})
                if (const auto what = found->second.find(whose); what != found->second.end())
                    d.asked = what->second;
        s.deliveries.push_back(std::move(d));
        ids.push_back(id);
    }
    read_effects(s, ids);
}

void story_reader::read_effects(story& s, const std::vector<std::int64_t>& consumers)
{
    effects_.reset();
    effects_.bind(1, column_of(s.record));
    while (effects_.executeStep())
    {
        const auto at = std::find(consumers.begin(), consumers.end(), integer(effects_, 0));
        if (at != consumers.end())
            s.deliveries[static_cast<std::size_t>(at - consumers.begin())].effects.push_back(
                {static_cast<unsigned>(integer(effects_, 1)),
                 {},
                 time_of(integer(effects_, 2)),
                 text(effects_, 3)});
    }
}

std::optional<std::int64_t> story_reader::consumer_id(const std::string& name) const
{
    for (const auto& [id, known] : consumers_)
        if (known == name)
            return id;
    return std::nullopt;
}

std::string story_reader::consumer_names() const
{
    std::string names;
    for (const auto& [id, name] : consumers_)
        (names += names.empty() ? "" : ", ") += printable(name);
    return names;
}

} // namespace postern::journal::sqlite
