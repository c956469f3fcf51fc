#include "postern/journal/sqlite/requests.hpp"

#include "postern/journal/sqlite/schema.hpp"
#include "postern/journal/sqlite/statement.hpp"

#include <utility>

namespace postern::journal::sqlite {

requests::requests(SQLite::Database& file, std::map<std::string, consumer_id> consumers)
    : consumers_(std::move(consumers)), version_(file, "PRAGMA data_version"),
      next_(file, "SELECT id, event, consumer, what FROM requests ORDER BY id LIMIT 1"),
      done_(file, "DELETE FROM requests WHERE id = ?"),
      event_(file, "SELECT bot, room, origin, length(body) FROM events WHERE id = ?"),
      last_attempt_(file, "SELECT number, since, what FROM attempts WHERE event = ? AND consumer = ? "
                          "ORDER BY number DESC LIMIT 1"),
      is_pending_(file, "SELECT 1 FROM pending WHERE consumer = ? AND event = ?")
{
}

bool requests::may_be_there()
{
    use query(version_);
    const auto version = query.row() ? query.number(0) : 0;
    return std::exchange(seen_, version) != version;
}

requests::taken requests::take(store& file, std::size_t deliveries)
{
    taken answer;
    while (answer.deliveries.size() + consumers_.size() <= deliveries)
    {
        std::int64_t id = 0;
        request r;
        {
            use query(next_);
            if (!query.row())
                return answer;
            id = query.number(0);
            r.event = static_cast<record_id>(query.number(1));
            r.consumer = query.text(2);
            r.replay = query.text(3) == "replay";
        }
        ++answer.asked;
        const auto before = answer.deliveries.size();
        for (const auto& [name, consumer] : consumers_)
        {
            if (!r.consumer.empty() && r.consumer != name)
                continue;
            if (auto delivery = delivery_of(r, consumer, file.newest()))
            {
                file.add(*delivery);
                answer.deliveries.push_back(std::move(*delivery));
            }
        }
        answer.in_vain += answer.deliveries.size() == before ? 1 : 0;
        use done(done_);
        done << id;
        done.run();
    }
    answer.more = true;
    return answer;
}

std::optional<pending_row> requests::delivery_of(const request& r, consumer_id consumer, record_id newest)
{
    const auto last = last_of(r.event, consumer);
    if (!last || (!r.replay && !last->dead) || is_pending(r.event, consumer))
        return std::nullopt;
    use query(event_);
    query << r.event;
    if (!query.row())
        return std::nullopt;
    event about;
    about.bot = query.text(0);
    about.room = query.text(1);
    pending_row p;
    p.consumer = consumer;
    p.record = r.event;
    p.lane = about.lane();
    p.rank = newest + 1; // after what is there, before what will come
    p.attempt = last->number + 1;
    p.since = r.replay ? p.attempt : last->since;
    p.from = p.since > 1 ? origin::replay : origin_of(query.number(2)).value_or(origin::webhook);
    p.size = static_cast<std::size_t>(query.number(3));
    return p;
}

std::optional<requests::last_attempt> requests::last_of(record_id record, consumer_id consumer)
{
    use query(last_attempt_);
    query << record << consumer;
    if (!query.row())
        return std::nullopt;
    return last_attempt{static_cast<unsigned>(query.number(0)), static_cast<unsigned>(query.number(1)),
                        kind_of(query.number(2)) == outcome::kind::dead};
}

bool requests::is_pending(record_id record, consumer_id consumer)
{
    use query(is_pending_);
    query << consumer << record;
    return query.row();
}

} // namespace postern::journal::sqlite
