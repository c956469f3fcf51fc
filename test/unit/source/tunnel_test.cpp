#include "postern/source/tunnel/tunnel.hpp"

#include "postern/base/deadline.hpp"
#include "postern/base/task_scope.hpp"
#include "postern/base/within.hpp"
#include "postern/source/tunnel/leftover.hpp"
#include "postern/source/tunnel/own_files.hpp"
#include "postern/transport/child_process.hpp"
#include "support/captured_log.hpp"
#include "support/folder.hpp"
#include "support/run.hpp"
#include "tunnel_words.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;

namespace {

constexpr auto token = "2abcDEFghiJKLmnoPQRstuVWXyz";
using tunnel_under_test = tunnel; // the suite below has the class's name

std::string prelude(const std::string& version = "3.39.9")
{
    return "#!/bin/sh\n"
           "here=${0%/*}\n"
           "if [ \"$1\" = version ]; then echo ngrok version " +
           version +
           "; exit 0; fi\n"
           "echo start >>$here/starts\n"
           "say() { echo \"$1\"; }\n"
           "started() { say '{\"addr\":\"http://127.0.0.1:8080\",\"lvl\":\"info\",\"msg\":\"started "
           "tunnel\",\"url\":\"'$1'\"}'; }\n";
}

constexpr auto stay = "while :; do sleep 0.05; done\n";

// A tunnel whose program is a script in a folder of its own.
struct stage
{
    explicit stage(const std::string& script, const std::string& before = prelude())
    {
        temp.file("ngrok", before + script, 0755);
        setup.options.kind = tunnel_kind::ngrok;
        setup.options.token = secret(token);
        setup.options.directory = temp.path + "/data";
        setup.options.again = {20ms, 40ms};
        setup.options.crowded = {20ms, 40ms};
        setup.options.taken = {20ms, 40ms};
        setup.options.failed_again = 10min;
        setup.options.stop_patience = 500ms;
        setup.options.poll_every = 10min; // the scripts have no API
        setup.target = "http://127.0.0.1:8080";
        setup.environment = [path = temp.path](const char* name) {
            return std::string_view(name) == "PATH" ? path + ":/usr/bin:/bin" : std::string();
        };
        setup.watch = [this](const tunnel_state& s) { seen.push_back(s); };
    }

    // Runs the tunnel until `enough`, stops it, and answers its last state but the closing one.
    tunnel_state run_until(std::function<bool(const tunnel_state&)> enough,
                           std::function<void()> at_that = {}, std::chrono::seconds patience = 4s)
    {
        tunnel_state last;
        test::run(
            [&](net::io_context& io) -> awaitable<void> {
                auto made = tunnel_under_test::make(io.get_executor(), setup, log.writer);
                BOOST_TEST_REQUIRE(made.has_value());
                const auto& tunnel = *made;
                task_scope scope([](std::exception_ptr e) { std::rethrow_exception(e); });
                auto work = [&tunnel] { return tunnel->run(); };
                scope.spawn(io.get_executor(), work);
                for (const auto limit = deadline::after(patience);
                     !limit.passed() && !enough(tunnel->state());)
                    co_await pause_for(5ms);
                last = tunnel->state();
                if (at_that)
                    at_that();
                const bool ended = co_await wind_down(scope, 2s);
                BOOST_TEST(ended);
                BOOST_TEST(tunnel->state().phase == tunnel_phase::stopping);
                BOOST_TEST(!tunnel->state().pid.has_value());
            },
            patience + 6s);
        return last;
    }

    tunnel_state run_to(tunnel_phase phase)
    {
        return run_until([phase](const tunnel_state& s) { return s.phase == phase; });
    }

    std::string content(const std::string& name) const { return read_own_file(temp.path + '/' + name); }
    std::size_t starts() const { return content("starts").size() / 6; }
    bool watched(tunnel_phase phase) const
    {
        return std::any_of(seen.begin(), seen.end(), [&](const auto& s) { return s.phase == phase; });
    }

    test::folder temp;
    test::captured_log log;
    tunnel_under_test::setup setup;
    std::vector<tunnel_state> seen;
};

std::size_t descriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Children of ours that have ended and were not collected.
std::size_t zombies()
{
    std::size_t count = 0;
    const auto ours = "PPid:\t" + std::to_string(::getpid()) + '\n';
    for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    {
        std::ifstream file(entry.path() / "status");
        std::stringstream status;
        status << file.rdbuf();
        const auto text = status.str();
        count += text.find(ours) != text.npos && text.find("State:\tZ") != text.npos;
    }
    return count;
}

errc code_of(const result<std::unique_ptr<tunnel_under_test>>& made)
{
    BOOST_TEST_REQUIRE(made.has_error());
    return static_cast<errc>(made.error().code.value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(tunnel)

BOOST_AUTO_TEST_CASE(it_is_online_with_the_url_that_the_child_prints)
{
    stage s(std::string("started https://a.example\n") + stay);
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.phase == tunnel_phase::online);
    BOOST_TEST(state.url == "https://a.example");
    BOOST_TEST(state.version == "3.39.9");
    BOOST_TEST(state.pid.has_value());
    BOOST_TEST(state.since.has_value());
    BOOST_TEST(s.watched(tunnel_phase::starting));
    BOOST_TEST(s.log.says("tunnel online"));
    BOOST_TEST(s.log.says("https://a.example"));
    BOOST_TEST(::kill(*state.pid, 0) != 0); // gone with the tunnel
    BOOST_TEST(s.seen.back().phase == tunnel_phase::stopping);
    BOOST_TEST(s.seen.back().url.empty());
}

BOOST_AUTO_TEST_CASE(the_child_gets_a_private_configuration_the_token_in_its_environment_and_little_else)
{
    stage s(std::string("echo \"$@\" >$here/arguments\n"
                        "env >$here/environment\n"
                        "cp $here/data/ngrok.yml $here/configuration\n"
                        "stat -c %a $here/data/ngrok.yml $here/data $here/data/tunnel.pid >$here/modes\n"
                        "started https://a.example\n") +
            stay);
    ::setenv("HTTPS_PROXY", "http://user:word@proxy.example:3128", 1);
    s.setup.proxy = {{"HTTPS_PROXY", "http://user:word@proxy.example:3128"}};
    s.run_to(tunnel_phase::online);
    ::unsetenv("HTTPS_PROXY");
    BOOST_TEST(s.content("arguments").find(token) == std::string::npos);
    BOOST_TEST(s.content("arguments").find("--config=" + s.temp.path + "/data/ngrok.yml") !=
               std::string::npos);
    BOOST_TEST(s.content("environment").find(std::string("NGROK_AUTHTOKEN=") + token) != std::string::npos);
    BOOST_TEST(s.content("environment").find("proxy.example") == std::string::npos);
    BOOST_TEST(s.content("configuration").find("web_addr: 127.0.0.1:") != std::string::npos);
    BOOST_TEST(s.content("configuration").find(token) == std::string::npos);
    BOOST_TEST(s.content("modes").starts_with("600\n700\n"));
    BOOST_TEST(!std::filesystem::exists(s.temp.path + "/data/ngrok.yml"));
    BOOST_TEST(!std::filesystem::exists(s.temp.path + "/data/tunnel.pid"));
}

BOOST_AUTO_TEST_CASE(the_proxy_is_passed_when_that_is_asked_for)
{
    stage s(std::string("env >$here/environment\nstarted https://a.example\n") + stay);
    s.setup.options.pass_proxy = true;
    s.setup.proxy = {{"HTTPS_PROXY", "http://user:word@proxy.example:3128"}};
    s.run_to(tunnel_phase::online);
    BOOST_TEST(s.content("environment").find("http_proxy=http://user:word@proxy.example:3128") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_older_agent_gets_an_older_configuration)
{
    stage s(std::string("cp $here/data/ngrok.yml $here/configuration\nstarted https://a.example\n") + stay,
            prelude("3.2.2"));
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.version == "3.2.2");
    BOOST_TEST(s.content("configuration").starts_with("version: \"2\"\nweb_addr"));
}

BOOST_AUTO_TEST_CASE(a_child_that_was_killed_is_started_again_with_its_new_url)
{
    stage s(std::string("n=$(wc -l <$here/starts)\n"
                        "started https://a$n.example\n"
                        "if [ $n = 1 ]; then kill -9 $$; fi\n") +
            stay);
    const auto state = s.run_until([](const auto& now) { return now.url == "https://a2.example"; });
    BOOST_TEST(state.phase == tunnel_phase::online);
    BOOST_TEST(state.restarts == 1u);
    BOOST_TEST(state.reason == "ngrok ended (killed by signal 9)");
    BOOST_TEST(s.log.says("tunnel lost: ngrok ended (killed by signal 9); trying again in "));
}

BOOST_AUTO_TEST_CASE(two_hundred_restarts_leave_no_descriptor_and_no_zombie)
{
    stage s("started https://a.example\nexit 1\n");
    s.setup.options.again = {1ms, 1ms};
    std::size_t early = 0;
    std::size_t late = 0;
    const auto state = s.run_until(
        [&](const auto& now) {
            if (now.restarts >= 20 && early == 0)
                early = descriptors();
            late = descriptors();
            return now.restarts >= 200;
        },
        {}, 40s);
    BOOST_TEST(state.restarts >= 200u);
    BOOST_TEST(early > 0u);
    BOOST_TEST(late <= early + 4, early << " descriptors, then " << late); // a child may be on its way
    BOOST_TEST(zombies() == 0u);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_explained_and_never_shown)
{
    stage s(
        "echo '{\"err\":\"authentication failed: The authtoken.\\\\nYour authtoken: " + std::string(token) +
        "\\\\r\\\\n\\\\r\\\\nERR_NGROK_107\\\\r\\\\n\",\"lvl\":\"eror\",\"msg\":\"failed to reconnect "
        "session\"}'\n"
        "echo 'ERROR:  authentication failed: The authtoken' >&2\n"
        "echo 'ERROR:  Your authtoken: " +
        token +
        "' >&2\n"
        "echo 'ERROR:  ERR_NGROK_107' >&2\n"
        "exit 1\n");
    const auto state = s.run_to(tunnel_phase::failed);
    BOOST_TEST(state.phase == tunnel_phase::failed);
    BOOST_TEST(state.code == "ERR_NGROK_107");
    BOOST_TEST(
        state.reason.starts_with("ngrok ended (exit code 1): ERR_NGROK_107: ngrok's authtoken was reset"));
    BOOST_TEST(s.log.says("no tunnel: ngrok ended (exit code 1): ERR_NGROK_107"));
    BOOST_TEST(s.log.says("trying again in 10 min"));
    BOOST_TEST(s.log.says("the child said"));
    BOOST_TEST(!s.log.says(token));
    BOOST_TEST(s.starts() == 1u);
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_tried_again_until_it_is_free)
{
    stage s(std::string("if [ $(wc -l <$here/starts) -lt 3 ]; then echo 'ERROR:  ERR_NGROK_334'; exit 1; fi\n"
                        "started https://a.example\n") +
            stay);
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.url == "https://a.example");
    BOOST_TEST(state.restarts == 2u);
}

BOOST_AUTO_TEST_CASE(a_child_that_hangs_is_ended_and_started_again)
{
    stage s("trap '' TERM\nif [ $(wc -l <$here/starts) = 1 ]; then " + std::string(stay) +
            "fi\nstarted https://a.example\n" + stay);
    s.setup.options.start_timeout = 200ms;
    s.setup.options.stop_patience = 50ms;
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.url == "https://a.example");
    BOOST_TEST(s.log.says("no tunnel: ngrok gave no public URL within 200 ms"));
}

BOOST_AUTO_TEST_CASE(an_api_that_does_not_answer_ends_the_child)
{
    stage s(std::string("started https://a.example\n") + stay);
    s.setup.options.poll_every = 20ms;
    s.setup.options.api_timeout = 200ms;
    const auto state = s.run_until([](const auto& now) { return now.restarts > 0; });
    BOOST_TEST(state.reason.starts_with("the local API of ngrok did not answer 3 times in a row"));
}

BOOST_AUTO_TEST_CASE(offline_shows_and_passes_without_a_new_child)
{
    stage s(
        std::string(
            "started https://a.example\n"
            "say '{\"lvl\":\"eror\",\"msg\":\"session closed, starting reconnect loop\",\"err\":\"EOF\"}'\n"
            "while [ ! -e $here/go ]; do sleep 0.02; done\n"
            "started https://a.example\n") +
        stay);
    s.setup.watch = [&](const tunnel_state& now) {
        s.seen.push_back(now);
        if (now.phase == tunnel_phase::offline)
            s.temp.file("go", "", 0600);
    };
    const auto state = s.run_until([&](const auto& now) {
        return now.phase == tunnel_phase::online && s.watched(tunnel_phase::offline);
    });
    BOOST_TEST(state.url == "https://a.example");
    BOOST_TEST(state.restarts == 0u);
    BOOST_TEST(s.log.says("tunnel offline: ngrok has lost its connection"));
}

BOOST_AUTO_TEST_CASE(a_flood_of_lines_does_not_reach_our_log)
{
    stage s(
        std::string("yes '{\"id\":\"0123456789ab\",\"l\":\"127.0.0.1:5000\",\"lvl\":\"info\",\"msg\":\"join "
                    "connections\",\"obj\":\"join\",\"r\":\"203.0.113.9:40000\"}' | head -n 20000\n"
                    "head -c 300000 /dev/zero\n"
                    "echo\n"
                    "started https://a.example\n") +
        stay);
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.url == "https://a.example");
    BOOST_TEST(s.log.lines().size() < 20u);
}

BOOST_AUTO_TEST_CASE(an_orphan_of_an_earlier_postern_is_ended_before_the_start)
{
    stage s(std::string("started https://a.example\n") + stay);
    test::run([&](net::io_context& io) -> awaitable<void> {
        transport::child_options options;
        options.program = "/bin/sleep";
        options.arguments = {"60"};
        auto orphan = transport::child_process::start(io.get_executor(), std::move(options), quiet_log());
        BOOST_TEST_REQUIRE(orphan.has_value());
        child_note note;
        note.child = mark_process((*orphan)->pid()).value();
        note.owner = note.child;
        note.owner.start += 1; // long dead
        note.web_addr = "127.0.0.1:1";
        std::filesystem::create_directory(s.temp.path + "/data");
        BOOST_TEST(write_own_file(s.temp.path + "/data/tunnel.pid", to_text(note)).has_value());
        s.run_to(tunnel_phase::online);
        const auto end = co_await (*orphan)->ended(deadline::after(1s));
        BOOST_TEST_REQUIRE(end.has_value());
        BOOST_TEST(end->signal.value() == SIGTERM);
    });
    BOOST_TEST(s.log.says("an earlier postern left a child behind"));
}

BOOST_AUTO_TEST_CASE(the_child_of_another_postern_that_lives_is_left_alone)
{
    stage s(std::string("started https://a.example\n") + stay);
    child_note note;
    note.owner = mark_process(::getppid()).value();
    note.child = mark_process(::getpid()).value();
    std::filesystem::create_directory(s.temp.path + "/data");
    BOOST_TEST(write_own_file(s.temp.path + "/data/tunnel.pid", to_text(note)).has_value());
    const auto state = s.run_to(tunnel_phase::failed);
    BOOST_TEST(state.phase == tunnel_phase::failed);
    BOOST_TEST(state.reason.find("another postern") != std::string::npos);
    BOOST_TEST(s.starts() == 0u);
}

BOOST_AUTO_TEST_CASE(any_program_can_be_the_tunnel)
{
    stage s({}, "#!/bin/sh\nhere=${0%/*}\necho \"$@\" >$here/arguments\n"
                "echo ready at https://a.example/ >&2\nwhile [ ! -e $here/go ]; do sleep 0.02; done\n"
                "echo ready at https://b.example/\nwhile [ ! -e $here/end ]; do sleep 0.02; done\n"
                "echo the end; exit 3\n");
    s.setup.options.kind = tunnel_kind::command;
    s.setup.options.program = s.temp.path + "/ngrok";
    s.setup.options.arguments = {"-R", "80:localhost:{port}"};
    s.setup.options.pattern = "ready at (\\S+)";
    s.setup.watch = [&](const tunnel_state& now) {
        s.seen.push_back(now);
        if (now.url == "https://a.example")
            s.temp.file("go", "", 0600);
        if (now.url == "https://b.example")
            s.temp.file("end", "", 0600);
    };
    const auto state = s.run_until([](const auto& now) { return now.phase == tunnel_phase::waiting; });
    BOOST_TEST(state.reason == "ngrok ended (exit code 3): the end");
    BOOST_TEST(s.content("arguments") == "-R 80:localhost:8080\n");
    BOOST_TEST(s.log.says("the tunnel has another URL"));
}

BOOST_AUTO_TEST_CASE(a_quick_tunnel_of_cloudflared_is_online_when_it_is_registered)
{
    stage s({}, std::string(
                    "#!/bin/sh\nif [ \"$1\" = version ]; then echo 'cloudflared version 2026.2.1 (built x)'; "
                    "exit 0; fi\n"
                    "echo '2026-02-03T04:05:06Z INF |  https://a-b.trycloudflare.com  |' >&2\n"
                    "echo '2026-02-03T04:05:06Z INF Registered tunnel connection connIndex=0' >&2\n") +
                    stay);
    std::filesystem::rename(s.temp.path + "/ngrok", s.temp.path + "/cloudflared");
    s.setup.options.kind = tunnel_kind::cloudflared;
    s.setup.options.token = {};
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.url == "https://a-b.trycloudflare.com");
    BOOST_TEST(state.version == "2026.2.1");
}

BOOST_AUTO_TEST_CASE(a_version_that_is_never_told_does_not_hold_up_the_start)
{
    stage s(std::string("started https://a.example\n") + stay,
            "#!/bin/sh\nhere=${0%/*}\nif [ \"$1\" = version ]; then sleep 60; fi\n" +
                prelude().substr(std::string("#!/bin/sh\n").size()));
    s.setup.options.version_timeout = 100ms;
    const auto state = s.run_to(tunnel_phase::online);
    BOOST_TEST(state.url == "https://a.example");
    BOOST_TEST(state.version.empty());
    BOOST_TEST(s.log.says("does not tell its version"));
}

BOOST_AUTO_TEST_CASE(what_can_never_work_is_refused_before_the_start)
{
    net::io_context io;
    const auto make = [&](const std::function<void(tunnel_under_test::setup&)>& change) {
        stage s("");
        change(s.setup);
        auto made = tunnel_under_test::make(io.get_executor(), s.setup, quiet_log());
        if (made.has_error())
            BOOST_TEST(describe(made.error()).find("secret") == std::string::npos);
        return made;
    };
    BOOST_TEST(make([](auto&) {}).has_value());
    const std::vector<std::function<void(tunnel_under_test::setup&)>> wrong{
        [](auto& s) { s.options.kind = tunnel_kind::none; },
        [](auto& s) { s.options.program = "no-such-program"; },
        [](auto& s) { s.options.token = postern::secret("secret with space"); },
        [](auto& s) { s.options.token = postern::secret("cr_secret"); },
        [](auto& s) { s.options.domain = "https://a.example/path"; },
        [](auto& s) { s.options.domain = "https://"; },
        [](auto& s) { s.options.domain = "two words"; },
        [](auto& s) { s.options.directory.clear(); },
        [](auto& s) {
            s.options.kind = tunnel_kind::command;
            s.options.program = "/bin/sh";
        },
        [](auto& s) {
            s.options.kind = tunnel_kind::command;
            s.options.program = "/bin/sh";
            s.options.pattern = "(";
        },
        [](auto& s) {
            s.options.kind = tunnel_kind::cloudflared;
            s.options.program = "/bin/sh";
        },
    };
    for (std::size_t i = 0; i < wrong.size(); ++i)
        BOOST_TEST((code_of(make(wrong[i])) == errc::bad_configuration), i);
}

BOOST_AUTO_TEST_SUITE_END()
