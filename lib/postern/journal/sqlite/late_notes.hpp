#pragma once

#include "postern/base/event.hpp"
#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/journal/room_news.hpp"
#include "postern/journal/sqlite/store.hpp"

#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postern::journal::sqlite {

// Until when everything was heard. Thread-safe.
class heard_times
{
public:
    void set(std::string bot, wall_time until, bool written = false);
    std::optional<wall_time> of(const std::string& bot) const;

    std::vector<std::pair<std::string, wall_time>> unwritten() const;
    // A bot is not in the file at all: a crash now would make the next start a first one, which leaves what
    // was said before it alone.
    bool urgent() const;
    void written(const std::vector<std::pair<std::string, wall_time>>&);

private:
    struct moment
    {
        wall_time until{};
        bool written = false;
        bool in_file = false; // this time, or an earlier one
    };
    mutable std::mutex mutex_;
    std::map<std::string, moment> bots_;
};

// What need not be durable at once, and is cheaper in larger portions: news of rooms, repetitions of events.
// A crash before it is written costs a list call or a number. Belongs to the journal's thread.
class late_notes
{
public:
    void take_in(const event&);
    void repeated(record_id, wall_time);
    // A membership was told and written since: what was noted of it before is out of date.
    void overruled(const std::string& bot, const std::string& room);

    // News that are not in the file yet, over what is, in the order of the rooms' names.
    void apply(const std::string& bot, std::vector<room_position>&) const;

    bool empty() const { return rooms_.empty() && repeats_.empty(); }
    std::size_t size() const { return rooms_.size() + repeats_.size(); }
    void clear();

    const auto& rooms() const { return rooms_; }
    const auto& repeats() const { return repeats_; }

private:
    struct repetition
    {
        std::uint64_t times{};
        wall_time last{};
    };
    std::map<std::pair<std::string, std::string>, room_news> rooms_; // bot, room
    std::unordered_map<record_id, repetition> repeats_;
};

// The tables they are kept in. Throws SQLite::Exception.
class notes_store
{
public:
    explicit notes_store(SQLite::Database&);

    void write(const late_notes&, store&);
    void write(const std::vector<std::pair<std::string, wall_time>>& heard);
    void remember(const std::string& bot, const room_position&);

    std::vector<room_position> rooms(const std::string& bot);
    void read(heard_times&);

private:
    SQLite::Statement said_, member_, heard_, rooms_, all_heard_;
};

} // namespace postern::journal::sqlite
