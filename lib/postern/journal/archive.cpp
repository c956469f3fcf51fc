#include "postern/journal/archive.hpp"

#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/story_reader.hpp"
#include "postern/journal/sqlite/trouble.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <utility>

namespace postern::journal {
namespace {

using sqlite::story_reader;

constexpr int patience = 2000; // ms, for another program's lock

error failed(const std::string& doing, const std::string& path, const SQLite::Exception& why,
             sqlite3* connection = nullptr)
{
    auto told = sqlite::explain(why, doing + ", " + printable(path), printable(path), connection);
    told.code = make_error_code(errc::file_unreadable);
    return told;
}

error unusable(const std::string& path, std::string why, std::string advice)
{
    return error(errc::file_unreadable, "opening the journal, " + printable(path))
        .because(std::move(why))
        .advise(std::move(advice));
}

std::int64_t pragma(SQLite::Database& file, const char* name)
{
    return file.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

error none(const std::string& path, std::string why)
{
    return error(errc::not_found, "opening the journal, " + printable(path))
        .because(std::move(why))
        .advise("it is made when postern run starts; --data-dir says where another instance has its own");
}

result<> check_is_ours(SQLite::Database& file, const std::string& path)
{
    if (file.execAndGet("SELECT count(*) FROM sqlite_schema").getInt64() == 0)
        return none(path, "nothing was ever written to it");
    if (pragma(file, "application_id") != sqlite::application_id)
        return unusable(path, "it is not a journal of postern", "");
    const auto version = pragma(file, "user_version");
    if (version > sqlite::schema_version)
        return unusable(path,
                        "it is of version " + std::to_string(version) + ", this postern knows version " +
                            std::to_string(sqlite::schema_version),
                        "use the postern that wrote it, or a newer one");
    if (version < sqlite::schema_version)
        return unusable(path, "it is of the older version " + std::to_string(version),
                        "start postern run once, which brings it up to date");
    return {};
}

std::optional<record_id> as_number(const std::string& name)
{
    record_id number{};
    const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (ec != std::errc() || end != name.data() + name.size() || number > INT64_MAX)
        return std::nullopt;
    return number;
}

// Whoever has the journal holds a lock on that file, with its process id in it. Looking means to take the
// lock for a moment, which a postern that starts just then would take for another one: so not where no id
// stands.
bool locked_by_another(const std::string& lock)
{
    const int descriptor = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    struct stat about = {};
    const bool locked = ::fstat(descriptor, &about) == 0 && about.st_size > 0 &&
                        ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return locked;
}

enum class task
{
    replay,
    retry
};

std::string_view to_string(task what) { return what == task::replay ? "replay" : "retry"; }

bool fits(task what, const delivery_record& d)
{
    return what == task::replay ? d.how_far != progress::waiting : d.how_far == progress::dead;
}

struct request
{
    record_id record{};
    std::string consumer;
};

struct plan
{
    std::size_t count = 0; // with what is asked for already, and is not asked for again
    std::vector<request> fresh;
};

void add_to(plan& all, task what, const story& s, const std::string& consumer)
{
    for (const auto& d : s.deliveries)
    {
        if ((!consumer.empty() && d.consumer != consumer) || !fits(what, d))
            continue;
        ++all.count;
        if (d.asked.empty())
            all.fresh.push_back({s.record, d.consumer});
    }
}

class sqlite_archive final : public archive
{
public:
    sqlite_archive(std::string path, SQLite::Database file) : path_(std::move(path)), file_(std::move(file))
    {
    }

    result<std::vector<story>> list(const selection& wanted) override
    {
        return reading([&](story_reader& from) { return from.list(wanted); });
    }

    result<std::vector<story>> find(const std::string& name) override
    {
        return reading([&](story_reader& from) {
            std::vector<story> found;
            const auto add = [&](record_id record) {
                if (auto s = from.load(record, story_reader::bodies::with))
                    found.push_back(std::move(*s));
            };
            if (const auto number = as_number(name))
                add(*number);
            else
                for (const auto record : from.named(name))
                    add(record);
            return found;
        });
    }

    result<std::size_t> replay(const std::vector<record_id>& records, const std::string& consumer) override
    {
        return ask(task::replay, records, consumer);
    }

    result<std::size_t> retry(const std::vector<record_id>& records, const std::string& consumer) override
    {
        return ask(task::retry, records, consumer);
    }

    bool in_use() const override { return locked_by_another(path_ + ".lock"); }

private:
    template <class Read>
    auto reading(Read read) -> result<decltype(read(std::declval<story_reader&>()))>
    {
        try
        {
            story_reader from(file_);
            return read(from);
        }
        catch (const SQLite::Exception& why)
        {
            return failed("reading the journal", path_, why, file_.getHandle());
        }
    }

    result<std::size_t> ask(task what, const std::vector<record_id>& records, const std::string& consumer)
    {
        const auto doing = "asking for a " + std::string(to_string(what));
        std::string known;
        const auto planned = reading([&](story_reader& from) {
            plan all;
            if (consumer.empty() || from.consumer_id(consumer))
                for (const auto record : records)
                {
                    if (const auto s = from.load(record, story_reader::bodies::without))
                        add_to(all, what, *s, consumer);
                }
            else if (known = from.consumer_names(); known.empty())
                known = "none";
            return all;
        });
        if (planned.has_error())
            return planned.error();
        if (!known.empty())
            return error(errc::bad_input, doing)
                .because("there is no consumer \"" + printable(consumer) + '"')
                .advise("the journal knows: " + known);
        auto written = write(what, planned->fresh);
        if (written.has_error())
            return written.error();
        return planned->count;
    }

    result<> write(task what, const std::vector<request>& fresh)
    {
        if (fresh.empty())
            return {};
        try
        {
            SQLite::Transaction together(file_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement row(file_,
                                  "INSERT INTO requests (event, consumer, what, at) VALUES (?, ?, ?, ?)");
            const auto now = sqlite::to_column(std::chrono::system_clock::now());
            for (const auto& r : fresh)
            {
                row.reset();
                row.bind(1, static_cast<std::int64_t>(r.record));
                row.bind(2, r.consumer);
                row.bind(3, std::string(to_string(what)));
                row.bind(4, now);
                row.exec();
            }
            together.commit();
            return {};
        }
        catch (const SQLite::Exception& why)
        {
            return failed("asking for a " + std::string(to_string(what)), path_, why, file_.getHandle());
        }
    }

    const std::string path_;
    SQLite::Database file_;
};

} // namespace

result<std::unique_ptr<archive>> archive::open(std::string path)
{
    std::error_code ec;
    const auto there = std::filesystem::status(path, ec);
    if (there.type() == std::filesystem::file_type::not_found)
        return none(path, "there is none");
    if (!std::filesystem::is_regular_file(there))
        return unusable(path, ec ? ec.message() : "it is no file",
                        ec ? "run this as the user that postern runs as" : "");
    try
    {
        // Not read-only: even a reader of a write-ahead log writes beside it. Where that is not allowed,
        // SQLite reads as far as it can.
        SQLite::Database file(path, SQLite::OPEN_READWRITE, patience);
        file.exec("PRAGMA wal_autocheckpoint = 0"); // that is the work of the postern that runs
        auto ours = check_is_ours(file, path);
        if (ours.has_error())
            return ours.error();
        return std::make_unique<sqlite_archive>(std::move(path), std::move(file));
    }
    catch (const SQLite::Exception& why)
    {
        if (why.getErrorCode() == SQLITE_NOTADB)
            return unusable(path, "it is no journal, or its head is damaged", "");
        return failed("opening the journal", path, why);
    }
}

} // namespace postern::journal
