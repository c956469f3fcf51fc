#include "integration/cloud.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace postern;
using namespace postern::test;

namespace {

struct ending
{
    int code;
    std::string said;
};

ending run_to_end(std::vector<std::string> arguments, child::environment variables = {})
{
    variables.emplace("HOME", std::filesystem::temp_directory_path().string());
    child one(postern_program(), std::move(arguments), std::move(variables));
    const auto code = one.exit_code();
    BOOST_TEST_REQUIRE(code.has_value(), "still running:\n" << one.log());
    one.log_line("no such line: waits for the end of the output");
    return {*code, one.log()};
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

struct passing_file
{
    std::string path;
    explicit passing_file(const std::string& content)
        : path((std::filesystem::temp_directory_path() / ("postern-test-" + random_hex(6))).string())
    {
        std::ofstream(path) << content;
    }
    ~passing_file() { std::filesystem::remove(path); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_AUTO_TEST_CASE(what_is_wrong_at_start_is_one_line_and_an_exit_code)
{
    const child::environment token{{"WEBEX_ACCESS_TOKEN", "x_y_z"}};
    const passing_file no_key("[webex]\napi_uri = \"x\"\n"), no_toml("mode = \n"), bad_value("threads = 0\n");
    const passing_file no_json("{\"people\": [}"), no_seed("{\"people\": [{\"name\": 1}]}"),
        short_token("\n");
    struct row
    {
        std::vector<std::string> arguments;
        child::environment variables;
        int code;
        std::vector<std::string> words;
    };
    const row rows[] = {
        {{}, {}, 2, {"--help"}},
        {{"fly"}, {}, 2, {"postern", "--help"}},
        {{"run", "--flap"}, token, 2, {"postern run", "--flap", "--help"}},
        {{"run", "--mode", "pigeon"}, token, 2, {"--mode", "expected"}},
        {{"run", "--threads", "many"}, token, 2, {"--threads", "whole number"}},
        {{"run", "--log-level", "loud"}, token, 2, {"--log-level"}},
        {{"run", "--public-url", "https://h"}, {}, 2, {"WEBEX_ACCESS_TOKEN"}},
        {{"run"}, token, 2, {"--public-url"}},
        {{"run", "--public-url", "nowhere"}, token, 2, {"--public-url", "not an absolute URL"}},
        {{"run", "--api-url", "ftp://h", "--public-url", "https://h"}, token, 2, {"--api-url", "http"}},
        {{"run", "--public-url", "https://h", "--ca-file", "/nowhere.pem"},
         token,
         2,
         {"/nowhere.pem", "PEM"}},
        {{"run", "--public-url", "https://h", "--listen", "8080"}, token, 2, {"8080", "ADDR"}},
        {{"run", "--config", "/nowhere.toml"}, token, 2, {"/nowhere.toml"}},
        {{"run", "--config", no_key.path}, token, 2, {no_key.path + ":2", "webex.api_uri", "no such key"}},
        {{"run", "--config", no_toml.path}, token, 2, {no_toml.path + ":"}},
        {{"run", "--config", bad_value.path}, token, 2, {bad_value.path + ":1", "threads", "whole number"}},
        {{"run", "--token-file", short_token.path}, {}, 2, {short_token.path, "empty"}},
        {{"run", "--public-url", "https://h"}, {{"POSTERN_THREADS", "-1"}}, 2, {"POSTERN_THREADS"}},
        {{"emulator", "--port", "99999"}, {}, 2, {"--port"}},
        {{"emulator", "--seed", "/nowhere.json"}, {}, 2, {"/nowhere.json"}},
        {{"emulator", "--seed", no_json.path}, {}, 2, {no_json.path}},
        {{"emulator", "--seed", no_seed.path}, {}, 2, {no_seed.path, "people[0]"}},
        {{"demo", "--mode", "pigeon"}, {}, 2, {"--mode"}},
    };
    for (const auto& r : rows)
    {
        std::string line = "postern";
        for (const auto& a : r.arguments)
            line += ' ' + a;
        BOOST_TEST_CONTEXT(line)
        {
            const auto [code, said] = run_to_end(r.arguments, r.variables);
            BOOST_TEST(code == r.code, said);
            for (const auto& words : r.words)
                BOOST_TEST(says(said, words), "expected \"" << words << "\" in:\n" << said);
            BOOST_TEST(std::count(said.begin(), said.end(), '\n') == 1, said);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_named)
{
    cloud webex;
    const auto taken = webex.api_url().substr(7, webex.api_url().find("/v1") - 7);
    const auto [code, said] = run_to_end({"emulator", "--listen", taken});
    BOOST_TEST(code == 3);
    BOOST_TEST(says(said, taken));
    BOOST_TEST(says(said, "in use"));
}

BOOST_AUTO_TEST_CASE(a_wrong_token_ends_the_server_with_its_own_code)
{
    cloud webex;
    server gateway(webex, "webhook", {}, {{"WEBEX_ACCESS_TOKEN", "wrong_PF84_token"}});
    const auto code = gateway.process->exit_code();
    BOOST_TEST_REQUIRE(code.has_value());
    BOOST_TEST(*code == 4);
    const auto said = gateway.process->log_line("access token rejected");
    BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
    BOOST_TEST(says(*said, "401"));
    BOOST_TEST(says(*said, "$WEBEX_ACCESS_TOKEN"));
    BOOST_TEST(says(*said, "tracking id"));
    BOOST_TEST(!says(gateway.process->log(), "wrong_PF84_token"));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_revoked_later_ends_it_too)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    const auto room = webex.direct_room("alice");
    webex.http.json_call("POST", webex.control("/tokens/expire"), {}, {{"person", "bot"}});
    webex.post("alice", room, "/echo hi");
    BOOST_TEST(gateway.process->exit_code().value_or(-1) == 4, gateway.process->log());
    BOOST_TEST(says(gateway.process->log(), "access token rejected"));
}

BOOST_AUTO_TEST_CASE(one_401_of_a_cloud_in_trouble_does_not_end_it)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    const auto room = webex.direct_room("alice");
    webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"status", 401}, {"remaining", 1}});
    webex.post("alice", room, "/echo hi");
    BOOST_TEST(gateway.process->log_line("answered 401").has_value(), gateway.process->log());
    const auto asked = webex.post("bob", webex.group_room("bob", "Night shift"),
                                  "<@personEmail:postern@webex.bot|Postern> /echo alive");
    BOOST_TEST(webex.reply_after("bob", webex.group_room("bob", "Night shift"), asked) == "alive");
    gateway.stop();
}

// What the cloud does wrong never ends the process: it says so, tries again, and serves once it is well.
BOOST_AUTO_TEST_CASE(a_cloud_out_of_order_at_start_is_told_and_waited_for)
{
    struct row
    {
        const char* what;
        json::object fault;
        std::vector<std::string> words;
    };
    const row rows[] = {
        {"HTML",
         {{"path", "/v1/people/me"}, {"status", 200}, {"body", "<html>hello"}, {"contentType", "text/html"}},
         {"http://127.0.0.1:", "expected JSON", "text/html"}},
        {"500", {{"path", "/v1/people/me"}, {"status", 500}}, {"500", "tracking id"}},
        {"nothing", {{"path", "/v1/people/me"}, {"drop", true}}, {"http://127.0.0.1:", "connection lost"}},
        {"half a JSON",
         {{"path", "/v1/people/me"},
          {"status", 200},
          {"body", "{\"id\": \"Y2"},
          {"contentType", "application/json"}},
         {"http://127.0.0.1:", "JSON"}},
        {"an answer that breaks off", {{"path", "/v1/people/me"}, {"truncateAfter", 100}}, {"broke off"}},
    };
    for (const auto& r : rows)
    {
        BOOST_TEST_CONTEXT(r.what)
        {
            cloud webex;
            webex.fault(r.fault);
            server gateway(webex, "webhook");
            const auto said = gateway.process->log_line("trying again", std::chrono::seconds(60));
            BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
            for (const auto& words : r.words)
                BOOST_TEST(says(*said, words), "expected \"" << words << "\" in:\n" << *said);
            webex.heal();
            gateway.ready();
            gateway.stop();
        }
    }
}

BOOST_AUTO_TEST_CASE(nobody_at_the_api_is_told_with_its_address)
{
    std::string gone;
    {
        cloud webex;
        gone = webex.api_url();
    }
    child run(postern_program(),
              {"run", "--api-url", gone, "--listen", "127.0.0.1:0", "--data-dir", "/tmp/postern-test-gone"},
              {{"WEBEX_ACCESS_TOKEN", "x_y_z"}});
    const auto said = run.log_line("will be repeated");
    BOOST_TEST_REQUIRE(said.has_value(), run.log());
    BOOST_TEST(says(*said, "cannot connect"));
    BOOST_TEST(says(*said, gone + "/people/me"));
    BOOST_TEST(run.stop().value_or(-1) == 0);
    std::filesystem::remove_all("/tmp/postern-test-gone");
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_it_at_once)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    webex.fault({{"path", "/v1/webhooks"}, {"delayMs", 8000}}); // stopping has to wait for this
    gateway.process->signal(SIGTERM);
    BOOST_TEST(gateway.process->log_line("stopping").has_value());
    gateway.process->signal(SIGTERM); // in the same moment: counts as one
    BOOST_TEST(!gateway.process->exit_code(std::chrono::seconds(1)).has_value());
    gateway.process->signal(SIGTERM);
    BOOST_TEST(gateway.process->exit_code(std::chrono::seconds(3)).value_or(-1) == 5);
    webex.heal();
}

BOOST_AUTO_TEST_SUITE_END()
