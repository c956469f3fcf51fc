#include "postern/journal/sqlite/store.hpp"

#include "postern/base/utf8.hpp"
#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/statement.hpp"

#include <sqlite3.h>

#include <string_view>

namespace postern::journal::sqlite {
namespace {

// A handler's exception may be of any length; what a person reads is not.
constexpr std::size_t longest_reason = 1'000;

std::string cut(const std::string& text)
{
    std::string_view rest = text;
    while (!rest.empty() && static_cast<std::size_t>(rest.data() - text.data()) < longest_reason)
        take_code_point(rest);
    return text.substr(0, text.size() - rest.size());
}

std::span<const unsigned char> bytes(const std::string& text)
{
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

} // namespace

store::store(SQLite::Database& file)
    : file_(file), begin_(file, "BEGIN IMMEDIATE"), commit_(file, "COMMIT"),
      insert_(file, "INSERT INTO events (digest, origin, bot, key, resource, name, room, actor, data_id, "
                    "received, happened, signature_checked, body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) "
                    "ON CONFLICT (digest) DO NOTHING"),
      find_(file, "SELECT id FROM events WHERE digest = ?"),
      read_(file, "SELECT origin, bot, key, resource, name, room, actor, data_id, received, happened, "
                  "signature_checked, body FROM events WHERE id = ?"),
      repeated_(file, "UPDATE events SET repeats = repeats + ?, repeated = ? WHERE id = ?"),
      newest_(file, "SELECT max(id) FROM events"),
      add_pending_(
          file,
          "INSERT INTO pending (consumer, event, lane, rank, attempt, since, due, origin, happened, size) "
          "VALUES (?,?,?,?,?,?,?,?,?,?)"),
      postpone_(file, "UPDATE pending SET attempt = ?, due = ? WHERE consumer = ? AND event = ?"),
      remove_(file, "DELETE FROM pending WHERE consumer = ? AND event = ?"),
      pending_(file, "SELECT event, lane, rank, attempt, since, due, origin, happened, size FROM pending "
                     "WHERE consumer = ?"),
      latest_pending_(file,
                      "SELECT p.event, e.bot, e.received FROM pending p JOIN events e ON e.id = p.event "
                      "WHERE p.consumer = ? AND p.origin NOT IN (?, ?) ORDER BY p.event DESC"),
      // Or replace: what a failed commit left behind may be written once more after the connection was made
      // anew.
      add_attempt_(file, "INSERT OR REPLACE INTO attempts (event, consumer, number, since, started, took, "
                         "what, reason, verdict, rule, cached) VALUES (?,?,?,?,?,?,?,?,?,?,?)"),
      put_effect_(file, "INSERT OR REPLACE INTO effects (event, consumer, since, number, digest, at, id) "
                        "VALUES (?,?,?,?,?,?,?)"),
      effects_(file, "SELECT number, digest, at, id FROM effects WHERE event = ? AND consumer = ? AND "
                     "since = ? ORDER BY number")
{
}

void store::begin() { use(begin_).run(); }
void store::commit() { use(commit_).run(); }

void store::roll_back() noexcept
{
    if (::sqlite3_get_autocommit(file_.getHandle()) == 0)
        file_.tryExec("ROLLBACK");
}

std::optional<record_id> store::insert(const event& e, const event_digest& digest)
{
    use add(insert_);
    add << digest << to_column(e.from) << e.bot << e.key << e.resource << e.name << e.room << e.actor
        << e.data_id << to_column(e.received) << to_column(e.happened) << e.signature_checked
        << bytes(e.body);
    if (add.changes() == 0)
        return std::nullopt;
    return static_cast<record_id>(file_.getLastInsertRowid());
}

std::optional<record_id> store::find(const event_digest& digest)
{
    use query(find_);
    query << digest;
    if (!query.row())
        return std::nullopt;
    return static_cast<record_id>(query.number(0));
}

std::optional<event> store::read(record_id record)
{
    use query(read_);
    query << record;
    if (!query.row())
        return std::nullopt;
    event e;
    e.from = origin_of(query.number(0)).value_or(origin::webhook);
    e.bot = query.text(1);
    e.key = query.text(2);
    e.resource = query.text(3);
    e.name = query.text(4);
    e.room = query.text(5);
    e.actor = query.text(6);
    e.data_id = query.text(7);
    e.received = time_of(query.number(8));
    e.happened = time_of(query.number(9));
    e.signature_checked = query.number(10) != 0;
    e.body = query.text(11);
    return e;
}

void store::repeated(record_id record, std::uint64_t times, wall_time last)
{
    use change(repeated_);
    change << times << to_column(last) << record;
    change.run();
}

record_id store::newest()
{
    use query(newest_);
    return query.row() && !query.is_null(0) ? static_cast<record_id>(query.number(0)) : 0;
}

void store::add(const pending_row& p)
{
    use add(add_pending_);
    add << p.consumer << p.record << p.lane << p.rank << p.attempt << p.since;
    p.due ? add << to_column(*p.due) : add.null();
    add << to_column(p.from) << to_column(p.happened) << p.size;
    add.run();
}

void store::postpone(consumer_id consumer, record_id record, unsigned attempt, wall_time due)
{
    use change(postpone_);
    change << attempt << to_column(due) << consumer << record;
    change.run();
}

void store::remove(consumer_id consumer, record_id record)
{
    use change(remove_);
    change << consumer << record;
    change.run();
}

std::vector<pending_row> store::pending(consumer_id consumer)
{
    std::vector<pending_row> rows;
    use query(pending_);
    query << consumer;
    while (query.row())
    {
        pending_row p;
        p.consumer = consumer;
        p.record = static_cast<record_id>(query.number(0));
        p.lane = query.text(1);
        p.rank = static_cast<record_id>(query.number(2));
        p.attempt = static_cast<unsigned>(query.number(3));
        p.since = static_cast<unsigned>(query.number(4));
        if (!query.is_null(5))
            p.due = time_of(query.number(5));
        p.from = origin_of(query.number(6)).value_or(origin::webhook);
        p.happened = time_of(query.number(7));
        p.size = static_cast<std::size_t>(query.number(8));
        rows.push_back(std::move(p));
    }
    return rows;
}

std::optional<record_id> store::first_live(consumer_id consumer, const came_after& later)
{
    std::optional<record_id> first;
    use query(latest_pending_);
    query << consumer << to_column(origin::recovery) << to_column(origin::replay);
    while (query.row() && later(query.text(1), time_of(query.number(2))))
        first = static_cast<record_id>(query.number(0));
    return first;
}

void store::add(const attempt_row& a, const outcome& became)
{
    const auto reason = cut(became.reason);
    const auto rule = became.guard ? cut(became.guard->reason) : std::string();
    use add(add_attempt_);
    add << a.record << a.consumer << a.number << a.since << to_column(a.started) << a.took.count()
        << to_column(became.what) << reason;
    if (became.guard)
        add << to_column(became.guard->what) << rule << became.guard->cached;
    else
        add.null().null().null();
    add.run();
}

void store::put(record_id record, consumer_id consumer, unsigned since, const effect& e)
{
    use put(put_effect_);
    put << record << consumer << since << e.number << e.digest << to_column(e.at) << e.id;
    put.run();
}

std::vector<effect> store::effects(record_id record, consumer_id consumer, unsigned since)
{
    std::vector<effect> found;
    use query(effects_);
    query << record << consumer << since;
    while (query.row())
    {
        effect e;
        e.number = static_cast<unsigned>(query.number(0));
        e.digest = query.text(1);
        e.at = time_of(query.number(2));
        e.id = query.text(3);
        found.push_back(std::move(e));
    }
    return found;
}

} // namespace postern::journal::sqlite
