#include "integration/agent.hpp"
#include "integration/cloud.hpp"
#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <filesystem>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

// So many bytes, to whatever file or pipe (proc(5), wchar of io).
std::uint64_t written_by(pid_t pid)
{
    const auto io = content("/proc/" + std::to_string(pid) + "/io");
    const std::string key = "wchar: ";
    std::uint64_t bytes = 0;
    if (const auto at = io.find(key); at != io.npos)
        std::from_chars(io.data() + at + key.size(), io.data() + io.size(), bytes);
    return bytes;
}

const std::string good_token = "2aStandinTokenGood7q";
const std::string bad_token = "bad2aStandinToken9x7";

const std::vector<std::string> by_ngrok{"--tunnel", "ngrok"};

bool all_lead_to(cloud& webex, const std::string& url)
{
    const auto hooks = webex.webhooks();
    for (const auto& hook : hooks)
        if (!text_or(hook.as_object(), "targetUrl").starts_with(url + '/'))
            return false;
    return !hooks.empty();
}

void answers(cloud& webex, const std::string& words)
{
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo " + words);
    BOOST_TEST(webex.reply_after("alice", room, asked) == words);
}

bool is_ready(cloud& webex, const server& gateway)
{
    return webex.http.call("GET", "http://" + gateway.address() + "/ready").status == 200;
}

// Where it listens stands in the log long before the ready line.
std::string listens_at(server& gateway)
{
    const auto line = gateway.process->log_line("listening");
    BOOST_TEST_REQUIRE(line.has_value(), gateway.process->log());
    const std::string key = "address=";
    const auto from = line->find(key);
    BOOST_TEST_REQUIRE(from != line->npos, *line);
    const auto rest = line->substr(from + key.size());
    return rest.substr(0, rest.find(' '));
}

} // namespace

// Webhook mode from inside the firewall: the tunnel's program is supervised, whatever becomes of it.
BOOST_AUTO_TEST_SUITE(tunnel)

BOOST_AUTO_TEST_CASE(a_message_comes_through_the_tunnel_and_ctrl_c_leaves_nothing)
{
    cloud webex;
    const agent ngrok;
    server gateway(webex, "webhook", by_ngrok, ngrok.environment(good_token));
    gateway.ready();
    const auto up = ngrok.wait_for();
    BOOST_TEST(gateway.webhook_url().starts_with(up.url + '/'));
    BOOST_TEST(!up.url.ends_with(gateway.address())); // not past the tunnel
    BOOST_TEST(all_lead_to(webex, up.url));
    answers(webex, "through the tunnel");
    const auto family = children_of(gateway.process->pid());
    BOOST_TEST(std::count(family.living.begin(), family.living.end(), up.pid) == 1);

    gateway.process->signal(SIGINT);
    BOOST_TEST(gateway.process->exit_code().value_or(-1) == 0, gateway.process->log());
    BOOST_TEST(::kill(up.pid, 0) == -1); // ended and collected
    for (const auto pid : family.living)
        BOOST_TEST(eventually([&] { return gone(pid); }, 5s), "child " << pid << " is left");
    BOOST_TEST(webex.webhooks().empty());
}

BOOST_AUTO_TEST_CASE(a_killed_agent_comes_back_with_another_url_and_the_webhooks_follow)
{
    cloud webex;
    const agent ngrok;
    server gateway(webex, "webhook", by_ngrok, ngrok.environment(good_token));
    gateway.ready();
    const auto before = ngrok.wait_for();
    const auto hooks = webex.webhooks().size();
    ::kill(before.pid, SIGKILL);

    const auto after = ngrok.wait_for(before.pid);
    BOOST_TEST(after.url != before.url);
    BOOST_TEST(eventually([&] { return all_lead_to(webex, after.url); }));
    BOOST_TEST(webex.webhooks().size() == hooks); // the same ones, changed
    answers(webex, "back again");
    const auto family = children_of(gateway.process->pid());
    BOOST_TEST(family.zombies.empty());
    BOOST_TEST(std::count(family.living.begin(), family.living.end(), after.pid) == 1);
    gateway.stop();
    BOOST_TEST(gone(after.pid));
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_explained_and_shown_to_nobody)
{
    cloud webex;
    const agent ngrok;
    server gateway(webex, "webhook", by_ngrok, ngrok.environment(bad_token));
    const auto address = listens_at(gateway);
    const auto line = gateway.process->log_line("ERR_NGROK_105");
    BOOST_TEST_REQUIRE(line.has_value(), gateway.process->log());
    BOOST_TEST(line->find("authtoken") != line->npos, *line);
    BOOST_TEST(line->find("https://dashboard.ngrok.com/") != line->npos, *line); // what to do about it

    transport::response health;
    const bool said = eventually([&] { // a moment after the log
        health = webex.http.call("GET", "http://" + address + "/ready");
        return health.body.find("ERR_NGROK_105") != health.body.npos;
    });
    BOOST_TEST(said, health.body);
    BOOST_TEST(health.status == 503u);
    BOOST_TEST(webex.http.call("GET", "http://" + address + "/healthz").status == 200u);
    BOOST_TEST(!gateway.process->exit_code(0s).has_value()); // it lives
    BOOST_TEST(webex.webhooks().empty());

    gateway.stop();
    BOOST_TEST(ngrok.called_with().find("http") != std::string::npos);
    BOOST_TEST(ngrok.called_with().find(bad_token) == std::string::npos);
    for (const auto& text : {gateway.process->log(), gateway.process->out(), health.body})
        BOOST_TEST(text.find(bad_token) == text.npos);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(gateway.data_dir))
        if (entry.is_regular_file())
            BOOST_TEST(content(entry.path()).find(bad_token) == std::string::npos, entry.path());
}

BOOST_AUTO_TEST_CASE(an_agent_that_floods_its_log_harms_nothing)
{
#if defined(POSTERN_SANITIZED)
    constexpr std::uint64_t megabytes = 10;
#else
    constexpr std::uint64_t megabytes = 100;
#endif
    cloud webex;
    const agent ngrok;
    server gateway(webex, "webhook", by_ngrok, ngrok.environment(good_token));
    gateway.ready();
    const auto up = ngrok.wait_for();
    const auto poured = webex.http.call("POST", up.url + "/_fake/flood?mb=" + std::to_string(megabytes));
    BOOST_TEST(poured.status < 300u, poured.body);
    answers(webex, "over the noise");
    // It blocks unless postern reads all of it.
    BOOST_TEST(eventually([&] { return written_by(up.pid) >= megabytes << 20; }, 60s));
    answers(webex, "and once more");
    BOOST_TEST(ngrok.now().pid == up.pid); // the same agent
    BOOST_TEST(gateway.process->log().size() < 64u * 1024);
    gateway.stop();
    BOOST_TEST(gone(up.pid));
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_was_stopped_at_the_service_comes_back_by_itself)
{
    cloud webex;
    const agent ngrok;
    server gateway(webex, "webhook", by_ngrok, ngrok.environment(good_token));
    gateway.ready();
    const auto before = ngrok.wait_for();
    const auto removed = webex.http.call("POST", before.url + "/_fake/remove");
    BOOST_TEST(removed.status < 300u, removed.body);

    const auto after = ngrok.wait_for(before.pid); // its local API is asked every 12 s
    BOOST_TEST(eventually([&] { return all_lead_to(webex, after.url); }));
    BOOST_TEST(eventually([&] { return is_ready(webex, gateway); }), gateway.process->log());
    answers(webex, "found again");
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_killed_postern_takes_its_agent_along_and_the_next_start_works)
{
    cloud webex;
    const agent ngrok;
    server first(webex, "webhook", by_ngrok, ngrok.environment(good_token));
    first.ready();
    const auto before = ngrok.wait_for();
    const auto hooks = webex.webhooks().size();
    first.process->signal(SIGKILL);
    BOOST_TEST(first.process->exit_code().value_or(0) == 128 + SIGKILL);
    BOOST_TEST(eventually([&] { return gone(before.pid); }, 5s));

    server second(webex, "webhook", by_ngrok, ngrok.environment(good_token), first.data_dir);
    second.ready();
    const auto after = ngrok.wait_for(before.pid);
    BOOST_TEST(all_lead_to(webex, after.url));
    BOOST_TEST(webex.webhooks().size() == hooks); // taken over, not doubled
    answers(webex, "after the crash");
    second.stop();
    BOOST_TEST(webex.webhooks().empty());
}

BOOST_AUTO_TEST_SUITE_END()
