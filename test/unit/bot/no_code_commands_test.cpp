#include "postern/bot/no_code/no_code_commands.hpp"

#include "postern/base/json.hpp"
#include "postern/transport/http.hpp"
#include "scene.hpp"
#include "support/folder.hpp"
#include "support/scripted_http_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace postern;
using namespace std::chrono_literals;
using test::scene;

namespace {

// A bot whose commands are programs and targets only.
struct stage
{
    test::folder files;
    scene s;
    std::shared_ptr<test::scripted_http_client> web = std::make_shared<test::scripted_http_client>();
    no_code_options options;
    std::shared_ptr<no_code_commands> commands;

    stage()
    {
        options.stop_patience = 100ms;
        options.answer_time = 400ms;
        options.longest_wait = 200ms;
        for (const auto* variable : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"})
            if (const char* value = std::getenv(variable))
                options.environment.emplace(variable, value);
    }

    no_code_command& add(std::string name)
    {
        no_code_command c;
        c.what.name = std::move(name);
        c.timeout = 2s;
        options.commands.push_back(std::move(c));
        return options.commands.back();
    }
    program_call& shell(std::string name, std::string script)
    {
        auto& how = add(std::move(name)).how;
        how = program_call{{"sh", "-c", std::move(script)}};
        return std::get<program_call>(how);
    }

    void open()
    {
        commands = no_code_commands::make(options, s.logged.writer);
        BOOST_TEST_REQUIRE(commands->add_to(s.bot).has_value());
        commands->open(web, "http://127.0.0.1:1");
    }

    // The one message that is said to this, or all of them joined.
    std::string hear(std::string text)
    {
        if (!commands)
            open();
        const auto before = s.api->posted.size();
        s.hear(std::move(text));
        std::string said;
        for (auto i = before; i < s.api->posted.size(); ++i)
            said += s.api->posted[i].text + s.api->posted[i].markdown;
        return said;
    }
    const webex::new_message& last() const { return s.api->posted.back(); }

    std::string kept(const std::string& name) const
    {
        std::ostringstream all;
        all << std::ifstream(files.path + '/' + name).rdbuf();
        return all.str();
    }
};

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(no_code_commands)

BOOST_AUTO_TEST_CASE(what_a_program_writes_is_the_reply)
{
    stage t;
    t.shell("/disk", "echo '**full**'; echo almost");
    BOOST_TEST(t.hear("/disk") == "**full**\nalmost");
    BOOST_TEST(t.last().markdown == "**full**\nalmost");
}

BOOST_AUTO_TEST_CASE(a_program_may_write_text_or_a_block_of_code)
{
    stage t;
    t.shell("/text", "echo '*a*'").as = program_call::format::text;
    t.shell("/code", "echo 'a   b'").as = program_call::format::code;
    t.shell("/fence", "echo '```'").as = program_call::format::code;
    t.hear("/text");
    BOOST_TEST(t.last().text == "*a*");
    BOOST_TEST(t.hear("/code") == "```\na   b\n```");
    BOOST_TEST(t.hear("/fence") == "````\n```\n````");
}

BOOST_AUTO_TEST_CASE(a_program_that_writes_nothing_says_nothing)
{
    stage t;
    t.shell("/quiet", "echo >&2 to the log at most");
    BOOST_TEST(t.hear("/quiet") == "");
    BOOST_TEST(t.s.api->posted.empty());
}

BOOST_AUTO_TEST_CASE(a_program_that_fails_is_one_line_and_its_errors_are_for_the_log)
{
    stage t;
    t.shell("/disk", "echo half; echo first >&2; echo no such disk >&2; exit 3");
    t.shell("/loud", "echo no such disk >&2; exit 4").show_errors = true;
    t.shell("/dead", "kill -9 $$");
    BOOST_TEST(t.hear("/disk") == "/disk failed (exit 3).");
    BOOST_TEST(t.s.logged.says("no such disk"));
    BOOST_TEST(t.hear("/loud") == "/loud failed (exit 4): no such disk.");
    BOOST_TEST(t.hear("/dead") == "/dead failed (signal 9).");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_one_line_and_was_told_before)
{
    stage t;
    t.add("/gone").how = program_call{{"/nonexistent/program"}};
    t.add("/plain").how = program_call{{t.files.file("plain", "#!/bin/sh\n", 0600)}};
    t.options.commands[0].written_at = "p.toml:7";
    BOOST_TEST(t.hear("/gone") == "/gone failed (it could not be started).");
    BOOST_TEST(t.hear("/plain") == "/plain failed (it could not be started).");
    const auto doubts = t.commands->doubts();
    BOOST_TEST_REQUIRE(doubts.size() == 2u);
    BOOST_TEST(says(doubts[0], "p.toml:7: /gone"), doubts[0]);
    BOOST_TEST(says(doubts[0], "no such file"), doubts[0]);
    BOOST_TEST(says(doubts[1], "executable"), doubts[1]);
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_is_stopped_even_if_it_does_not_want_to)
{
    stage t;
    t.shell("/hang", "trap '' TERM; while :; do sleep 1; done");
    t.options.commands.back().timeout = 150ms;
    BOOST_TEST(t.hear("/hang") == "/hang took too long and was stopped.");
}

BOOST_AUTO_TEST_CASE(children_that_keep_the_output_open_hold_nobody_up)
{
    stage t;
    t.shell("/fork", "sleep 60 & echo done");
    BOOST_TEST(t.hear("/fork") == "done");
}

BOOST_AUTO_TEST_CASE(a_long_output_is_cut_and_a_flood_is_stopped)
{
    stage t;
    t.options.longest_output = 100;
    t.options.flood = 10'000;
    t.shell("/long", "i=0; while [ $i -lt 100 ]; do echo 12345678; i=$((i+1)); done");
    t.shell("/flood", "while :; do echo 12345678; done");
    const auto said = t.hear("/long");
    BOOST_TEST(said.starts_with("12345678\n12345678"));
    BOOST_TEST(says(said, "the rest was cut off"), said);
    BOOST_TEST(said.size() < 200u);
    BOOST_TEST(t.hear("/flood") == "/flood failed (it wrote too much).");
}

BOOST_AUTO_TEST_CASE(a_program_gets_arguments_and_context_as_variables_and_nothing_else_of_ours)
{
    stage t;
    ::setenv("POSTERN_TEST_OF_OURS", "secret", 1);
    auto& c = t.add("/number");
    c.what.arguments = "<count:int> [--kind a|b] [--loud] [rest:text]";
    program_call how{{"sh", "-c", "env > '" + t.files.path + "/env'"}};
    how.environment = {{"GIVEN", "by the operator"}};
    c.how = how;
    t.hear("/number 7 --loud it is; $(rm) `x`");
    const auto env = t.kept("env");
    for (const auto* line :
         {"POSTERN_COMMAND=/number\n", "POSTERN_ARGS=7 --loud it is; $(rm) `x`\n", "POSTERN_ARG_COUNT=7\n",
          "POSTERN_ARG_LOUD=1\n", "POSTERN_ARG_REST=it is; $(rm) `x`\n",
          "POSTERN_SENDER_EMAIL=ana@example.com\n", "POSTERN_SENDER_ID=ana\n", "POSTERN_ROOM_ID=room\n",
          "POSTERN_ROOM_TYPE=direct\n", "POSTERN_MESSAGE_ID=object\n",
          "POSTERN_REPLY_URL=http://127.0.0.1:1/reply/", "GIVEN=by the operator\n"})
        BOOST_TEST(says(env, line), line << " is not in\n" << env);
    BOOST_TEST(!says(env, "POSTERN_ARG_KIND"));
    BOOST_TEST(!says(env, "OF_OURS"));
    ::unsetenv("POSTERN_TEST_OF_OURS");
}

BOOST_AUTO_TEST_CASE(a_program_gets_the_event_as_a_webhook_would_bring_it_with_the_message)
{
    stage t;
    auto& c = t.add("/ask");
    c.what.arguments = "<count:int> [--who person]";
    c.how = program_call{{"sh", "-c", "cat > '" + t.files.path + "/event'"}};
    t.hear("/ask 5 --who bob@example.com");
    const auto event = parse_json(t.kept("event"), "the event");
    BOOST_TEST_REQUIRE(event.has_value(), t.kept("event"));
    const auto& all = event->as_object();
    BOOST_TEST(text_or(*get_object(all, "data"), "personId") == "ana");
    BOOST_TEST(text_or(*get_object(all, "message"), "personEmail") == "ana@example.com");
    BOOST_TEST(text_or(*get_object(all, "message"), "text") == "/ask 5 --who bob@example.com");
    BOOST_TEST(text_or(all, "command") == "/ask");
    BOOST_TEST(text_or(all, "text") == "5 --who bob@example.com");
    const auto& arguments = *get_object(all, "arguments");
    BOOST_TEST((get_int(arguments, "count") == 5));
    BOOST_TEST(text_or(*get_object(arguments, "who"), "email") == "bob@example.com");
    BOOST_TEST(text_or(all, "replyUrl").starts_with("http://127.0.0.1:1/reply/"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_the_arguments_never_reaches_the_program)
{
    stage t;
    t.shell("/number", "echo ran");
    t.options.commands.back().what.arguments = "<int>";
    const auto said = t.hear("/number many");
    BOOST_TEST(says(said, "Usage"), said);
    BOOST_TEST(!says(said, "ran"));
}

BOOST_AUTO_TEST_CASE(what_a_target_answers_is_the_reply)
{
    stage t;
    t.add("/ask").how = target_call{"http://127.0.0.1:5000/hook", secret("key")};
    t.web->answer(200, "**hi**", {{"Content-Type", "text/markdown"}});
    t.web->answer(200, R"({"card": {"type": "AdaptiveCard", "version": "1.3"}, "text": "a card"})");
    t.web->answer(200, R"({"file": {"base64": "aGkh", "name": "a.txt"}, "text": "look"})");
    t.web->answer(503);
    BOOST_TEST(t.hear("/ask") == "**hi**");
    t.hear("/ask");
    BOOST_TEST(says(t.last().card, "AdaptiveCard"));
    BOOST_TEST(t.last().markdown == "a card");
    t.hear("/ask");
    BOOST_TEST_REQUIRE(t.s.api->uploaded.size() == 1u);
    BOOST_TEST(t.s.api->uploaded[0].bytes == "hi!");
    BOOST_TEST(t.hear("/ask") == "/ask failed (its server answered 503).");
    BOOST_TEST(t.web->requests()[0].headers.has("X-Spark-Signature"));
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_be_fetched_is_one_line)
{
    stage t;
    t.add("/ask").how = target_call{"http://127.0.0.1:5000/hook", {}};
    t.web->answer(200, R"({"file": "http://169.254.169.254/secrets"})");
    BOOST_TEST(t.hear("/ask") == "/ask failed (its card or file can't be sent).");
}

BOOST_AUTO_TEST_CASE(an_answer_for_later_comes_through_its_url_once)
{
    stage t;
    t.add("/slow").how = target_call{"http://127.0.0.1:5000/hook", {}};
    t.web->answer(202);
    BOOST_TEST(t.hear("/slow") == "");
    const std::string url(t.web->requests()[0].headers.get("X-Postern-Reply-Url"));
    BOOST_TEST_REQUIRE(url.starts_with("http://127.0.0.1:1/reply/"));

    transport::request later;
    later.method = "POST";
    later.target = url.substr(url.find("/reply/"));
    later.headers.set("Content-Type", "text/markdown");
    later.body = "*done*";
    const auto replies = t.commands->replies();
    std::vector<unsigned> status;
    test::run([&](net::io_context&) -> awaitable<void> {
        for (int i = 0; i < 2; ++i)
        {
            const auto answer = co_await replies->answer(later);
            status.push_back(answer.status);
        }
    });
    BOOST_TEST(status == (std::vector<unsigned>{200, 410}), boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(t.s.api->posted.size() == 1u);
    BOOST_TEST(t.last().markdown == "*done*");
    BOOST_TEST(t.last().to.room_id == "room");
}

BOOST_AUTO_TEST_CASE(a_run_that_fails_ends_its_url)
{
    stage t;
    t.add("/ask").how = target_call{"http://127.0.0.1:5000/hook", {}};
    t.web->answer(500);
    t.hear("/ask");
    const std::string url(t.web->requests()[0].headers.get("X-Postern-Reply-Url"));
    transport::request later;
    later.method = "POST";
    later.target = url.substr(url.find("/reply/"));
    const auto refused = t.commands->replies()->admit(later);
    BOOST_TEST_REQUIRE(refused.refusal.has_value());
    BOOST_TEST(refused.refusal->status == 410u);
}

BOOST_AUTO_TEST_CASE(a_target_elsewhere_is_given_the_address_at_which_it_reaches_us)
{
    stage t;
    t.add("/ask").how = target_call{"http://bots:5000/hook", {}};
    t.options.commands.back().reply_url = "https://postern.internal";
    t.web->answer(204);
    t.hear("/ask");
    BOOST_TEST(t.web->requests()[0]
                   .headers.get("X-Postern-Reply-Url")
                   .starts_with("https://postern.internal/reply/"));
    const auto doubts = t.commands->doubts();
    BOOST_TEST_REQUIRE(doubts.size() == 1u);
    BOOST_TEST(says(doubts[0], "not signed"), doubts[0]);
}

BOOST_AUTO_TEST_CASE(names_that_clash_are_told_all_at_once)
{
    stage t;
    t.shell("/a", "true");
    t.shell("/A", "true");
    t.shell("/b", "true");
    t.options.commands[2].what.aliases = {"/help"};
    t.shell("/c", "true");
    t.options.commands[3].what.arguments = "<";
    t.options.commands[1].written_at = "p.toml:9";
    const auto complaints = complaints_about(t.options);
    BOOST_TEST_REQUIRE(complaints.size() == 3u);
    BOOST_TEST(says(complaints[0], "p.toml:9: /A: there is another"), complaints[0]);
    BOOST_TEST(says(complaints[1], "/b"), complaints[1]);
    BOOST_TEST(says(complaints[2], "/c: arguments"), complaints[2]);
}

BOOST_AUTO_TEST_SUITE_END()
