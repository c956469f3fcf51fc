#include "postern/journal/archive.hpp"

#include "a_story.hpp"

#include "postern/journal/sqlite/event_digest.hpp"
#include "postern/journal/sqlite/lock_file.hpp"
#include "postern/journal/sqlite/schema.hpp"

#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::journal;
using namespace postern::test;
using namespace std::chrono_literals;
using kind = outcome::kind;
using sqlite::to_column;

namespace {

// A journal's file that is written row by row, as a postern would have left it.
class written_journal
{
public:
    written_journal()
        : path(place_.path + "/journal.db"), rows_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
    {
        rows_.exec("PRAGMA journal_mode = WAL");
        sqlite::migrate(rows_, 0);
        run("INSERT INTO consumers (id, name, since) VALUES (1, 'bot', 0)");
    }

    void run(const std::string& sql) { rows_.exec(sql); }
    int number(const std::string& sql) { return rows_.execAndGet(sql); }

    void event(const postern::event& e, record_id record, const std::string& body = "{}")
    {
        const auto digest = sqlite::digest_of(e.bot, e.key);
        SQLite::Statement row(
            rows_, "INSERT INTO events (id, digest, origin, bot, key, resource, name, room, actor, data_id, "
                   "received, happened, signature_checked, body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        row.bind(1, static_cast<std::int64_t>(record));
        row.bind(2, digest.data(), static_cast<int>(digest.size()));
        row.bind(3, to_column(e.from));
        row.bind(4, e.bot);
        row.bind(5, e.key);
        row.bind(6, e.resource);
        row.bind(7, e.name);
        row.bind(8, e.room);
        row.bind(9, e.actor);
        row.bind(10, e.data_id);
        row.bind(11, to_column(e.received));
        row.bind(12, to_column(e.happened));
        row.bind(13, e.signature_checked ? 1 : 0);
        row.bind(14, body.data(), static_cast<int>(body.size()));
        row.exec();
    }

    // Its n-th message, a minute after the one before.
    postern::event message(record_id n)
    {
        auto e = a_story().what;
        std::string uuid = "8f140000-0728-11f1-9c1a-0242ac120002";
        uuid.replace(4, 4, std::to_string(1000 + n));
        e.data_id = message_id(uuid);
        e.key = "messages:created:" + e.data_id;
        e.received = e.happened = moment("2026-02-11T09:00:00Z") + std::chrono::minutes(n);
        event(e, n);
        return e;
    }

    void waits(record_id record, int consumer = 1, const std::string& due = "NULL")
    {
        run("INSERT INTO pending (consumer, event, lane, rank, attempt, since, due, origin, size) VALUES (" +
            std::to_string(consumer) + "," + std::to_string(record) + ",'',1,1,1," + due + ",0,2)");
    }

    void tried(record_id record, unsigned number, kind what, const std::string& reason, int consumer = 1)
    {
        run("INSERT INTO attempts (event, consumer, number, since, started, took, what, reason) VALUES (" +
            std::to_string(record) + "," + std::to_string(consumer) + "," + std::to_string(number) +
            ",1,1770801268000,120," + std::to_string(to_column(what)) + ",'" + reason + "')");
    }

    // What the guard said of that attempt.
    void judged(record_id record, unsigned number, verdict said, const std::string& rule, bool cached = false,
                int consumer = 1)
    {
        run("UPDATE attempts SET verdict = " + std::to_string(to_column(said)) + ", rule = '" + rule +
            "', cached = " + (cached ? "1" : "0") + " WHERE event = " + std::to_string(record) +
            " AND consumer = " + std::to_string(consumer) + " AND number = " + std::to_string(number));
    }

    void replied(record_id record, unsigned number, const std::string& id, unsigned since = 1)
    {
        run("INSERT INTO effects VALUES (" + std::to_string(record) + ",1," + std::to_string(since) + "," +
            std::to_string(number) + ",'digest',1770801268000,'" + id + "')");
    }

    std::unique_ptr<archive> open() const { return std::move(archive::open(path).value()); }

private:
    folder place_;

public:
    const std::string path;

private:
    SQLite::Database rows_;
};

std::vector<record_id> records(const result<std::vector<story>>& found)
{
    std::vector<record_id> all;
    for (const auto& s : found.value())
        all.push_back(s.record);
    return all;
}

using numbers = std::vector<record_id>;

// The suite has the name of the class.
result<std::unique_ptr<archive>> open_archive(const std::string& path) { return archive::open(path); }

} // namespace

BOOST_AUTO_TEST_SUITE(archive)

BOOST_AUTO_TEST_CASE(where_no_journal_is_the_error_says_so_and_what_to_do)
{
    const folder place;
    const auto opened = open_archive(place.path + "/journal.db");
    BOOST_TEST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().is(errc::not_found));
    BOOST_TEST(describe(opened.error()).find("--data-dir") != std::string::npos);
    BOOST_TEST(open_archive(place.file("empty.db", "", 0600)).error().is(errc::not_found));
}

BOOST_AUTO_TEST_CASE(what_is_no_journal_is_refused_and_left_as_it_is)
{
    const folder place;
    const auto text = place.file("text.db", std::string(5000, 'x'), 0600);
    BOOST_TEST(open_archive(text).error().is(errc::file_unreadable));
    BOOST_TEST(open_archive(place.path).error().is(errc::file_unreadable));

    const auto foreign = place.path + "/foreign.db";
    SQLite::Database(foreign, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
    const auto opened = open_archive(foreign);
    BOOST_TEST_REQUIRE(opened.has_error());
    BOOST_TEST(describe(opened.error()).find("not a journal of postern") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_journal_of_another_version_is_not_guessed_at)
{
    written_journal file;
    file.run("PRAGMA user_version = 99");
    const auto newer = open_archive(file.path);
    BOOST_TEST_REQUIRE(newer.has_error());
    BOOST_TEST(describe(newer.error()).find("version 99") != std::string::npos);
    file.run("PRAGMA user_version = 0");
    BOOST_TEST(open_archive(file.path).error().is(errc::file_unreadable));
}

BOOST_AUTO_TEST_CASE(a_story_has_all_that_is_in_the_file)
{
    written_journal file;
    auto e = a_story().what;
    e.from = origin::webhook;
    e.signature_checked = true;
    file.event(e, 7, "{\"resource\":\"messages\"}");
    file.run("UPDATE events SET repeats = 2, repeated = 1770801300000");
    file.tried(7, 1, kind::retry, "Webex is busy");
    file.tried(7, 2, kind::done, "/echo");
    file.judged(7, 2, verdict::admitted, "all 3 members belong", true);
    file.replied(7, 1, "");
    file.replied(7, 2, message_id("0e11e45f-0728-11f1-9c1a-0242ac120002"));

    const auto found = file.open()->find("7").value();
    BOOST_TEST_REQUIRE(found.size() == 1u);
    const auto& s = found[0];
    BOOST_TEST(s.record == 7u);
    BOOST_TEST((s.what.from == origin::webhook));
    BOOST_TEST(s.what.signature_checked);
    BOOST_TEST(s.what.bot == e.bot);
    BOOST_TEST(s.what.key == e.key);
    BOOST_TEST(s.what.kind() == "messages:created");
    BOOST_TEST(s.what.room == e.room);
    BOOST_TEST(s.what.actor == e.actor);
    BOOST_TEST(s.what.data_id == e.data_id);
    BOOST_TEST((s.what.received == e.received));
    BOOST_TEST((s.what.happened == e.happened));
    BOOST_TEST(s.what.body == "{\"resource\":\"messages\"}");
    BOOST_TEST(s.repeats == 2u);
    BOOST_TEST((s.repeated == moment("2026-02-11T09:15:00Z")));

    BOOST_TEST_REQUIRE(s.deliveries.size() == 1u);
    const auto& d = s.deliveries[0];
    BOOST_TEST(d.consumer == "bot");
    BOOST_TEST((d.how_far == progress::done));
    BOOST_TEST(!d.due.has_value());
    BOOST_TEST_REQUIRE(d.attempts.size() == 2u);
    BOOST_TEST((d.attempts[0].what == kind::retry));
    BOOST_TEST(d.attempts[0].reason == "Webex is busy");
    BOOST_TEST((d.attempts[0].took == 120ms));
    BOOST_TEST(d.attempts[1].reason == "/echo");
    BOOST_TEST(!d.attempts[0].guard.has_value());
    BOOST_TEST_REQUIRE(d.attempts[1].guard.has_value());
    BOOST_TEST((d.attempts[1].guard->what == verdict::admitted));
    BOOST_TEST(d.attempts[1].guard->reason == "all 3 members belong");
    BOOST_TEST(d.attempts[1].guard->cached);
    BOOST_TEST_REQUIRE(d.effects.size() == 2u);
    BOOST_TEST(d.effects[0].id == "");
    BOOST_TEST(d.effects[1].number == 2u);
}

BOOST_AUTO_TEST_CASE(how_far_an_event_is_follows_from_what_waits_and_what_was_tried)
{
    written_journal file;
    for (record_id n = 1; n <= 5; ++n)
        file.message(n);
    file.waits(1);
    file.tried(2, 1, kind::retry, "busy");
    file.waits(2, 1, "1770801300000");
    file.tried(3, 1, kind::ignored, "own message");
    file.tried(4, 1, kind::dead, "refused");
    const auto all = file.open()->list({}).value(); // newest first
    BOOST_TEST_REQUIRE(all.size() == 5u);
    BOOST_TEST(all[0].record == 5u);
    BOOST_TEST(all[0].deliveries.empty());
    BOOST_TEST((all[1].deliveries.at(0).how_far == progress::dead));
    BOOST_TEST((all[2].deliveries.at(0).how_far == progress::ignored));
    BOOST_TEST((all[3].deliveries.at(0).how_far == progress::waiting));
    BOOST_TEST((all[3].deliveries.at(0).due == moment("2026-02-11T09:15:00Z")));
    BOOST_TEST((all[4].deliveries.at(0).how_far == progress::waiting));
    BOOST_TEST(!all[4].deliveries.at(0).due.has_value());
    for (const auto& s : all)
        BOOST_TEST(s.what.body.empty());
}

BOOST_AUTO_TEST_CASE(a_list_has_what_was_asked_for_and_no_more)
{
    written_journal file;
    file.run("INSERT INTO consumers VALUES (2, 'audit', 0)");
    for (record_id n = 1; n <= 6; ++n)
        file.message(n);
    auto other = a_story().what;
    other.resource = "rooms";
    other.room = other.data_id = format_id({"us", "ROOM", "1f4c5d60-0728-11f1-8e55-17a4d1b0b1c0"});
    other.key = "rooms:created:" + other.data_id;
    other.received = moment("2026-02-11T09:30:00Z");
    file.event(other, 7);
    file.tried(2, 1, kind::dead, "x");
    file.tried(3, 1, kind::dead, "x", 2);
    file.tried(3, 1, kind::done, "/echo");
    file.tried(5, 1, kind::dead, "x");
    file.waits(5); // it was asked for again
    file.waits(6, 2);

    const auto from = file.open();
    const auto list = [&](auto set) {
        selection wanted;
        set(wanted);
        return records(from->list(wanted));
    };
    BOOST_TEST(list([](selection&) {}) == (numbers{7, 6, 5, 4, 3, 2, 1}));
    BOOST_TEST(list([](selection& w) { w.most = 2; }) == (numbers{7, 6}));
    BOOST_TEST(list([](selection& w) { w.how_far = progress::dead; }) == (numbers{3, 2}));
    BOOST_TEST(list([](selection& w) { w.how_far = progress::dead, w.consumer = "bot"; }) == (numbers{2}));
    BOOST_TEST(list([](selection& w) { w.how_far = progress::waiting; }) == (numbers{6, 5}));
    BOOST_TEST(list([](selection& w) { w.how_far = progress::done; }) == (numbers{3}));
    BOOST_TEST(list([](selection& w) { w.how_far = progress::ignored; }) == (numbers{}));
    BOOST_TEST(list([](selection& w) { w.consumer = "audit"; }) == (numbers{6, 3}));
    BOOST_TEST(list([&](selection& w) { w.room = other.room; }) == (numbers{7}));
    BOOST_TEST(list([&](selection& w) { w.room = uuid_of(other.room); }) == (numbers{7}));
    BOOST_TEST(list([](selection& w) { w.room = "1F4C5D60"; }) == (numbers{}));
    file.run("INSERT INTO rooms VALUES ('bot', '" + other.room + "', 0, 1, '')");
    BOOST_TEST(list([](selection& w) { w.room = "1F4C5D60"; }) == (numbers{7}));
    BOOST_TEST(list([](selection& w) { w.room = "1"; }) == (numbers{}));
    BOOST_TEST(list([](selection& w) { w.kind = "rooms:created"; }) == (numbers{7}));
    BOOST_TEST(list([](selection& w) { w.since = moment("2026-02-11T09:05:00Z"); }) == (numbers{7, 6, 5}));
    BOOST_TEST(list([](selection& w) { w.until = moment("2026-02-11T09:02:00Z"); }) == (numbers{1}));
    BOOST_TEST(list([](selection& w) { w.since = moment("2026-02-12T09:00:00Z"); }) == (numbers{}));
}

BOOST_AUTO_TEST_CASE(events_are_listed_by_what_the_guard_said_last)
{
    written_journal file;
    file.run("INSERT INTO consumers VALUES (2, 'audit', 0)");
    for (record_id n = 1; n <= 6; ++n)
        file.message(n);
    file.tried(1, 1, kind::done, "/echo"); // the guard was not asked
    file.tried(2, 1, kind::done, "/echo");
    file.judged(2, 1, verdict::admitted, "all belong");
    file.tried(3, 1, kind::ignored, "x");
    file.judged(3, 1, verdict::refused, "eve does not");
    file.tried(4, 1, kind::retry, "x");
    file.judged(4, 1, verdict::undecided, "timed out");
    file.waits(4);
    file.tried(5, 1, kind::retry, "x");
    file.judged(5, 1, verdict::undecided, "timed out");
    file.tried(5, 2, kind::dead, "x");
    file.judged(5, 2, verdict::admitted, "all belong");
    file.tried(5, 3, kind::dead, "x"); // not asked again
    file.tried(6, 1, kind::done, "/echo");
    file.judged(6, 1, verdict::admitted, "all belong");
    file.tried(6, 1, kind::ignored, "x", 2);
    file.judged(6, 1, verdict::refused, "eve does not", false, 2);

    const auto from = file.open();
    const auto list = [&](auto set) {
        selection wanted;
        set(wanted);
        return records(from->list(wanted));
    };
    BOOST_TEST(list([](selection& w) { w.verdict = verdict::admitted; }) == (numbers{6, 5, 2}));
    BOOST_TEST(list([](selection& w) { w.verdict = verdict::refused; }) == (numbers{6, 3}));
    BOOST_TEST(list([](selection& w) { w.verdict = verdict::undecided; }) == (numbers{4}));
    const auto refused_and = [&](auto set) {
        return list([&](selection& w) { w.verdict = verdict::refused, set(w); });
    };
    BOOST_TEST(refused_and([](selection& w) { w.consumer = "bot"; }) == (numbers{3}));
    BOOST_TEST(refused_and([](selection& w) { w.how_far = progress::done; }) == (numbers{}));
    BOOST_TEST(refused_and([](selection& w) { w.how_far = progress::ignored; }) == (numbers{6, 3}));
    BOOST_TEST(refused_and([](selection& w) { w.how_far = progress::waiting; }) == (numbers{}));
    BOOST_TEST(refused_and([](selection& w) { w.since = moment("2026-02-11T09:05:00Z"); }) == (numbers{6}));
    BOOST_TEST(refused_and([](selection& w) { w.kind = "rooms:created"; }) == (numbers{}));
    BOOST_TEST(refused_and([](selection& w) { w.most = 1; }) == (numbers{6}));
}

BOOST_AUTO_TEST_CASE(a_time_is_found_among_many_records_and_where_some_are_gone)
{
    written_journal file;
    for (record_id n = 1; n <= 400; ++n)
        file.message(n);
    file.run("DELETE FROM events WHERE id < 50 OR id BETWEEN 300 AND 390");
    selection late;
    late.since = moment("2026-02-11T09:00:00Z") + 395min;
    BOOST_TEST(records(file.open()->list(late)) == (numbers{400, 399, 398, 397, 396, 395}));
    late.since = moment("2026-02-11T09:00:00Z") + 299min;
    BOOST_TEST(file.open()->list(late).value().size() == 11u);
}

BOOST_AUTO_TEST_CASE(an_event_is_found_by_whatever_name_a_person_has_of_it)
{
    written_journal file;
    const auto first = file.message(1);
    file.message(2);
    auto deleted = first;
    deleted.name = "deleted";
    deleted.key = "messages:deleted:" + first.data_id;
    file.event(deleted, 3);
    auto edited = first;
    edited.name = "updated";
    edited.key = "messages:updated:" + first.data_id + ":2026-02-11T10:00:00.000Z";
    file.event(edited, 4);
    auto other_bot = first;
    other_bot.bot = "another";
    file.event(other_bot, 5);

    const auto from = file.open();
    BOOST_TEST(records(from->find("2")) == (numbers{2}));
    BOOST_TEST(records(from->find(first.key)) == (numbers{1, 5}));
    BOOST_TEST(records(from->find(edited.key)) == (numbers{4}));
    BOOST_TEST(records(from->find(first.data_id)) == (numbers{1, 3, 4, 5}));
    BOOST_TEST(records(from->find(uuid_of(first.data_id))) == (numbers{1, 3, 4, 5}));
    auto shouted = uuid_of(first.data_id);
    for (auto& c : shouted)
        c = static_cast<char>(std::toupper(c));
    BOOST_TEST(records(from->find(shouted)) == (numbers{1, 3, 4, 5}));
    const auto elsewhere = format_id({"urn:TEAM:us-west-2_r", "MESSAGE", uuid_of(first.data_id)});
    BOOST_TEST(records(from->find(elsewhere)) == (numbers{1, 3, 4, 5}));
}

BOOST_AUTO_TEST_CASE(what_has_no_time_in_its_id_is_found_as_well)
{
    written_journal file;
    file.message(1);
    const std::string person = "a11ce000-1111-4222-8333-444455556666";
    auto joined = a_story().what;
    joined.resource = "memberships";
    joined.data_id = format_id({"us", "MEMBERSHIP", person + ":6a0c5d60-0728-11f1-8e55-17a4d1b0b1c0"});
    joined.key = "memberships:created:" + joined.data_id + ":2026-02-11T09:14:27.318Z";
    file.event(joined, 2);
    auto call = joined;
    call.resource = "telephony_calls";
    call.data_id.clear();
    call.key = "telephony_calls:created:0123456789abcdef";
    file.event(call, 3);
    const auto from = file.open();
    BOOST_TEST(records(from->find(joined.data_id)) == (numbers{2}));
    BOOST_TEST(records(from->find(joined.key)) == (numbers{2}));
    BOOST_TEST(records(from->find(person)) == (numbers{2}));
    BOOST_TEST(records(from->find(call.key)) == (numbers{3}));
}

BOOST_AUTO_TEST_CASE(the_id_of_a_reply_leads_to_what_was_answered)
{
    written_journal file;
    file.message(1);
    file.message(2);
    const std::string uuid = "0e11e45f-0728-11f1-9c1a-0242ac120002";
    file.tried(2, 1, kind::done, "/echo");
    file.replied(2, 1, message_id(uuid));
    const std::string far = "0e22e45f-0728-11f1-9c1a-0242ac120002";
    file.replied(1, 1, format_id({"urn:TEAM:us-west-2_r", "MESSAGE", far}));
    const auto from = file.open();
    BOOST_TEST(records(from->find(message_id(uuid))) == (numbers{2}));
    BOOST_TEST(records(from->find(uuid)) == (numbers{2}));
    BOOST_TEST(records(from->find(far)) == (numbers{1}));
}

BOOST_AUTO_TEST_CASE(names_that_mean_nothing_find_nothing)
{
    written_journal file;
    file.message(1);
    const auto from = file.open();
    for (const std::string name :
         {"", "0", "99", "-1", "99999999999999999999999", "messages:created:", "nonsense",
          "::::", "' OR 1=1 --", "\x1b[2J", "00000000-0000-0000-0000-000000000000"})
        BOOST_TEST(records(from->find(name)).empty(), name);
}

BOOST_AUTO_TEST_CASE(a_replay_is_asked_for_once_for_each_delivery_that_is_over)
{
    written_journal file;
    file.run("INSERT INTO consumers VALUES (2, 'audit', 0)");
    for (record_id n = 1; n <= 3; ++n)
        file.message(n);
    file.tried(1, 1, kind::done, "/echo");
    file.tried(1, 1, kind::dead, "x", 2);
    file.tried(2, 1, kind::ignored, "own message");
    file.waits(3);
    const auto to = file.open();
    BOOST_TEST(to->replay({1, 2, 3, 99}, "").value() == 3u);
    BOOST_TEST(file.number("SELECT count(*) FROM requests WHERE what = 'replay' AND at > 0") == 3);
    BOOST_TEST(
        file.number("SELECT count(*) FROM requests WHERE event = 1 AND consumer IN ('bot', 'audit')") == 2);
    BOOST_TEST(to->replay({1}, "audit").value() == 1u);
    BOOST_TEST(file.number("SELECT count(*) FROM requests") == 3,
               "what is asked for already is not asked for again");
    BOOST_TEST(to->find("1").value().at(0).deliveries.at(0).asked == "replay");
    BOOST_TEST(to->find("3").value().at(0).deliveries.at(0).asked == "");
}

BOOST_AUTO_TEST_CASE(what_a_consumer_never_had_is_not_replayed_to_it)
{
    written_journal file;
    file.message(1);
    file.tried(1, 1, kind::done, "/echo");
    file.run("INSERT INTO consumers VALUES (2, 'audit', 1)");
    BOOST_TEST(file.open()->replay({1}, "audit").value() == 0u);
    BOOST_TEST(file.open()->replay({1}, "").value() == 1u);
    BOOST_TEST(file.number("SELECT count(*) FROM requests WHERE consumer = 'bot'") == 1);
}

BOOST_AUTO_TEST_CASE(only_the_dead_are_tried_again)
{
    written_journal file;
    for (record_id n = 1; n <= 3; ++n)
        file.message(n);
    file.tried(1, 1, kind::done, "/echo");
    file.tried(2, 1, kind::dead, "x");
    file.waits(3);
    BOOST_TEST(file.open()->retry({1, 2, 3}, "").value() == 1u);
    BOOST_TEST(file.number("SELECT event FROM requests WHERE what = 'retry'") == 2);
}

BOOST_AUTO_TEST_CASE(a_consumer_that_is_not_there_is_named_as_wrong)
{
    written_journal file;
    file.message(1);
    const auto asked = file.open()->replay({1}, "bto");
    BOOST_TEST_REQUIRE(asked.has_error());
    BOOST_TEST(asked.error().is(errc::bad_input));
    BOOST_TEST(describe(asked.error()).find("the journal knows: bot") != std::string::npos);
    BOOST_TEST(file.number("SELECT count(*) FROM requests") == 0);
}

BOOST_AUTO_TEST_CASE(reading_waits_for_no_writer_and_sees_what_was_committed)
{
    written_journal file;
    file.message(1);
    const auto from = file.open();
    file.run("BEGIN IMMEDIATE");
    file.message(2);
    BOOST_TEST(records(from->list({})) == (numbers{1}));
    file.run("COMMIT");
    BOOST_TEST(records(from->list({})) == (numbers{2, 1}));
}

BOOST_AUTO_TEST_CASE(values_that_no_postern_writes_are_an_error_and_not_a_guess)
{
    written_journal file;
    file.message(1);
    file.run("UPDATE events SET origin = 77");
    const auto listed = file.open()->list({});
    BOOST_TEST_REQUIRE(listed.has_error());
    BOOST_TEST(listed.error().is(errc::file_unreadable));
    BOOST_TEST(describe(listed.error()).find("events.origin") != std::string::npos);
    file.run("UPDATE events SET origin = 0");
    file.tried(1, 1, kind::done, "/echo");
    file.run("UPDATE attempts SET verdict = 77");
    const auto judged = file.open()->find("1");
    BOOST_TEST_REQUIRE(judged.has_error());
    BOOST_TEST(describe(judged.error()).find("attempts.verdict") != std::string::npos);
    file.run("DROP TABLE attempts");
    BOOST_TEST(file.open()->find("1").error().is(errc::file_unreadable));
}

BOOST_AUTO_TEST_CASE(whether_a_postern_runs_on_it_is_told_by_its_lock)
{
    written_journal file;
    const auto from = file.open();
    BOOST_TEST(!from->in_use());
    {
        const auto mine = sqlite::lock_file::take(file.path + ".lock");
        BOOST_TEST(mine.has_value());
        BOOST_TEST(from->in_use());
    }
    BOOST_TEST(!from->in_use());
}

BOOST_AUTO_TEST_SUITE_END()
