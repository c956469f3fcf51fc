#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"
#include "postern/journal/journal.hpp"
#include "postern/journal/sqlite/event_digest.hpp"
#include "postern/journal/sqlite/pending_row.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace postern::journal::sqlite {

// One finished attempt.
struct attempt_row
{
    record_id record{};
    consumer_id consumer{};
    unsigned number{};
    unsigned since{};
    wall_time started{};
    std::chrono::milliseconds took{};
};

// What append, claim, settle and note do to the file, as prepared statements. Between begin() and commit(),
// except for what only reads. Belongs to one thread. Throws SQLite::Exception.
class store
{
public:
    explicit store(SQLite::Database&);

    void begin(); // takes the write lock
    void commit();
    void roll_back() noexcept; // also when SQLite did so by itself

    std::optional<record_id> insert(const event&, const event_digest&); // empty: it is known
    std::optional<record_id> find(const event_digest&);
    std::optional<event> read(record_id);
    void repeated(record_id, std::uint64_t times, wall_time last);
    record_id newest();

    void add(const pending_row&);
    void postpone(consumer_id, record_id, unsigned attempt, wall_time due);
    void remove(consumer_id, record_id);
    std::vector<pending_row> pending(consumer_id);

    // The oldest of those that are not over and of which, as of all newer ones, `later` holds. Events that
    // were recovered or replayed don't count.
    using came_after = std::function<bool(const std::string& bot, wall_time received)>;
    std::optional<record_id> first_live(consumer_id, const came_after& later);

    void add(const attempt_row&, const outcome&);

    void put(record_id, consumer_id, unsigned since, const effect&);
    std::vector<effect> effects(record_id, consumer_id, unsigned since);

    SQLite::Database& database() { return file_; }

private:
    SQLite::Database& file_;
    SQLite::Statement begin_, commit_, insert_, find_, read_, repeated_, newest_;
    SQLite::Statement add_pending_, postpone_, remove_, pending_, latest_pending_, add_attempt_, put_effect_,
        effects_;
};

} // namespace postern::journal::sqlite
