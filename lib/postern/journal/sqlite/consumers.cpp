#include "postern/journal/sqlite/consumers.hpp"

#include "postern/journal/sqlite/statement.hpp"

#include <algorithm>

namespace postern::journal::sqlite {

std::map<std::string, consumer_id> register_consumers(store& file, const std::vector<std::string>& names)
{
    SQLite::Statement add(file.database(), "INSERT OR IGNORE INTO consumers (name, since) VALUES (?, ?)");
    SQLite::Statement find(file.database(), "SELECT id FROM consumers WHERE name = ?");
    std::map<std::string, consumer_id> known;
    for (const auto& name : names)
    {
        {
            use added(add);
            added << name << file.newest();
            added.run();
        }
        use query(find);
        query << name;
        if (query.row())
            known.emplace(name, query.number(0));
    }
    return known;
}

std::size_t park_what_is_left(store& file, const std::map<std::string, consumer_id>& served, wall_time now)
{
    std::vector<consumer_id> gone;
    SQLite::Statement all(file.database(), "SELECT id FROM consumers");
    for (use query(all); query.row();)
    {
        const auto id = query.number(0);
        if (std::none_of(served.begin(), served.end(), [&](const auto& s) { return s.second == id; }))
            gone.push_back(id);
    }
    std::size_t parked = 0;
    for (const auto consumer : gone)
        for (const auto& row : file.pending(consumer))
        {
            attempt_row last;
            last.record = row.record;
            last.consumer = consumer;
            last.number = row.attempt;
            last.since = row.since;
            last.started = now;
            file.add(last, outcome::dead("no such consumer any more"));
            file.remove(consumer, row.record);
            ++parked;
        }
    return parked;
}

} // namespace postern::journal::sqlite
