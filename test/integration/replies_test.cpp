#include "integration/bot/long_text.hpp"
#include "integration/bot_run.hpp"
#include "integration/processes.hpp"

#include "postern/base/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <string_view>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

bool is_fence(std::string_view line) { return line.starts_with("```") || line.starts_with("~~~"); }

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> all(1);
    for (const char c : text)
        if (c == '\n')
            all.emplace_back();
        else
            all.back() += c;
    return all;
}

// What there is to read: without fences, which come anew in every piece, and white space, which goes with a
// cut.
std::string letters_of(const std::string& text)
{
    std::string all;
    for (const auto& line : lines_of(text))
        if (!is_fence(line))
            for (const char c : line)
                if (std::isspace(static_cast<unsigned char>(c)) == 0)
                    all += c;
    return all;
}

// Whether every code block that begins in it also ends in it.
bool fences_balance(const std::string& text)
{
    std::string open;
    for (const auto& line : lines_of(text))
        if (open.empty() && is_fence(line))
            open = line.substr(0, 3);
        else if (line == open)
            open.clear();
    return open.empty();
}

std::size_t refusals(bot_run& run, const std::string& method)
{
    const auto all = run.them.webex.http.json_call("GET", run.them.webex.control("/counters")).as_object();
    std::size_t count = 0;
    for (const auto& item : all.at("items").as_array())
    {
        const auto& one = item.as_object();
        if (text_or(one, "who") == "bot" && text_or(one, "method") == method &&
            text_or(one, "path").starts_with("/v1/messages"))
            count += static_cast<std::size_t>(get_int(one.at("statuses").as_object(), "429").value_or(0));
    }
    return count;
}

} // namespace

// What a bot says arrives: whole, once, in order.
BOOST_AUTO_TEST_SUITE(replies)

BOOST_AUTO_TEST_CASE(while_every_third_call_is_refused_with_429_every_reply_arrives_once_and_in_order)
{
    bot_run run;
    const auto rooms = run.them.rooms(20, {"alice", "bob", "bot"});
    // A second for each refusal would be more than a minute.
    run.start({{"POSTERN_BOT_LANES", "20"}, {"POSTERN_WEBEX_SHORTEST_WAIT", "20ms"}});
    run.them.webex.fault(
        {{"path", "/v1/"}, {"every", 3}, {"status", 429}, {"headers", {{"Retry-After", "0"}}}});
    std::vector<std::string> expected;
    for (int n = 0; n < 10; ++n)
    {
        expected.push_back("number " + std::to_string(n));
        for (const auto& room : rooms)
            run.say(room, "/say " + expected.back(), n % 2 == 0 ? "alice" : "bob");
    }
    eventually(
        [&] {
            return run.said(rooms.front()).size() >= expected.size() &&
                   run.said(rooms.back()).size() >= expected.size();
        },
        90s);
    run.them.webex.heal();
    BOOST_TEST(refusals(run, "POST") > 20u);
    BOOST_TEST(refusals(run, "GET") > 20u);
    for (const auto& room : rooms)
    {
        std::vector<std::string> texts;
        eventually([&] {
            texts.clear();
            for (const auto& one : run.said(room))
                texts.push_back(one.text);
            return texts.size() >= expected.size();
        });
        BOOST_TEST(texts == expected, boost::test_tools::per_element());
    }
    run.stop();
}

BOOST_AUTO_TEST_CASE(a_markdown_of_60_kilobytes_arrives_whole_in_pieces_that_webex_takes)
{
    bot_run run;
    const auto room = run.room();
    run.start();
    const auto text = long_text(60'000);
    const auto pieces = run.answers(room, "/long");
    BOOST_TEST(pieces.size() >= text.size() / 7439);
    BOOST_TEST(pieces.size() <= text.size() / 5000);
    std::string whole;
    for (const auto& one : pieces)
    {
        BOOST_TEST(one.markdown.size() <= 7439u);
        BOOST_TEST(is_utf8(one.markdown));
        BOOST_TEST(fences_balance(one.markdown), one.markdown);
        whole += one.markdown + '\n';
    }
    BOOST_TEST((letters_of(whole) == letters_of(text)));
    run.stop();
}

BOOST_AUTO_TEST_CASE(what_a_handler_can_say_arrives_as_it_is_meant)
{
    bot_run run;
    const auto room = run.room();
    run.start();

    BOOST_TEST(run.ask(room, "/html") == "bold & so");

    const auto under = run.say(room, "/thread");
    const auto threaded = run.replies(room, under).front();
    BOOST_TEST(threaded.text == "under it");
    BOOST_TEST(threaded.parent == under);

    BOOST_TEST(run.answers(room, "/direct").empty());
    const auto direct = run.said(run.them.webex.direct_room("alice"));
    BOOST_TEST(std::count_if(direct.begin(), direct.end(),
                             [](const auto& one) { return one.text == "between us"; }) == 1);

    BOOST_TEST(run.ask(room, "/edit") == "final words");
    BOOST_TEST(run.ask(room, "/erase") == "erased");
    BOOST_TEST(run.ask(room, "/progress") == "all done");

    const auto card = run.replies(room, run.say(room, "/card")).front();
    run.them.webex.http.json_call("POST", run.them.webex.api("/attachment/actions"),
                                  run.them.webex.token("bob"),
                                  {{"type", "submit"}, {"messageId", card.id}, {"inputs", {{"name", "Bo"}}}});
    BOOST_TEST(run.replies(room, card.id).front().text == R"(inputs: {"name":"Bo"})");
    run.stop();
}

BOOST_AUTO_TEST_SUITE_END()
