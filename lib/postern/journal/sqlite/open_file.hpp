#pragma once

#include "postern/journal/sqlite/connection.hpp"
#include "postern/journal/sqlite/consumers.hpp"
#include "postern/journal/sqlite/late_notes.hpp"
#include "postern/journal/sqlite/requests.hpp"
#include "postern/journal/sqlite/retention.hpp"
#include "postern/journal/sqlite/store.hpp"
#include "postern/journal/sqlite/value_store.hpp"

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace postern::journal::sqlite {

// The connection with all that is prepared on it: made anew as a whole after the disk failed. Belongs to one
// thread at a time.
class open_file final
{
public:
    // Errors: file_unreadable, with what to do.
    static result<std::unique_ptr<open_file>> open(const connection_options&,
                                                   const std::vector<std::string>& consumers);

    // Throws SQLite::Exception, as all that follows.
    open_file(std::unique_ptr<SQLite::Database>, const std::vector<std::string>& consumers);
    open_file(const open_file&) = delete;

    SQLite::Database& database() { return *database_; }
    int log_pages() const { return log_pages_; } // in the write-ahead log, after the last commit

    // Writes what is there already, to see whether writing is possible. Between begin() and commit().
    void touch();

    // Moves what is in the write-ahead log into the file; `all`: and empties it. What fails is left for the
    // next time, for what was committed is safe in the log.
    void checkpoint(bool all) noexcept;

private:
    std::unique_ptr<SQLite::Database> database_; // first: the others hang on it
    int log_pages_ = 0;

public:
    store events;
    notes_store notes;
    value_store values;
    retention old;
    const std::map<std::string, consumer_id> consumers;
    const std::size_t parked; // deliveries of consumers that are gone
    requests asked;
};

} // namespace postern::journal::sqlite
