#include "postern/source/tunnel/ngrok_config.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern::source;

namespace {

bool has(const std::vector<std::string>& all, const std::string& one)
{
    return std::find(all.begin(), all.end(), one) != all.end();
}

// The suite below has the function's name.
std::string make_config(const program_version& v, const std::string& address)
{
    return ngrok_config(v, address);
}

constexpr auto target = "http://127.0.0.1:8080";

} // namespace

BOOST_AUTO_TEST_SUITE(ngrok_config)

BOOST_AUTO_TEST_CASE(a_current_agent_gets_version_3)
{
    BOOST_TEST(make_config({3, 16, 0}, "127.0.0.1:40123") == "version: 3\n"
                                                             "agent:\n"
                                                             "  web_addr: 127.0.0.1:40123\n"
                                                             "  console_ui: false\n"
                                                             "  update_check: false\n"
                                                             "  remote_management: false\n"
                                                             "  inspect_db_size: -1\n");
}

BOOST_AUTO_TEST_CASE(an_older_agent_gets_version_2)
{
    const auto text = make_config({3, 15, 9}, "127.0.0.1:40123");
    BOOST_TEST(text.starts_with("version: \"2\"\nweb_addr: 127.0.0.1:40123\n"));
    BOOST_TEST(text.find("agent:") == text.npos);
}

BOOST_AUTO_TEST_CASE(the_log_is_set_by_flags_and_the_address_is_a_number)
{
    const auto all = ngrok_arguments(current_ngrok, target, "/run/x/ngrok.yml", {});
    for (const auto* one : {"http", "--config=/run/x/ngrok.yml", "--log=stdout", "--log-format=json",
                            "--log-level=info", "--inspect=false", "http://127.0.0.1:8080"})
        BOOST_TEST(has(all, one), one);
    BOOST_TEST(all.front() == "http");
    BOOST_TEST(all.size() == 7u);
}

BOOST_AUTO_TEST_CASE(a_domain_is_given_as_each_version_wants_it)
{
    const std::string domain = "https://bots.example.com";
    BOOST_TEST(has(ngrok_arguments({3, 39, 0}, target, "f", domain), "--url=https://bots.example.com"));
    BOOST_TEST(has(ngrok_arguments({3, 10, 0}, target, "f", domain), "--domain=bots.example.com"));
    BOOST_TEST(has(ngrok_arguments({3, 2, 0}, target, "f", domain), "--hostname=bots.example.com"));
    BOOST_TEST(has(ngrok_arguments({2, 3, 40}, target, "f", domain), "-hostname=bots.example.com"));
    BOOST_TEST(has(ngrok_arguments({2, 3, 40}, target, "f", domain), "-log=stdout"));
}

BOOST_AUTO_TEST_CASE(what_can_be_no_authtoken_is_said_without_repeating_it)
{
    BOOST_TEST(wrong_with_authtoken("2abcDEF_123").empty());
    for (const auto* bad : {"", "two words", "line\n", "cr_2abc", "~/token"})
    {
        const auto words = wrong_with_authtoken(bad);
        BOOST_TEST(!words.empty(), bad);
        BOOST_TEST((std::string(bad).empty() || words.find(bad) == words.npos));
    }
}

BOOST_AUTO_TEST_CASE(versions_are_found_in_what_programs_print)
{
    BOOST_TEST(find_version("ngrok version 3.39.9").value().text() == "3.39.9");
    BOOST_TEST(find_version("cloudflared version 2026.2.1 (built 2026-02-03-0405 UTC)").value().text() ==
               "2026.2.1");
    BOOST_TEST(find_version("ngrok version 3.2").value().text() == "3.2.0");
    for (const auto* none : {"", "ngrok", "version 3", "3.", "99999999999.1", "x.y.z"})
        BOOST_TEST(!find_version(none).has_value(), none);
}

BOOST_AUTO_TEST_SUITE_END()
