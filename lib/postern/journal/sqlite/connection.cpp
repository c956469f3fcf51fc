#include "postern/journal/sqlite/connection.hpp"

#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/trouble.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace postern::journal::sqlite {
namespace {

constexpr int page_size = 8192; // a body of 1 KB and its row fit seven times

error refused(const std::string& file, std::string why, std::string advice)
{
    return error(errc::file_unreadable, "opening the journal, " + file)
        .because(std::move(why))
        .advise(std::move(advice));
}

std::int64_t number(SQLite::Database& db, const char* question) { return db.execAndGet(question).getInt64(); }

// Ours, and of a version we can read?
result<> examine(SQLite::Database& db, const std::string& file)
{
    constexpr auto elsewhere = "give the journal another file";
    if (::sqlite3_db_readonly(db.getHandle(), "main") == 1)
        return refused(file, "it can't be written", "give this user the right to write it and its folder");
    if (number(db, "SELECT count(*) FROM sqlite_schema") == 0)
        return {};
    if (number(db, "PRAGMA application_id") != application_id)
        return refused(file, "it is a database, but no journal of postern", elsewhere);
    const auto version = number(db, "PRAGMA user_version");
    if (version > schema_version)
        return refused(file,
                       "it has version " + std::to_string(version) + ", this postern knows versions up to " +
                           std::to_string(schema_version),
                       std::string("use a newer postern, or ") + elsewhere);
    return {};
}

void set_up(SQLite::Database& db)
{
    db.exec("PRAGMA page_size = " + std::to_string(page_size)); // of a new file
    if (db.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
        throw SQLite::Exception("the write-ahead log is not possible here", SQLITE_CANTOPEN);
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA wal_autocheckpoint = 0"); // see worker.cpp: nobody waits for a checkpoint
    db.exec("PRAGMA journal_size_limit = 67108864");
    db.exec("PRAGMA cache_size = -16384");
    db.exec("PRAGMA temp_store = MEMORY");
    db.exec("PRAGMA secure_delete = FAST"); // Debian's default writes every freed page once more
}

void bound(SQLite::Database& db, std::uint64_t size_limit)
{
    const auto size = static_cast<std::uint64_t>(number(db, "PRAGMA page_size"));
    const auto pages = std::clamp<std::uint64_t>(size_limit / size, 32, 0xFFFF'FFFE);
    db.exec("PRAGMA max_page_count = " + std::to_string(pages));
}

void bring_up_to_date(SQLite::Database& db)
{
    const auto version = number(db, "PRAGMA user_version");
    if (version == schema_version)
        return;
    SQLite::Transaction step(db, SQLite::TransactionBehavior::IMMEDIATE);
    migrate(db, static_cast<int>(version));
    step.commit();
}

} // namespace

result<std::unique_ptr<SQLite::Database>> connect(const connection_options& options)
{
    std::unique_ptr<SQLite::Database> db;
    try
    {
        const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
        db = std::make_unique<SQLite::Database>(options.file, flags,
                                                static_cast<int>(options.busy_timeout.count()), options.vfs);
        if (auto fit = examine(*db, options.file); !fit)
            return fit.error();
        set_up(*db);
        bring_up_to_date(*db);
        bound(*db, options.size_limit);
        return db;
    }
    catch (const SQLite::Exception& e)
    {
        if ((e.getErrorCode() & 0xFF) == SQLITE_NOTADB)
            return refused(options.file, "it is no SQLite database: something else, or its head is damaged",
                           "move it away, or give the journal another file");
        auto why =
            explain(e, "opening the journal, " + options.file, options.file, db ? db->getHandle() : nullptr);
        why.code = make_error_code(errc::file_unreadable);
        return why;
    }
}

result<> prepare_place(const std::string& file)
{
    namespace fs = std::filesystem;
    auto failed = [&](int why) {
        return refused(file, boost::system::error_code(why, boost::system::system_category()).message(),
                       "give the journal a file in a folder that this user can write");
    };
    const auto folder = fs::path(file).parent_path();
    std::error_code ec;
    if (!folder.empty() && !fs::is_directory(folder, ec))
    {
        if (!fs::create_directories(folder, ec))
            return failed(ec ? ec.value() : ENOTDIR);
        fs::permissions(folder, fs::perms::owner_all, ec);
    }
    // Never opened when it is there: closing it would end the locks that SQLite has on it in this process.
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0)
        return errno == EEXIST ? result<>() : failed(errno);
    ::close(made);
    if (const int entry = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        entry >= 0)
    {
        ::fsync(entry); // so that the file's name is as durable as what is in it
        ::close(entry);
    }
    return {};
}

} // namespace postern::journal::sqlite
