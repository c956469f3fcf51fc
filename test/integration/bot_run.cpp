#include "integration/bot_run.hpp"

#include "integration/processes.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>

namespace postern::test {

bot_run::bot_run() : bot_(them.webex.id_of("bot")), elsewhere_(room()) {}

bot_run::~bot_run() = default;

void bot_run::start(child::environment variables, guard how)
{
    variables.emplace("WEBEX_ACCESS_TOKEN", them.webex.token("bot"));
    std::vector<std::string> arguments{"--mode",     mode_under_test(),
                                       "--api-url",  them.webex.api_url(),
                                       "--u2c-url",  them.webex.u2c_url(),
                                       "--listen",   "127.0.0.1:0",
                                       "--data-dir", data_.path};
    if (how == guard::on)
        arguments.insert(arguments.end(), {"--allow-org", "own", "--allow-person", "paula@partner.example"});
    process_ = std::make_unique<child>(POSTERN_BOT_UNDER_TEST, std::move(arguments), std::move(variables));
    const auto ready = process_->out_line("{");
    BOOST_TEST_REQUIRE(ready.has_value(), "the bot did not get ready:\n" << process_->log());
}

void bot_run::stop()
{
    const auto code = process_->stop();
    BOOST_TEST_REQUIRE(code.has_value(), "still running after SIGTERM:\n" << process_->log());
    BOOST_TEST(*code == 0, process_->log());
}

void bot_run::kill()
{
    process_->signal(SIGKILL);
    BOOST_TEST_REQUIRE(process_->exit_code().has_value());
}

std::string bot_run::room(const std::vector<std::string>& moderators)
{
    return them.room({"bob", "alice", "paula", "bot"}, moderators);
}

std::string bot_run::say(const std::string& room, const std::string& words, const std::string& who)
{
    const auto posted =
        them.webex.http.json_call("POST", them.webex.control("/messages"), {},
                                  {{"person", who}, {"room", room}, {"text", words}, {"mention", "bot"}});
    return text_or(posted.as_object(), "id");
}

std::vector<bot_run::message> bot_run::messages(const std::string& room, const std::string& seen_by)
{
    transport::response page;
    eventually([&] {
        page = them.webex.http.call("GET", them.webex.api("/messages?max=1000&roomId=" + room),
                                    them.webex.token(seen_by));
        return page.status != 429;
    });
    BOOST_TEST_REQUIRE(page.status == 200u, page.body);
    std::vector<message> all;
    const auto listed = json::parse(page.body);
    for (const auto& item : listed.as_object().at("items").as_array())
    {
        const auto& one = item.as_object();
        all.push_back({text_or(one, "id"), text_or(one, "text"), text_or(one, "markdown"),
                       text_or(one, "html"), text_or(one, "parentId"), text_or(one, "personId"), one});
    }
    std::reverse(all.begin(), all.end());
    return all;
}

std::vector<bot_run::message> bot_run::said(const std::string& room, const std::string& after,
                                            const std::string& seen_by)
{
    auto all = messages(room, seen_by);
    if (!after.empty())
    {
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const message& m) { return m.id == after; });
        if (found != all.end())
            all.erase(all.begin(), found + 1);
    }
    std::erase_if(all, [this](const message& m) { return m.author != bot_; });
    return all;
}

std::vector<bot_run::message> bot_run::replies(const std::string& room, const std::string& after,
                                               std::size_t count, std::chrono::seconds patience)
{
    std::vector<message> all;
    const bool came = eventually([&] { return (all = said(room, after)).size() >= count; }, patience);
    BOOST_TEST_REQUIRE(came, all.size() << " of " << count << " replies came\n" << process_->log());
    return all;
}

std::vector<bot_run::message> bot_run::answers(const std::string& room, const std::string& words,
                                               const std::string& who)
{
    const auto mark = "mark " + random_hex(4);
    const auto asked = say(room, words, who);
    say(room, "/say " + mark, "paula"); // a room goes in order
    std::vector<message> all;
    const bool came = eventually([&] {
        all = said(room, asked);
        return !all.empty() && all.back().text == mark;
    });
    BOOST_TEST_REQUIRE(came, words << ": " << all.size() << " answers\n" << process_->log());
    all.pop_back();
    return all;
}

std::string bot_run::ask(const std::string& room, const std::string& words, const std::string& who)
{
    const auto all = answers(room, words, who);
    BOOST_TEST_REQUIRE(all.size() == 1u, words);
    return all.front().text;
}

void bot_run::rest()
{
    journal::selection waiting;
    waiting.how_far = journal::progress::waiting;
    const bool quiet = eventually([&] {
        const auto file = journal::archive::open(data_.path + "/journal.db");
        const auto found = (*file)->list(waiting);
        return found && found->empty();
    });
    BOOST_TEST_REQUIRE(quiet, process_->log());
}

void bot_run::others_are_answered()
{
    const auto words = "still here " + random_hex(4);
    BOOST_TEST(ask(elsewhere_, "/say " + words, "bob") == words);
}

std::string bot_run::why(const std::string& apology)
{
    const std::string mark = "Reference ";
    const auto at = apology.find(mark);
    BOOST_TEST_REQUIRE(at != apology.npos, apology);
    const auto number = apology.substr(at + mark.size(), apology.find('.', at) - at - mark.size());
    std::string told;
    eventually([&] { // it is written once all is over
        const auto ended = run_to_end({"events", "why", number, "--data-dir", data_.path});
        BOOST_TEST_REQUIRE(ended.code == 0, number << ": " << ended.log);
        told = ended.out;
        return told.find("done") != told.npos || told.find("dead") != told.npos;
    });
    return told;
}

} // namespace postern::test
