#include "postern/journal/sqlite/retention.hpp"

#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/statement.hpp"

#include <limits>
#include <vector>

namespace postern::journal::sqlite {
namespace {

std::uint64_t number(SQLite::Statement& s)
{
    use query(s);
    return query.row() ? static_cast<std::uint64_t>(query.number(0)) : 0;
}

} // namespace

retention::retention(SQLite::Database& file)
    : candidates_(file, "SELECT id, received, EXISTS (SELECT 1 FROM pending WHERE event = events.id AND "
                        "consumer IN (SELECT id FROM consumers)) FROM events "
                        "WHERE id > ? AND id < (SELECT max(id) FROM events) ORDER BY id LIMIT ?"),
      event_(file, "DELETE FROM events WHERE id = ?"),
      attempts_(file, "DELETE FROM attempts WHERE event = ?"),
      effects_(file, "DELETE FROM effects WHERE event = ?"), pages_(file, "PRAGMA page_count"),
      free_(file, "PRAGMA freelist_count"), page_size_(file, "PRAGMA page_size")
{
}

retention::step retention::remove(std::optional<wall_time> limit, std::size_t at_most)
{
    const auto before = limit ? to_column(*limit) : std::numeric_limits<std::int64_t>::max();
    std::vector<record_id> over;
    std::size_t seen = 0;
    bool young = false;
    auto last = after_;
    {
        use query(candidates_);
        query << after_ << at_most;
        while (!young && query.row())
        {
            ++seen;
            young = query.number(1) >= before;
            if (young)
                break;
            last = static_cast<record_id>(query.number(0));
            if (query.number(2) == 0)
                over.push_back(last);
        }
    }
    for (const auto record : over)
        for (auto* table : {&effects_, &attempts_, &event_})
        {
            use removal(*table);
            removal << record;
            removal.run();
        }
    const bool more = !young && seen == at_most;
    after_ = more ? last : 0;
    return {over.size(), more};
}

std::uint64_t retention::used_bytes() { return (number(pages_) - number(free_)) * number(page_size_); }

} // namespace postern::journal::sqlite
