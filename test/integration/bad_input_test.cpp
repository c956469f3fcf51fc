#include "integration/cloud.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace postern;
using namespace postern::test;

namespace {

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
        {{"run", "--mode", "webhook"}, token, 2, {"--public-url", "--mode websocket"}},
        {{"run", "--mode", "webhook", "--public-url", "nowhere"},
         token,
         2,
         {"--public-url", "not an absolute URL"}},
        {{"run", "--api-url", "http://127.0.0.1:1/v1"}, token, 2, {"--u2c-url is missing", "--api-url"}},
        {{"run", "--u2c-url", "wss://h"}, token, 2, {"--u2c-url", "http"}},
        {{"devices"}, token, 2, {"subcommand"}},
        {{"devices", "list"}, {}, 2, {"WEBEX_ACCESS_TOKEN"}},
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
            const auto [code, out, said] = run_to_end(r.arguments, r.variables);
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
    const auto [code, out, said] = run_to_end({"emulator", "--listen", taken});
    BOOST_TEST(code == 3);
    BOOST_TEST(says(said, taken));
    BOOST_TEST(says(said, "in use"));
}

BOOST_AUTO_TEST_CASE(nobody_at_the_api_is_told_with_its_address)
{
    std::string gone, webex_u2c;
    {
        cloud webex;
        gone = webex.api_url();
        webex_u2c = webex.u2c_url();
    }
    child run(postern_program(),
              {"run", "--api-url", gone, "--u2c-url", webex_u2c, "--listen", "127.0.0.1:0", "--data-dir",
               "/tmp/postern-test-gone"},
              {{"WEBEX_ACCESS_TOKEN", "x_y_z"}});
    const auto said = run.log_line("will be repeated");
    BOOST_TEST_REQUIRE(said.has_value(), run.log());
    BOOST_TEST(says(*said, "cannot connect"));
    BOOST_TEST(says(*said, gone + "/people/me"));
    BOOST_TEST(run.stop().value_or(-1) == 0);
    std::filesystem::remove_all("/tmp/postern-test-gone");
}

BOOST_AUTO_TEST_SUITE_END()
