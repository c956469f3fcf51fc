#include "integration/cloud.hpp"
#include "integration/no_code_target.hpp"
#include "integration/processes.hpp"
#include "support/folder.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

// A bot of which nobody has written a line of code: a TOML file, scripts beside it, and a server. The guard
// is on. Alice gives the commands, in a room of her own; meanwhile Bob asks for an echo in another one.
struct place
{
    folder files;
    no_code_target target;
    cloud webex;
    std::string toml = "[guard]\ndomains = [\"example.com\", \"elsewhere.example\"]\n";
    std::unique_ptr<server> gateway;
    std::string alices = webex.direct_room("alice");
    std::string bobs = webex.group_room("bob", "Night shift");

    void command(const std::string& name, const std::string& more)
    {
        toml += "[[commands]]\nname = \"" + name + "\"\n" + more + "\n";
    }
    void script(const std::string& name, const std::string& text, const std::string& more = {},
                unsigned mode = 0700)
    {
        command('/' + name,
                "exec = [\"" + files.file(name, "#!/bin/sh\n" + text + "\n", mode) + "\"]\n" + more);
    }
    void start()
    {
        const auto config = files.file("bot.toml", toml, 0600);
        gateway =
            std::make_unique<server>(webex, mode_under_test(), std::vector<std::string>{"--config", config});
        gateway->ready();
    }

    std::string file(const std::string& name) const { return files.path + '/' + name; }
    std::string say(const std::string& words) { return webex.post("alice", alices, words); }
    std::string reply_to(const std::string& message) { return webex.reply_after("alice", alices, message); }
    std::string ask(const std::string& words) { return reply_to(say(words)); }

    void others_are_answered()
    {
        const auto words = "still here " + random_hex(4);
        const auto asked = webex.post("bob", bobs, "<@personEmail:postern@webex.bot|Postern> /echo " + words);
        BOOST_TEST(webex.reply_after("bob", bobs, asked) == words);
    }

    // Says it, sees that it has begun and that nobody else is held up by it, and gets its one line.
    template <class Begun>
    std::string ask_meanwhile(const std::string& words, Begun begun)
    {
        const auto before = said();
        const auto asked = say(words);
        begun();
        others_are_answered();
        BOOST_TEST(said() == before, words << " was answered before its time"); // it was busy all the while
        const auto reply = reply_to(asked);
        BOOST_TEST(said() == before + 1, words);
        return reply;
    }
    std::size_t said() { return webex.messages_of_bot("alice", alices); }
};

} // namespace

// A bot of exec and url commands from a TOML file alone.
BOOST_AUTO_TEST_SUITE(no_code)

BOOST_AUTO_TEST_CASE(programs_and_a_server_make_a_bot)
{
    place p;
    p.script("disk", "echo \"**$POSTERN_ARG_WHICH** is full, $POSTERN_SENDER_EMAIL\"",
             "arguments = \"<which>\"\nhelp = \"how full a disk is\"\naliases = [\"/df\"]\n");
    const auto key = p.files.file("key", "ask-key\n", 0600);
    p.command("/ask", "url = \"" + p.target.url("/hello") + "\"\nsecret_file = \"" + key + "\"\n");
    p.start();
    BOOST_TEST(p.ask("/disk home") == "home is full, alice@example.com");
    BOOST_TEST(p.ask("/df root") == "root is full, alice@example.com");
    BOOST_TEST(has(p.ask("/disk"), "/disk <which>")); // its usage
    BOOST_TEST(has(p.ask("/help"), "how full a disk is"));
    BOOST_TEST(p.ask("/ask my name") == "hello my name");
    const auto request = p.target.next();
    BOOST_TEST(request.headers.get("X-Spark-Signature") == hmac_sha1_hex(secret("ask-key"), request.body));
    p.others_are_answered();
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_and_ignores_its_end_holds_nobody_up)
{
    place p;
    p.script("stubborn", "trap '' TERM\necho $$ >'" + p.file("pid") + "'\nwhile :; do sleep 1; done",
             "timeout = \"4s\"\n");
    p.start();
    const auto reply = p.ask_meanwhile("/stubborn", [&p] {
        BOOST_TEST(eventually([&p] { return content(p.file("pid")).ends_with('\n'); }));
    });
    BOOST_TEST(reply == "/stubborn took too long and was stopped.");
    const auto pid = static_cast<pid_t>(std::stol(content(p.file("pid"))));
    BOOST_TEST(eventually([pid] { return gone(pid); }));
    p.others_are_answered();
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(who_asks_for_what_is_in_use_waits_for_a_while_and_is_told)
{
    place p;
    p.script("slow", "echo begun >>'" + p.file("runs") + "'\nexec sleep 8", "concurrent = 1\n");
    p.start();
    p.say("/slow");
    BOOST_TEST(eventually([&p] { return content(p.file("runs")) == "begun\n"; }));
    const auto asked = p.webex.post("bob", p.bobs, "<@personEmail:postern@webex.bot|Postern> /slow");
    BOOST_TEST(p.webex.reply_after("bob", p.bobs, asked) ==
               "/slow is busy just now. Please try again in a moment.");
    BOOST_TEST(content(p.file("runs")) == "begun\n"); // it never ran beside the other one
    p.others_are_answered();
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(children_that_keep_the_output_open_neither_delay_the_answer_nor_stay)
{
    place p;
    p.script("fork", "sleep 100 &\necho $! >'" + p.file("pid") + "'\necho done");
    p.start();
    BOOST_TEST(p.ask("/fork") == "done");
    const auto pid = static_cast<pid_t>(std::stol(content(p.file("pid"))));
    BOOST_TEST(eventually([pid] { return gone(pid); }));
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(a_gigabyte_is_one_line)
{
    place p;
    p.script("flood", "head -c 1000000000 /dev/zero | tr '\\0' x");
    p.script("lines", "yes");
    p.start();
    BOOST_TEST(p.ask("/flood") == "/flood failed (it wrote too much).");
    BOOST_TEST(p.ask("/lines") == "/lines failed (it wrote too much).");
    p.others_are_answered();
    BOOST_TEST(p.said() == 2u);
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(a_program_that_fails_or_can_t_be_run_is_one_line_and_was_told_at_the_start)
{
    place p;
    p.script("fails", "echo private >&2\nexit 3");
    p.command("/gone", "exec = [\"/nonexistent/program\"]");
    p.script("plain", "echo never", {}, 0600);
    p.start();
    BOOST_TEST(has(p.gateway->process->log(), "/gone: the command can't be run"), p.gateway->process->log());
    BOOST_TEST(has(p.gateway->process->log(), "not executable"), p.gateway->process->log());
    BOOST_TEST(p.ask("/fails") == "/fails failed (exit 3).");
    BOOST_TEST(p.ask("/gone") == "/gone failed (it could not be started).");
    BOOST_TEST(p.ask("/plain") == "/plain failed (it could not be started).");
    p.others_are_answered();
    BOOST_TEST(p.said() == 3u);
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_holds_nobody_up)
{
    place p;
    p.command("/hangs", "url = \"" + p.target.url("/hangs") + "\"\ntimeout = \"4s\"\n");
    p.start();
    const auto reply = p.ask_meanwhile("/hangs", [&p] { p.target.next(); });
    BOOST_TEST(reply == "/hangs took too long and was given up.");
    p.others_are_answered();
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(a_server_that_is_broken_or_down_or_answers_html_is_one_line)
{
    place p;
    for (const std::string name : {"breaks", "page"})
        p.command('/' + name, "url = \"" + p.target.url('/' + name) + "\"\n");
    p.command("/down", "url = \"http://127.0.0.1:1/\"\n");
    p.start();
    BOOST_TEST(p.ask("/breaks") == "/breaks failed (its server answered 500).");
    BOOST_TEST(p.ask("/page") == "/page failed (its server's answer is of no use).");
    BOOST_TEST(p.ask("/down") == "/down failed (its server can't be reached).");
    p.others_are_answered();
    BOOST_TEST(p.said() == 3u);
    BOOST_TEST(!has(p.gateway->process->log(), "private"), p.gateway->process->log());
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_later_through_its_url_and_only_once)
{
    place p;
    p.command("/later", "url = \"" + p.target.url("/later") + "\"\n");
    p.script("program", "echo \"$POSTERN_REPLY_URL\" >'" + p.file("url") + "'");
    p.start();
    const auto asked = p.say("/later");
    const std::string url(p.target.next().headers.get("X-Postern-Reply-Url"));
    BOOST_TEST_REQUIRE(has(url, p.gateway->address() + "/reply/"), url);
    p.others_are_answered();
    BOOST_TEST(p.said() == 0u);
    const transport::header_fields markdown{{"Content-Type", "text/markdown"}};
    BOOST_TEST(p.webex.http.call("POST", url, {}, "it is **done**", markdown).status == 200u);
    BOOST_TEST(p.reply_to(asked) == "it is done");
    BOOST_TEST(p.webex.http.call("POST", url, {}, "again", markdown).status == 410u);
    BOOST_TEST(p.webex.http.call("POST", url.substr(0, url.size() - 1), {}, "x", markdown).status == 404u);

    const auto to_program = p.say("/program");
    BOOST_TEST(eventually([&p] { return content(p.file("url")).ends_with('\n'); }));
    auto second = content(p.file("url"));
    second.pop_back();
    const auto said = p.webex.http.call("POST", second, {}, R"({"text": "from the program"})");
    BOOST_TEST(said.status == 200u, said.body);
    BOOST_TEST(p.reply_to(to_program) == "from the program");

    const auto id = url.substr(url.rfind('/') + 1);
    BOOST_TEST(!has(p.gateway->process->log(), id.substr(0, 7)), p.gateway->process->log());
    p.gateway->stop();
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_program_that_runs)
{
    place p;
    p.script("slow", "echo $$ >'" + p.file("pid") + "'\nexec sleep 40");
    p.start();
    p.say("/slow");
    BOOST_TEST(eventually([&p] { return content(p.file("pid")).ends_with('\n'); }));
    p.gateway->stop();
    const auto pid = static_cast<pid_t>(std::stol(content(p.file("pid"))));
    BOOST_TEST(eventually([pid] { return gone(pid); }));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_commands_is_told_all_at_once_with_its_lines)
{
    const folder files;
    const auto config = files.file("bot.toml",
                                   "[[commands]]\nname = \"/a\"\nexec = \"df\"\n"
                                   "[[commands]]\nname = \"/b\"\n"
                                   "[[commands]]\nname = \"/c\"\nurl = \"ftp://x\"\ntimeuot = 3\n",
                                   0600);
    const auto ended =
        run_to_end({"run", "--config", config, "--data-dir", files.path}, {{"WEBEX_ACCESS_TOKEN", "t"}});
    BOOST_TEST(ended.code == 2);
    for (const auto* words : {":3: commands: exec", ":4: commands: a command needs exec or url",
                              ":8: commands: url", ":9: commands: there is no key timeuot"})
        BOOST_TEST(has(ended.log, config + words), words << " is not in " << ended.log);
}

BOOST_AUTO_TEST_SUITE_END()
