#include "postern/journal/sqlite/trouble.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace postern::journal::sqlite {
namespace {

errc code_of(trouble t)
{
    switch (t)
    {
    case trouble::full:
    case trouble::locked:
    case trouble::broken: return errc::journal_full;
    case trouble::damaged: return errc::file_unreadable;
    case trouble::call: return errc::bad_input;
    }
    return errc::journal_full;
}

std::string advice_for(trouble t, int code, const std::string& file)
{
    switch (t)
    {
    case trouble::full: return "make room on the disk of " + file + ", or raise the journal's size limit";
    case trouble::locked:
        return "another program has a lock on " + file + ": end it, or wait until it is done";
    case trouble::broken:
        if ((code & 0xFF) == SQLITE_READONLY || (code & 0xFF) == SQLITE_CANTOPEN)
            return file + " and its folder must be there and writable";
        return "look at the disk of " + file + ": its space and limits, its mount, its health";
    case trouble::damaged:
        return "stop postern and move " + file + " away with its -wal and -shm (keep them: `sqlite3 " + file +
               " .recover` may save what is in it); a new one is made at the next start";
    case trouble::call: return {};
    }
    return {};
}

// What the system said of the disk; 0: nothing. SQLite remembers it for the connection unless it was a commit
// that failed; then the write-ahead log still knows.
int system_error(sqlite3* connection)
{
    if (const int known = ::sqlite3_system_errno(connection); known != 0)
        return known;
    sqlite3_file* log = nullptr;
    if (::sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || !log ||
        !log->pMethods)
        return 0;
    int last = 0;
    return log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &last) == SQLITE_OK ? last : 0;
}

} // namespace

trouble trouble_of(int code) noexcept
{
    switch (code & 0xFF)
    {
    case SQLITE_FULL: return trouble::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return trouble::locked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return trouble::damaged;
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return trouble::call;
    default: return trouble::broken; // IOERR, READONLY, CANTOPEN, PERM, AUTH, NOMEM, PROTOCOL, ...
    }
}

error explain(const SQLite::Exception& e, std::string doing, const std::string& file, sqlite3* connection)
{
    const auto t = trouble_of(e.getErrorCode());
    auto words = std::string("SQLite says: ") + e.what();
    const int system = connection && t == trouble::broken ? system_error(connection) : 0;
    if (system != 0)
        words += " (" + boost::system::error_code(system, boost::system::system_category()).message() + ')';
    return error(code_of(t), std::move(doing))
        .because(std::move(words))
        .advise(advice_for(t, e.getExtendedErrorCode(), file));
}

} // namespace postern::journal::sqlite
