#pragma once

#include "postern/journal/archive.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace postern::journal::sqlite {

// The file as it is at one moment; what is written meanwhile is not seen. For one undertaking: a reader that
// lives long keeps the write-ahead log from being emptied. Functions throw SQLite::Exception.
class story_reader
{
public:
    enum class bodies
    {
        with,
        without
    };

    explicit story_reader(SQLite::Database&);

    std::optional<story> load(record_id, bodies);

    // Newest first, without bodies.
    std::vector<story> list(const selection&);

    // Records by a key, the id of what they are about, or the id of a reply; in order.
    std::vector<record_id> named(const std::string& name);

    std::optional<std::int64_t> consumer_id(const std::string& name) const;
    std::string consumer_names() const; // "bot, audit"

private:
    void read_deliveries(story&);
    void read_effects(story&, const std::vector<std::int64_t>& consumers);

    SQLite::Statement candidates(const selection&);
    std::int64_t first_record_since(wall_time);
    std::string room_id(const std::string& name);

    SQLite::Database& file_;
    SQLite::Transaction snapshot_;
    std::map<std::int64_t, std::string> consumers_;
    std::map<record_id, std::map<std::string, std::string>> asked_; // consumer, or empty -> what
    SQLite::Statement event_, body_, attempts_, pending_, effects_;
};

bool matches(const story&, const selection&); // whose room is a public id

} // namespace postern::journal::sqlite
