#pragma once

#include "postern/journal/sqlite/pending_row.hpp"
#include "postern/journal/sqlite/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace postern::journal::sqlite {

// The replays and retries that commands leave in the file. Throws SQLite::Exception.
class requests
{
public:
    // The consumers that are served, by their names.
    requests(SQLite::Database&, std::map<std::string, consumer_id>);

    // Another connection wrote to the file since the last call: there may be some.
    bool may_be_there();
    void look_again() { seen_.reset(); } // what was there could not be taken

    struct taken
    {
        std::vector<pending_row> deliveries; // that begin now
        std::size_t asked{};                 // requests that were taken
        std::size_t in_vain{};               // of them: nothing to do
        bool more{};
    };
    // Takes some, at most so many deliveries; between begin() and commit() of the store. Only what is over is
    // done again, and only what is dead is retried. A replay goes last in its lane.
    taken take(store&, std::size_t deliveries);

private:
    struct last_attempt
    {
        unsigned number{};
        unsigned since{};
        bool dead{};
    };
    struct request
    {
        record_id event{};
        std::string consumer;
        bool replay{};
    };
    std::optional<last_attempt> last_of(record_id, consumer_id);
    std::optional<pending_row> delivery_of(const request&, consumer_id, record_id newest);
    bool is_pending(record_id, consumer_id);

    const std::map<std::string, consumer_id> consumers_;
    SQLite::Statement version_, next_, done_, event_, last_attempt_, is_pending_;
    std::optional<std::int64_t> seen_;
};

} // namespace postern::journal::sqlite
