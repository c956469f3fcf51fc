#include "postern/journal/sqlite/schema.hpp"

#include <SQLiteCpp/Database.h>

#include <string>

namespace postern::journal::sqlite {
namespace {

// From nothing to version 1.
constexpr auto version_1 = R"sql(
CREATE TABLE events (
    id INTEGER PRIMARY KEY,             -- the record; the newest is never removed, so none is given twice
    digest BLOB NOT NULL,               -- of bot and key: see event_digest.hpp
    origin INTEGER NOT NULL,
    bot TEXT NOT NULL,
    key TEXT NOT NULL,
    resource TEXT NOT NULL,
    name TEXT NOT NULL,
    room TEXT NOT NULL,
    actor TEXT NOT NULL,
    data_id TEXT NOT NULL,
    received INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    signature_checked INTEGER NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0, -- times it came again
    repeated INTEGER,                   -- when it last did
    body BLOB NOT NULL                  -- last: what is before it is read without it
);
CREATE UNIQUE INDEX events_digest ON events (digest);

CREATE TABLE consumers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    since INTEGER NOT NULL              -- the newest record when it was first seen
);

-- Deliveries that are not over, and only those: small and hot.
CREATE TABLE pending (
    consumer INTEGER NOT NULL,
    event INTEGER NOT NULL,
    lane TEXT NOT NULL,
    rank INTEGER NOT NULL,              -- its place in the lane: see lane_schedule.hpp
    attempt INTEGER NOT NULL,           -- the number of the next attempt
    since INTEGER NOT NULL,             -- the attempt this round began with: 1, or later after a replay
    due INTEGER,                        -- of the next attempt, if it waits for one
    origin INTEGER NOT NULL,            -- that the delivery shows: replay after a replay, else the event's
    happened INTEGER NOT NULL DEFAULT 0, -- of the event
    size INTEGER NOT NULL,              -- bytes of the event's body
    PRIMARY KEY (consumer, event)
) WITHOUT ROWID;

-- Every finished attempt. Numbers go on counting after a replay.
CREATE TABLE attempts (
    event INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    since INTEGER NOT NULL,             -- of its round
    started INTEGER NOT NULL,
    took INTEGER NOT NULL,
    what INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (event, consumer, number)
) WITHOUT ROWID;

CREATE TABLE effects (
    event INTEGER NOT NULL,
    consumer INTEGER NOT NULL,
    since INTEGER NOT NULL,             -- the round: a delivery is handed out with the effects of its own
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,                   -- empty: not known
    PRIMARY KEY (event, consumer, since, number)
) WITHOUT ROWID;

CREATE TABLE rooms (
    bot TEXT NOT NULL,
    room TEXT NOT NULL,
    newest INTEGER NOT NULL,
    member INTEGER NOT NULL,
    membership TEXT NOT NULL,
    PRIMARY KEY (bot, room)
) WITHOUT ROWID;

CREATE TABLE heard (bot TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;

-- Written by `postern events`, taken by the journal that runs.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL,
    consumer TEXT NOT NULL,             -- empty: every one
    what TEXT NOT NULL,                 -- 'replay' or 'retry'
    at INTEGER NOT NULL
);
)sql";

// From version 1: what the guard said, and what bots remember.
constexpr auto version_2 = R"sql(
ALTER TABLE attempts ADD COLUMN verdict INTEGER; -- NULL: the guard was not asked
ALTER TABLE attempts ADD COLUMN rule TEXT;       -- its reason in words
ALTER TABLE attempts ADD COLUMN cached INTEGER;  -- 1: known already; 0: Webex was asked for it

CREATE VIEW guard_trail AS -- Who asked what where, and what the guard said: for whoever has the sqlite3 tool.
SELECT                     -- A line for each attempt of which it was asked. No text of a message is in it.
    strftime('%Y-%m-%dT%H:%M:%fZ', a.started / 1000.0, 'unixepoch') AS time,
    e.key AS key,                       -- postern events why KEY tells the whole story
    e.resource || ':' || e.name AS kind,
    e.room AS room,                     -- public ids
    e.actor AS actor,
    c.name AS consumer,
    CASE a.verdict WHEN 0 THEN 'admitted' WHEN 1 THEN 'refused' ELSE 'undecided' END AS verdict,
    a.rule AS rule,                     -- why, in words
    a.cached AS cached,                 -- 1: known already; 0: Webex was asked for it
    CASE a.what WHEN 0 THEN 'done' WHEN 1 THEN 'ignored' WHEN 2 THEN 'retry' ELSE 'dead' END AS outcome,
    CASE a.what WHEN 0 THEN nullif(a.reason, '') END AS handled_by -- NULL where it was not done
FROM attempts a JOIN events e ON e.id = a.event JOIN consumers c ON c.id = a.consumer
WHERE a.verdict IS NOT NULL
ORDER BY a.event, a.consumer, a.number;

-- What bots remember. Not bound to events: removed by nobody but the bot.
CREATE TABLE kept_values (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (scope, key)
);

-- Bytes of all scopes, keys and values; kept right by the triggers, whoever changes the table.
CREATE TABLE kept_total (bytes INTEGER NOT NULL);
INSERT INTO kept_total VALUES (0);
CREATE TRIGGER kept_added AFTER INSERT ON kept_values BEGIN
    UPDATE kept_total SET bytes = bytes + length(CAST(new.scope AS BLOB)) + length(CAST(new.key AS BLOB))
        + length(CAST(new.value AS BLOB));
END;
CREATE TRIGGER kept_changed AFTER UPDATE ON kept_values BEGIN
    UPDATE kept_total SET bytes = bytes
        + length(CAST(new.scope AS BLOB)) + length(CAST(new.key AS BLOB)) + length(CAST(new.value AS BLOB))
        - length(CAST(old.scope AS BLOB)) - length(CAST(old.key AS BLOB)) - length(CAST(old.value AS BLOB));
END;
CREATE TRIGGER kept_erased AFTER DELETE ON kept_values BEGIN
    UPDATE kept_total SET bytes = bytes - length(CAST(old.scope AS BLOB)) - length(CAST(old.key AS BLOB))
        - length(CAST(old.value AS BLOB));
END;
)sql";

} // namespace

void migrate(SQLite::Database& file, int from)
{
    if (from < 1)
        file.exec(version_1);
    if (from < 2)
        file.exec(version_2);
    file.exec("PRAGMA application_id = " + std::to_string(application_id));
    file.exec("PRAGMA user_version = " + std::to_string(schema_version));
}

std::int64_t to_column(wall_time t) noexcept
{
    return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

wall_time time_of(std::int64_t column) noexcept { return wall_time(std::chrono::milliseconds(column)); }

std::int64_t to_column(origin o) noexcept
{
    switch (o)
    {
    case origin::webhook: return 0;
    case origin::websocket: return 1;
    case origin::recovery: return 2;
    case origin::replay: return 3;
    }
    return 0;
}

std::optional<origin> origin_of(std::int64_t column) noexcept
{
    for (const auto o : {origin::webhook, origin::websocket, origin::recovery, origin::replay})
        if (to_column(o) == column)
            return o;
    return std::nullopt;
}

std::int64_t to_column(outcome::kind k) noexcept
{
    switch (k)
    {
    case outcome::kind::done: return 0;
    case outcome::kind::ignored: return 1;
    case outcome::kind::retry: return 2;
    case outcome::kind::dead: return 3;
    }
    return 0;
}

std::optional<outcome::kind> kind_of(std::int64_t column) noexcept
{
    using kind = outcome::kind;
    for (const auto k : {kind::done, kind::ignored, kind::retry, kind::dead})
        if (to_column(k) == column)
            return k;
    return std::nullopt;
}

std::int64_t to_column(verdict v) noexcept
{
    switch (v)
    {
    case verdict::admitted: return 0;
    case verdict::refused: return 1;
    case verdict::undecided: return 2;
    }
    return 2;
}

std::optional<verdict> verdict_of(std::int64_t column) noexcept
{
    for (const auto v : {verdict::admitted, verdict::refused, verdict::undecided})
        if (to_column(v) == column)
            return v;
    return std::nullopt;
}

} // namespace postern::journal::sqlite
