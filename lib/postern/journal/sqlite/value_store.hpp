#pragma once

#include "postern/base/values_port.hpp"
#include "postern/journal/value_limits.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace postern::journal::sqlite {

// The table kept_values. Belongs to the journal's thread; what writes comes between begin() and commit() of
// the store. Throws SQLite::Exception.
class value_store
{
public:
    explicit value_store(SQLite::Database&);

    std::optional<std::string> get(const std::string& scope, const std::string& key);
    std::vector<values_port::key_and_value> list(const std::string& scope, const std::string& prefix,
                                                 std::size_t most);

    // Of where a value is to be put; stops counting at `most` keys.
    kept_before before(const std::string& scope, const std::string& key, std::size_t most);

    void put(const std::string& scope, const std::string& key, const std::string& value);
    bool erase(const std::string& scope, const std::string& key); // true: it was there

private:
    SQLite::Statement get_, list_, size_, keys_, total_, put_, erase_;
};

} // namespace postern::journal::sqlite
