#include "integration/cloud.hpp"
#include "integration/processes.hpp"
#include "integration/talk.hpp"
#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

// A start that ends by itself, before it asked anybody for anything: nobody is there.
ending start_on(const folder& data)
{
    return run_to_end({"run", "--api-url", "http://127.0.0.1:9/v1", "--u2c-url", "http://127.0.0.1:9/u2c",
                       "--listen", "127.0.0.1:0", "--data-dir", data.path},
                      {{"WEBEX_ACCESS_TOKEN", "a token of nobody"}});
}

std::string journal_of(const folder& data) { return data.path + "/journal.db"; }

void make_database(const folder& data, const std::string& statements)
{
    SQLite::Database db(journal_of(data), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec(statements);
}

// Where the root of a table or an index is in the file, and how much of it.
std::pair<std::streamoff, std::size_t> page_of(const folder& data, const std::string& name)
{
    SQLite::Database db(journal_of(data));
    const auto size = db.execAndGet("PRAGMA page_size").getInt64();
    SQLite::Statement asked(db, "SELECT rootpage FROM sqlite_schema WHERE name = ?");
    asked.bind(1, name);
    BOOST_TEST_REQUIRE(asked.executeStep());
    return {(asked.getColumn(0).getInt64() - 1) * size, static_cast<std::size_t>(size)};
}

void overwrite(const folder& data, const std::string& name)
{
    const auto [at, size] = page_of(data, name);
    std::fstream file(journal_of(data), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << std::string(size, '\x5a');
    BOOST_TEST_REQUIRE(file.flush().good());
}

bool was_said(talk& people, std::size_t room, const std::string& words)
{
    const auto all = people.said_in(room);
    return std::find(all.begin(), all.end(), words) != all.end();
}

std::size_t faults_in(cloud& webex)
{
    return webex.http.json_call("GET", webex.control("/faults")).as_object().at("items").as_array().size();
}

// The next reply gets into its room, but whoever sent it does not get to know.
void lose_the_next_answer(cloud& webex)
{
    webex.fault({{"method", "POST"},
                 {"path", "/v1/messages"},
                 {"afterEffect", true},
                 {"drop", true},
                 {"remaining", 1}});
}
// ... and can't look.
void hide_the_rooms(cloud& webex)
{
    webex.fault({{"method", "GET"}, {"path", "/v1/messages"}, {"delayMs", 600'000}});
}
void hide_the_next_messages(cloud& webex, int count)
{
    webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"delayMs", 600'000}, {"remaining", count}});
}

// A journal that was in use: some events, all over, and a clean end.
void use_it(cloud& webex, const folder& data)
{
    talk people(webex, 1, 1);
    server gateway(webex, mode_under_test(), {}, {}, data.path);
    gateway.ready();
    people.ask(2);
    people.check_answers();
    gateway.stop();
}

void is_refused_with(const folder& data, const std::vector<std::string>& words)
{
    const auto before = content(journal_of(data));
    const auto told = start_on(data);
    BOOST_TEST(told.code == 2, told.log);
    for (const auto& expected : words)
        BOOST_TEST(has(told.log, expected), "expected \"" << expected << "\" in:\n" << told.log);
    BOOST_TEST(has(told.log, journal_of(data)), told.log);
    BOOST_TEST((content(journal_of(data)) == before), "the file was touched");
}

} // namespace

// What a start finds in the data directory: what others left, and what the last run did not finish.
BOOST_AUTO_TEST_SUITE(journal_start)

BOOST_AUTO_TEST_CASE(a_file_that_is_no_journal_is_left_alone_and_said)
{
    const folder garbage, foreign, newer;
    garbage.file("journal.db", std::string(100'000, '#'), 0600);
    is_refused_with(garbage, {"no SQLite database", "move it away"});
    make_database(foreign, "CREATE TABLE theirs (x)");
    is_refused_with(foreign, {"no journal of postern", "another file"});
    make_database(newer, "PRAGMA application_id = 0x706F7374; PRAGMA user_version = 99; CREATE TABLE x (y)");
    is_refused_with(newer, {"version 99", "newer postern"});
}

BOOST_AUTO_TEST_CASE(a_damaged_head_and_a_damaged_page_that_is_needed_are_found_at_the_start)
{
    cloud webex;
    const folder data;
    use_it(webex, data);
    overwrite(data, "pending");
    is_refused_with(data, {"malformed", "move", ".recover"});
    std::fstream file(journal_of(data), std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(100, '\0');
    file.close();
    is_refused_with(data, {"no SQLite database", "move it away"});
}

BOOST_AUTO_TEST_CASE(damage_that_is_met_later_is_said_and_nothing_is_taken)
{
    cloud webex;
    const folder data;
    use_it(webex, data);
    overwrite(data, "events_digest"); // read with every event that comes
    server gateway(webex, mode_under_test(), {}, {}, data.path);
    gateway.ready();
    talk people(webex, 1, 0);
    const auto before = people.said_in(0);
    people.ask_in(0);
    BOOST_TEST(gateway.process->log_line("malformed").has_value(), gateway.process->log());
    std::string said;
    BOOST_TEST(eventually([&] {
                   const auto answer = webex.http.call("GET", "http://" + gateway.address() + "/ready");
                   said = answer.body;
                   return answer.status == 503 && has(said, "malformed") && has(said, ".recover");
               }),
               said);
    BOOST_TEST(people.said_in(0) == before, boost::test_tools::per_element());
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_second_postern_on_the_same_data_is_told_who_has_it)
{
    cloud webex;
    const folder data;
    talk people(webex, 1, 1);
    server first(webex, mode_under_test(), {}, {}, data.path);
    first.ready();
    const auto told = start_on(data);
    BOOST_TEST(told.code == 2, told.log);
    BOOST_TEST(has(told.log, "process " + std::to_string(first.process->pid())), told.log);
    people.ask(2);
    people.check_answers();
    first.stop();
}

BOOST_AUTO_TEST_CASE(what_a_stop_cuts_short_is_done_by_the_next_start)
{
    cloud webex;
    const folder data;
    talk people(webex, 2, 1);
    {
        server first(webex, mode_under_test(), {}, {{"POSTERN_STOP_TIMEOUT", "1"}}, data.path);
        first.ready();
        people.ask(1);
        people.check_answers();
        lose_the_next_answer(webex);
        people.ask_in(0);
        BOOST_TEST(eventually([&] { return was_said(people, 0, "number 4"); }));
        hide_the_next_messages(webex, 2);
        hide_the_rooms(webex);
        people.ask_in(1);
        people.ask_in(2);
        people.ask_in(2);                                              // behind the other one
        BOOST_TEST(eventually([&] { return faults_in(webex) == 1; })); // two are being read
        first.stop();
        BOOST_TEST(first.process->log_line("wait for the next start").has_value(), first.process->log());
    }
    webex.heal();
    server second(webex, mode_under_test(), {}, {}, data.path);
    second.ready();
    people.ask(1);
    people.check_answers();
    second.stop();
}

BOOST_AUTO_TEST_CASE(a_reply_that_was_under_way_at_a_kill_is_not_repeated_in_a_direct_room)
{
    cloud webex;
    const folder data;
    talk people(webex, 1, 0);
    {
        server first(webex, mode_under_test(), {}, {}, data.path);
        first.ready();
        lose_the_next_answer(webex);
        people.ask(1);
        BOOST_TEST(eventually([&] { return was_said(people, 0, "number 1"); }));
        hide_the_rooms(webex);
        first.process->signal(SIGKILL);
        BOOST_TEST(first.process->exit_code().value_or(0) == 128 + SIGKILL);
    }
    webex.heal();
    server second(webex, mode_under_test(), {}, {}, data.path);
    second.ready();
    people.ask(1); // answered when the first is settled
    people.check_answers();
    second.stop();
}

BOOST_AUTO_TEST_SUITE_END()
