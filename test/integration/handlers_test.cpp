#include "integration/bot_run.hpp"
#include "integration/no_code_target.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

std::vector<std::string> texts(const std::vector<bot_run::message>& all)
{
    std::vector<std::string> out;
    for (const auto& one : all)
        out.push_back(one.text);
    return out;
}

transport::response file_of(bot_run& run, const bot_run::message& m)
{
    const auto* files = get_array(m.all, "files");
    BOOST_TEST_REQUIRE((files && files->size() == 1), json::serialize(m.all));
    return run.them.webex.http.call("GET", std::string(files->front().as_string()),
                                    run.them.webex.token("alice"));
}

std::string upload(bot_run& run, const std::string& room, const std::string& name, const std::string& bytes)
{
    const std::string mark = "--part";
    const auto field = [&](const std::string& key, const std::string& value) {
        return mark + "\r\nContent-Disposition: form-data; name=\"" + key + "\"\r\n\r\n" + value + "\r\n";
    };
    const auto posted = run.them.webex.http.call(
        "POST", run.them.webex.api("/messages"), run.them.webex.token("alice"),
        field("roomId", room) + field("markdown", "<@personEmail:postern@webex.bot|Postern>") + mark +
            "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + name +
            "\"\r\nContent-Type: text/plain\r\n\r\n" + bytes + "\r\n" + mark + "--\r\n",
        {{"Content-Type", "multipart/form-data; boundary=part"}});
    BOOST_TEST_REQUIRE(posted.status == 200u, posted.body);
    return text_or(json::parse(posted.body).as_object(), "id");
}

} // namespace

// Handlers as people write them, and all that they may get to do with.
BOOST_AUTO_TEST_SUITE(handlers)

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_one_line_with_a_reference_that_tells_why)
{
    bot_run run;
    const auto room = run.room();
    run.start();
    const auto line = run.ask(room, "/throw");
    BOOST_TEST(line.starts_with("Sorry, something went wrong"), line);
    BOOST_TEST(!has(line, "it broke"));
    const auto why = run.why(line);
    BOOST_TEST(has(why, "handler failed"), why);
    BOOST_TEST(has(why, "it broke"), why);

    const auto late = run.answers(room, "/throw late");
    BOOST_TEST_REQUIRE(late.size() == 2u);
    BOOST_TEST(late[0].text == "so far so good");
    BOOST_TEST(has(run.why(late[1].text), "handler failed"));
    run.stop();
}

BOOST_AUTO_TEST_CASE(a_handler_that_hangs_is_one_line_and_holds_up_nobody_elsewhere)
{
    bot_run run;
    const auto room = run.room(), other = run.room();
    run.start({{"POSTERN_BOT_HANDLER_TIMEOUT", "4"}});
    const auto asked = run.say(room, "/hang");
    const auto deaf = run.say(other, "/hang deaf");
    run.others_are_answered();
    BOOST_TEST(run.said(room, asked).empty());
    BOOST_TEST(run.said(other, deaf).empty());
    for (const auto& [where, what] : {std::pair(room, asked), std::pair(other, deaf)})
    {
        const auto line = run.replies(where, what).front().text;
        BOOST_TEST(has(line, "too long"), line);
        BOOST_TEST(has(run.why(line), "too long"), run.why(line));
        BOOST_TEST(run.ask(where, "/say next") == "next");
        BOOST_TEST(run.said(where, what).size() == 3u); // with that to Paula: nothing ran again
    }
    run.stop();
}

BOOST_AUTO_TEST_CASE(a_flood_stays_in_its_room_and_ten_megabytes_are_one_line)
{
    bot_run run;
    const auto room = run.room(), other = run.room();
    run.start();
    const auto flooded = run.say(room, "/flood");
    const auto too_much = run.say(other, "/big");
    run.replies(room, flooded);
    run.others_are_answered();
    const auto line = run.replies(other, too_much).front().text;
    BOOST_TEST(line.starts_with("Sorry"), line);
    const auto why = run.why(line);
    BOOST_TEST(has(why, "10000000 bytes"), why);
    BOOST_TEST(run.ask(other, "/say next") == "next");
    BOOST_TEST(run.said(other, too_much).size() == 3u); // with that to Paula

    std::vector<std::string> expected;
    for (int n = 1; n <= 200; ++n)
        expected.push_back("drop " + std::to_string(n));
    BOOST_TEST(texts(run.replies(room, flooded, expected.size())) == expected,
               boost::test_tools::per_element());
    run.stop();
}

BOOST_AUTO_TEST_CASE(commands_are_for_whom_they_are_meant_and_as_often_as_they_may)
{
    bot_run run;
    const auto room = run.room({"bob"});
    run.start();
    BOOST_TEST(run.ask(room, "/number 21 --twice") == "42");
    BOOST_TEST(run.ask(room, "/NUMBER 7") == "7");
    for (const auto* wrong : {"/number", "/number many", "/number 13", "/number 1 --thrice"})
        BOOST_TEST(has(run.ask(room, wrong), "/number <int> [--twice]"), wrong);
    BOOST_TEST(has(run.ask(room, "/nubmer 7"), "Did you mean /number?"));
    BOOST_TEST(run.ask(room, "what of NET-12") == "ticket 12 of NET");

    BOOST_TEST(run.ask(room, "/ship", "bob") == "deployed");
    BOOST_TEST(has(run.ask(room, "/deploy"), "certain people"));
    BOOST_TEST(run.ask(room, "/lock", "bob") == "locked");
    BOOST_TEST(run.ask(room, "/lock") == "Moderators only.");
    run.them.webex.http.json_call("POST", run.them.webex.control("/moderators"), {},
                                  {{"room", room}, {"person", "alice"}, {"by", "bob"}, {"on", true}});
    BOOST_TEST(eventually([&] { // it hears of it
        const auto all = texts(run.answers(room, "/lock"));
        return std::find(all.begin(), all.end(), "locked") != all.end();
    }));

    BOOST_TEST(run.ask(room, "/slow down") == "this time");
    BOOST_TEST(has(run.ask(room, "/slow down"), "Wait "));
    BOOST_TEST(run.ask(room, "/slow down", "bob") == "this time");

    const auto help = run.ask(room, "/help");
    BOOST_TEST(has(help, "a number, perhaps twice"), help);
    BOOST_TEST(!has(help, "/deploy"), help);
    BOOST_TEST(has(run.ask(room, "/help", "bob"), "/deploy"));
    BOOST_TEST(has(run.ask(room, "/help number"), "/number <int> [--twice]"));
    run.stop();
}

BOOST_AUTO_TEST_CASE(files_come_from_memory_from_disk_and_from_the_web_and_are_fetched)
{
    no_code_target web;
    const folder files;
    bot_run run;
    const auto room = run.room();
    run.start({{"POSTERN_BOT_PRIVATE_URLS", "true"}});

    const auto from_bytes = run.replies(room, run.say(room, "/file bytes")).front();
    BOOST_TEST(from_bytes.text == "a list");
    BOOST_TEST(file_of(run, from_bytes).body == "a,b\n1,2\n");
    BOOST_TEST(has(std::string(file_of(run, from_bytes).headers.get("Content-Disposition")), "list.csv"));

    const std::string bytes(1'000'000, '\x7f');
    const auto path = files.file("big.bin", bytes, 0600);
    const auto from_disk = run.replies(room, run.say(room, "/file disk " + path)).front();
    BOOST_TEST((file_of(run, from_disk).body == bytes));
    const auto missing = run.ask(room, "/file disk " + path + ".no");
    BOOST_TEST(missing.starts_with("Sorry"), missing);

    const auto fetched = run.replies(room, run.say(room, "/file url " + web.url("/hello"))).front();
    BOOST_TEST(has(file_of(run, fetched).body, "hello"));
    BOOST_TEST(has(std::string(file_of(run, fetched).headers.get("Content-Disposition")), "fetched.md"));
    const auto broken = run.ask(room, "/file url " + web.url("/breaks"));
    BOOST_TEST(broken.starts_with("Sorry"), broken);

    BOOST_TEST(run.replies(room, upload(run, room, "notes.txt", "some notes")).front().text ==
               "notes.txt: some notes");
    const auto too_large = run.replies(room, upload(run, room, "long.txt", std::string(100'001, 'x')));
    BOOST_TEST(too_large.front().text.starts_with("not downloaded: "), too_large.front().text);
    run.them.webex.set("contents", {{"state", "infected"}});
    const auto infected = run.replies(room, upload(run, room, "evil.txt", "evil")).front().text;
    BOOST_TEST(infected.starts_with("not downloaded: "), infected);
    run.them.webex.set("contents",
                       {{"state", "scanning"}, {"answers", 1}, {"then", "clean"}, {"retryAfter", 1}});
    BOOST_TEST(run.replies(room, upload(run, room, "soon.txt", "soon")).front().text == "soon.txt: soon");
    run.stop();
}

BOOST_AUTO_TEST_CASE(addresses_of_this_network_are_not_fetched_unless_that_is_allowed)
{
    no_code_target web;
    bot_run run;
    const auto room = run.room();
    run.start();
    const auto refused = run.ask(room, "/file url " + web.url("/hello"));
    BOOST_TEST(refused.starts_with("Sorry"), refused);
    run.them.webex.http.call("GET", web.url("/seen")); // the first that it is asked for
    BOOST_TEST(web.next().path() == "/seen");
    run.stop();
}

BOOST_AUTO_TEST_CASE(what_happens_around_the_bot_reaches_its_handlers)
{
    bot_run run;
    const auto room = run.them.room({"alice", "bob"});
    run.start();
    const auto alice = run.them.webex.token("alice");
    auto& http = run.them.webex.http;
    const auto told = [&](std::size_t number) { return texts(run.replies(room, {}, number)).at(number - 1); };

    run.them.join(room, "bot");
    BOOST_TEST(texts(run.replies(room, {}, 2)) ==
                   (std::vector<std::string>{"Good day.", "added: postern@webex.bot"}),
               boost::test_tools::per_element());
    run.them.leave(room, "bob");
    BOOST_TEST(told(3) == "left: bob@example.com");
    run.them.join(room, "bob");
    BOOST_TEST(told(4) == "joined: bob@example.com");
    http.json_call("POST", run.them.webex.control("/moderators"), {},
                   {{"room", room}, {"person", "bob"}, {"by", "alice"}, {"on", true}});
    std::set<std::string> moderated{told(5), told(6)}; // that also changed the room
    BOOST_TEST((moderated == std::set<std::string>{"event: bob@example.com", "room: " + room}));
    http.json_call("PUT", run.them.webex.api("/rooms/" + room), run.them.webex.token("bob"),
                   {{"title", "Renamed"}});
    BOOST_TEST(told(7) == "room: " + room);

    const auto words = run.say(room, "/say one");
    BOOST_TEST(told(8) == "one");
    std::size_t count = 8;
    if (mode_under_test() == "websocket")
    {
        http.json_call("PUT", run.them.webex.api("/messages/" + words), alice,
                       {{"roomId", room}, {"markdown", "<@personEmail:postern@webex.bot|Postern> /say two"}});
        BOOST_TEST(told(++count) == "edited: /say two");
    }
    http.json_call("DELETE", run.them.webex.api("/messages/" + words), alice, nullptr, 204);
    BOOST_TEST(told(++count) == "deleted: " + words);
    run.rest();
    BOOST_TEST(run.said(room).size() == count);
    run.stop();
}

// Not with the guard on: a room that the bot is not in any more can't be looked at.
BOOST_AUTO_TEST_CASE(a_bot_that_is_taken_out_of_a_room_hears_of_it)
{
    bot_run run;
    const auto left = run.room(), room = run.room();
    run.start({}, bot_run::guard::off);
    run.them.webex.http.json_call("DELETE", run.them.webex.control("/members"), {},
                                  {{"room", left}, {"person", "bot"}, {"by", "bob"}});
    BOOST_TEST(eventually([&] { return run.ask(room, "/removals") == "1 " + left; }));
    run.stop();
}

BOOST_AUTO_TEST_SUITE_END()
