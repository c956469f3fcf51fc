#include "integration/cloud.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace postern;
using namespace postern::test;

namespace {

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

} // namespace

// What ends the process and what does not, in every mode.
BOOST_AUTO_TEST_SUITE(endings)

BOOST_AUTO_TEST_CASE(a_wrong_token_ends_the_server_with_its_own_code)
{
    cloud webex;
    server gateway(webex, mode_under_test(), {}, {{"WEBEX_ACCESS_TOKEN", "wrong_PF84_token"}});
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
    server gateway(webex, mode_under_test());
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
    server gateway(webex, mode_under_test());
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
            server gateway(webex, mode_under_test());
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

BOOST_AUTO_TEST_CASE(a_second_signal_ends_it_at_once)
{
    cloud webex;
    server gateway(webex, mode_under_test());
    gateway.ready();
    for (const auto* path : {"/v1/webhooks", "/wdm/"}) // stopping has to wait for this
        webex.fault({{"path", path}, {"delayMs", 8000}});
    gateway.process->signal(SIGTERM);
    BOOST_TEST(gateway.process->log_line("stopping").has_value());
    gateway.process->signal(SIGTERM); // in the same moment: counts as one
    BOOST_TEST(!gateway.process->exit_code(std::chrono::seconds(1)).has_value());
    gateway.process->signal(SIGTERM);
    BOOST_TEST(gateway.process->exit_code(std::chrono::seconds(3)).value_or(-1) == 5);
    webex.heal();
}

BOOST_AUTO_TEST_SUITE_END()
