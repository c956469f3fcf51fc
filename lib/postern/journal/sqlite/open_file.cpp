#include "postern/journal/sqlite/open_file.hpp"

#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/trouble.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <chrono>
#include <utility>

namespace postern::journal::sqlite {
namespace {

std::map<std::string, consumer_id> register_all(store& events, const std::vector<std::string>& names)
{
    events.begin();
    auto known = register_consumers(events, names);
    events.commit();
    return known;
}

std::size_t park(store& events, const std::map<std::string, consumer_id>& served)
{
    events.begin();
    const auto parked = park_what_is_left(events, served, std::chrono::system_clock::now());
    events.commit();
    return parked;
}

} // namespace

result<std::unique_ptr<open_file>> open_file::open(const connection_options& options,
                                                   const std::vector<std::string>& consumers)
{
    auto database = connect(options);
    if (!database)
        return database.error();
    try
    {
        return std::make_unique<open_file>(std::move(*database), consumers);
    }
    catch (const SQLite::Exception& e)
    {
        auto why = explain(e, "opening the journal, " + options.file, options.file);
        why.code = make_error_code(errc::file_unreadable);
        return why;
    }
}

open_file::open_file(std::unique_ptr<SQLite::Database> database, const std::vector<std::string>& names)
    : database_(std::move(database)), events(*database_), notes(*database_), values(*database_),
      old(*database_), consumers(register_all(events, names)), parked(park(events, consumers)),
      asked(*database_, consumers)
{
    const auto count = [](void* pages, sqlite3*, const char*, int log_pages) {
        *static_cast<int*>(pages) = log_pages;
        return SQLITE_OK;
    };
    ::sqlite3_wal_hook(database_->getHandle(), count, &log_pages_);
}

void open_file::touch() { database_->exec("PRAGMA user_version = " + std::to_string(schema_version)); }

void open_file::checkpoint(bool all) noexcept
{
    const int mode = all ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    int pages = 0;
    int moved = 0;
    const int rc = ::sqlite3_wal_checkpoint_v2(database_->getHandle(), nullptr, mode, &pages, &moved);
    if (rc == SQLITE_OK && pages == moved)
        log_pages_ = 0; // the next commit writes at its beginning
}

} // namespace postern::journal::sqlite
