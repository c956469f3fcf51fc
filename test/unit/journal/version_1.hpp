#pragma once

// The statements that made a journal's file when its schema had version 1, as they were released: not to be
// changed. What is written with them must be read for ever.

#include <SQLiteCpp/Database.h>

#include <string>

namespace postern::test {

inline constexpr auto version_1 = R"sql(
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

inline void make_version_1(SQLite::Database& file)
{
    file.exec("PRAGMA journal_mode = WAL");
    file.exec(version_1);
    file.exec("PRAGMA application_id = " + std::to_string(0x706F7374));
    file.exec("PRAGMA user_version = 1");
}

} // namespace postern::test
