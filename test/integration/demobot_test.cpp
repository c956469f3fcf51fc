#include "integration/cloud.hpp"
#include "integration/processes.hpp"
#include "support/folder.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace postern;
using namespace postern::test;

namespace {

// `postern-demobot` against a cloud: the program that a person would run, with its own stand-in for the web.
class running_bot
{
public:
    explicit running_bot(cloud& webex, child::environment variables = {})
    {
        variables.emplace("WEBEX_ACCESS_TOKEN", webex.token("bot"));
        variables.emplace("POSTERN_LISTEN_ADDRESS", "127.0.0.1:0");
        process = std::make_unique<child>(
            POSTERN_DEMOBOT,
            std::vector<std::string>{"--mode", mode_under_test(), "--api-url", webex.api_url(), "--u2c-url",
                                     webex.u2c_url(), "--data-dir", files_.path},
            std::move(variables));
        const auto ready = process->out_line("{");
        BOOST_TEST_REQUIRE(ready.has_value(), "it did not get ready:\n" << process->log());
    }

    void stop()
    {
        const auto code = process->stop();
        BOOST_TEST_REQUIRE(code.has_value(), "still running after SIGTERM:\n" << process->log());
        BOOST_TEST(*code == 0, process->log());
    }

private:
    const folder files_;

public:
    std::unique_ptr<child> process;
};

// Alice's direct room with the bot, seen with her eyes.
class room_of_alice
{
public:
    explicit room_of_alice(cloud& webex)
        : webex_(webex), id_(webex.direct_room("alice")), bot_(webex.id_of("bot"))
    {
    }

    // Says something, and waits until the bot has said so many messages: those, oldest first.
    std::vector<json::object> ask(const std::string& words, std::size_t answers = 1)
    {
        const auto asked = webex_.post("alice", id_, words);
        std::vector<json::object> said;
        const bool all = eventually([&] { return (said = said_after(asked)).size() >= answers; });
        BOOST_TEST_REQUIRE(all, words << ": " << said.size() << " of " << answers);
        return said;
    }

    std::string text(const std::string& words) { return text_or(ask(words).front(), "text"); }

    void submit(const json::object& card, json::object inputs)
    {
        webex_.http.json_call(
            "POST", webex_.api("/attachment/actions"), webex_.token("alice"),
            {{"type", "submit"}, {"messageId", card.at("id")}, {"inputs", std::move(inputs)}});
    }

    // What the bot said after that message; newest last.
    std::vector<json::object> said_after(const std::string& message)
    {
        const auto page =
            webex_.http.json_call("GET", webex_.api("/messages?max=50&roomId=" + id_), webex_.token("alice"));
        std::vector<json::object> said;
        for (const auto& item : page.as_object().at("items").as_array()) // newest first
        {
            const auto& one = item.as_object();
            if (text_or(one, "id") == message)
                break;
            if (text_or(one, "personId") == bot_)
                said.insert(said.begin(), one);
        }
        return said;
    }

    // The only file of a message, as Webex hands it out.
    transport::response file_of(const json::object& message)
    {
        const auto* files = get_array(message, "files");
        BOOST_TEST_REQUIRE((files && files->size() == 1), "it has no file: " << json::serialize(message));
        return webex_.http.call("GET", std::string(files->front().as_string()), webex_.token("alice"));
    }

private:
    cloud& webex_;
    const std::string id_, bot_;
};

bool holds(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(demobot_program)

BOOST_AUTO_TEST_CASE(every_command_answers_with_its_text_its_picture_or_its_card)
{
    cloud webex;
    running_bot bot(webex);
    room_of_alice room(webex);

    BOOST_TEST(room.text("/echo hi") == "hi");
    BOOST_TEST(holds(room.text("/chuck"), "Chuck Norris"));
    BOOST_TEST(holds(room.text("/quote"), "Ada Lovelace"));
    BOOST_TEST(holds(room.text("/number 42"), "answer to the Ultimate Question"));
    BOOST_TEST(room.text("/number 42 --kind math") == "42 is even, and the product 2 × 3 × 7.");
    BOOST_TEST(holds(room.text("/number forty-two"), "<int> [--kind trivia|math]"));
    BOOST_TEST(holds(room.text("/number 1 --kind gossip"), "<int> [--kind trivia|math]"));

    const auto office = room.file_of(room.ask("/dilbert").front());
    BOOST_TEST(transport::media_type(office.headers.get("Content-Type")) == "image/png");
    BOOST_TEST(holds(std::string(office.headers.get("Content-Disposition")), "office.png"));
    BOOST_TEST(office.body.starts_with("\x89PNG\r\n"));

    const auto strip = room.ask("/peanuts").front();
    BOOST_TEST(text_or(strip, "text") == "In the garden: the kite flies at last");
    BOOST_TEST(room.file_of(strip).body.starts_with("GIF89a"));

    const auto traffic = room.ask("/traffic", 5);
    BOOST_TEST(text_or(traffic[0], "text") == "4 cameras:"); // edited: first it said that it looks
    std::set<std::string> pictures;
    for (std::size_t i = 1; i < traffic.size(); ++i)
        pictures.insert(room.file_of(traffic[i]).body);
    BOOST_TEST(pictures.size() == 4u);
    BOOST_TEST(text_or(traffic[4], "text") == "Straße am See");

    const auto help = room.text("/help");
    for (const auto* command : {"/chuck", "/quote", "/number", "/dilbert", "/peanuts", "/traffic", "/card"})
        BOOST_TEST(holds(help, command), command);
    bot.stop();
}

BOOST_AUTO_TEST_CASE(what_is_filled_into_the_card_comes_back)
{
    cloud webex;
    running_bot bot(webex);
    room_of_alice room(webex);
    const auto card = room.ask("/card").front();
    const auto* attachments = get_array(card, "attachments");
    BOOST_TEST_REQUIRE((attachments && attachments->size() == 1));

    room.submit(card, {{"form", "trip"}, {"name", "Ada <b> & **Co**"}, {"by", "bicycle"}, {"again", "no"}});
    const auto id = text_or(card, "id");
    BOOST_TEST(eventually([&] { return room.said_after(id).size() == 1; }));
    BOOST_TEST(text_or(room.said_after(id).front(), "text") ==
               "You have sent:\nname: Ada <b> & **Co**\nby: bicycle\nagain: no\n");

    room.submit(card, {{"form", "some other"}, {"name", "Eve"}});
    const auto next = room.ask("/echo still here").front(); // the room goes in order: the submission is over
    BOOST_TEST(text_or(next, "text") == "still here");
    BOOST_TEST(room.said_after(id).size() == 2u);
    bot.stop();
}

BOOST_AUTO_TEST_CASE(while_the_sites_are_down_a_person_reads_so)
{
    cloud webex;
    running_bot bot(webex, {{"DEMOBOT_SITE", "http://127.0.0.1:1"}});
    room_of_alice room(webex);
    BOOST_TEST(room.text("/chuck") == "The joke server does not answer; try again later.");
    BOOST_TEST(room.text("/quote") == "The quote server does not answer; try again later.");
    BOOST_TEST(room.text("/number 7") == "The number server does not answer; try again later.");
    BOOST_TEST(room.text("/dilbert") == "The comic server does not answer; try again later.");
    BOOST_TEST(room.text("/peanuts") == "The comic server does not answer; try again later.");
    const auto before = text_or(room.ask("/echo now the cameras").front(), "id");
    room.ask("/traffic");
    BOOST_TEST(eventually([&] { // first it says that it looks
        return text_or(room.said_after(before).front(), "text") ==
               "The traffic server does not answer; try again later.";
    }));
    bot.stop();
}

BOOST_AUTO_TEST_CASE(its_settings_are_those_of_postern_run)
{
    child help(POSTERN_DEMOBOT, {"--help"});
    BOOST_TEST(help.exit_code().value_or(-1) == 0);
    help.out_line("no such line: waits for the end of the output");
    for (const auto* known :
         {"--mode", "--data-dir", "--allow-org", "POSTERN_WEBEX_API_URL", "WEBEX_ACCESS_TOKEN"})
        BOOST_TEST(holds(help.out(), known), known);

    child wrong(POSTERN_DEMOBOT, {"--mode", "pigeon"}, {{"WEBEX_ACCESS_TOKEN", "x"}});
    BOOST_TEST(wrong.exit_code().value_or(-1) == 2);
    BOOST_TEST(wrong.log_line("--mode").has_value());
    child unknown(POSTERN_DEMOBOT, {"--sing"});
    BOOST_TEST(unknown.exit_code().value_or(-1) == 2);
    BOOST_TEST(unknown.log_line("postern-demobot: ").has_value());
    child tokenless(POSTERN_DEMOBOT, {});
    BOOST_TEST(tokenless.exit_code().value_or(-1) == 2);
    BOOST_TEST(tokenless.log_line("WEBEX_ACCESS_TOKEN").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
