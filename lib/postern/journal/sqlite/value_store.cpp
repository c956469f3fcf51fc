#include "postern/journal/sqlite/value_store.hpp"

#include "postern/journal/sqlite/statement.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace postern::journal::sqlite {

value_store::value_store(SQLite::Database& file)
    : get_(file, "SELECT value FROM kept_values WHERE scope = ? AND key = ?"),
      list_(file, "SELECT key, value FROM kept_values WHERE scope = ? AND key >= ? ORDER BY key LIMIT ?"),
      size_(file, "SELECT length(CAST(value AS BLOB)) FROM kept_values WHERE scope = ? AND key = ?"),
      keys_(file, "SELECT count(*) FROM (SELECT 1 FROM kept_values WHERE scope = ? LIMIT ?)"),
      total_(file, "SELECT bytes FROM kept_total"),
      put_(file, "INSERT INTO kept_values (scope, key, value) VALUES (?, ?, ?) "
                 "ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value"),
      erase_(file, "DELETE FROM kept_values WHERE scope = ? AND key = ?")
{
}

std::optional<std::string> value_store::get(const std::string& scope, const std::string& key)
{
    use query(get_);
    query << scope << key;
    return query.row() ? std::optional(query.text(0)) : std::nullopt;
}

std::vector<values_port::key_and_value> value_store::list(const std::string& scope, const std::string& prefix,
                                                          std::size_t most)
{
    constexpr std::size_t all = std::numeric_limits<std::int64_t>::max();
    std::vector<values_port::key_and_value> found;
    use query(list_);
    query << scope << prefix << std::min(most, all);
    while (query.row())
    {
        auto key = query.text(0);
        if (!key.starts_with(prefix))
            break;
        found.emplace_back(std::move(key), query.text(1));
    }
    return found;
}

kept_before value_store::before(const std::string& scope, const std::string& key, std::size_t most)
{
    kept_before known;
    {
        use total(total_);
        known.total = total.row() ? static_cast<std::uint64_t>(total.number(0)) : 0;
    }
    {
        use size(size_);
        size << scope << key;
        if (size.row())
            known.old = scope.size() + key.size() + static_cast<std::size_t>(size.number(0));
    }
    if (!known.old) // else it does not matter how many there are
    {
        use keys(keys_);
        keys << scope << most;
        known.keys = keys.row() ? static_cast<std::size_t>(keys.number(0)) : 0;
    }
    return known;
}

void value_store::put(const std::string& scope, const std::string& key, const std::string& value)
{
    use put(put_);
    put << scope << key << value;
    put.run();
}

bool value_store::erase(const std::string& scope, const std::string& key)
{
    use removal(erase_);
    removal << scope << key;
    return removal.changes() > 0;
}

} // namespace postern::journal::sqlite
