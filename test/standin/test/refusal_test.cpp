#include "standin/test/running.hpp"

#include "postern/base/deadline.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

namespace {

using namespace postern;
using namespace postern::test;

running::options with_token(const std::string& token)
{
    running::options o;
    o.environment["NGROK_AUTHTOKEN"] = token;
    return o;
}

// Exit 1, and the code where supervisors look for it: in the records and in the ERROR: block.
void check_refused(running& r, int code)
{
    BOOST_TEST(r.process().exit_code(std::chrono::seconds(10)).value_or(-1) == 1);
    const auto name = "ERR_NGROK_" + std::to_string(code);
    BOOST_TEST(r.line("command failed").find(name + "\\r\\n") != std::string::npos);
    BOOST_TEST(r.process().log_line("ERROR:  " + name).has_value());
    BOOST_TEST(r.process()
                   .log_line("ERROR:  https://ngrok.com/docs/errors/err_ngrok_" + std::to_string(code))
                   .has_value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusal)

BOOST_AUTO_TEST_CASE(tokens_that_are_no_good_are_refused)
{
    for (const auto& [token, code] :
         {std::pair{"bad-token", 105}, {"cr_credential", 105}, {"revoked-token", 107}, {"", 4018}})
    {
        running r(with_token(token));
        r.line("failed to reconnect session");
        check_refused(r, code);
    }
}

BOOST_AUTO_TEST_CASE(a_flag_beats_the_variable_and_the_variable_beats_the_file)
{
    auto o = with_token("good");
    o.configuration += "  authtoken: revoked\n";
    running by_variable(o);
    by_variable.online();

    o.flags.push_back("--authtoken=bad");
    running by_flag(o);
    check_refused(by_flag, 105);

    o.environment["NGROK_AUTHTOKEN"] = "";
    o.flags.pop_back();
    running by_file(o);
    check_refused(by_file, 107);
}

BOOST_AUTO_TEST_CASE(a_proxy_is_refused_on_the_free_plan)
{
    running::options o;
    o.environment["http_proxy"] = "http://127.0.0.1:1";
    running refused(o);
    check_refused(refused, 9009);

    o.environment["FAKE_NGROK_FREE"] = "0";
    running paid(o);
    paid.online();
}

BOOST_AUTO_TEST_CASE(any_code_can_be_asked_for)
{
    for (const int code : {105, 107, 108, 120, 121, 123, 324, 334, 4018, 8014, 9009, 9040, 15002, 802})
    {
        running::options o;
        o.environment["FAKE_NGROK_FAULTS"] = "fatal?code=" + std::to_string(code);
        running r(o);
        check_refused(r, code);
    }
}

BOOST_AUTO_TEST_CASE(agent_2_3_fails_in_its_short_form)
{
    auto o = with_token("bad");
    o.environment["FAKE_NGROK_VERSION"] = "2.3.40";
    o.configuration = "web_addr: 127.0.0.1:0\n";
    running r(o);
    BOOST_TEST(r.process().exit_code().value_or(-1) == 1);
    r.line("failed to auth");
    BOOST_TEST(r.line("command failed").find("Tunnel session failed: ") != std::string::npos);
    BOOST_TEST(r.process().log().find("ERROR:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_url_of_another_agent_is_taken_until_the_service_forgets_it)
{
    const scratch files;
    running::options o;
    o.environment["FAKE_NGROK_REGISTRY"] = files.path("registry");
    o.environment["FAKE_NGROK_LINGER"] = "1500";
    running first(o);
    first.online();
    running second(o);
    check_refused(second, 334);

    first.process().signal(SIGKILL);
    first.process().exit_code();
    running too_early(o);
    check_refused(too_early, 334);

    // Until the service has noticed: retrying is what is asked of a supervisor.
    for (const auto limit = deadline::after(std::chrono::seconds(10));;)
    {
        BOOST_TEST_REQUIRE(!limit.passed());
        running again(o);
        if (again.process().out_line("started tunnel"))
        {
            BOOST_TEST(again.process().stop().value_or(-1) == 0);
            break;
        }
    }
    running after_a_goodbye(o); // nothing lingers of one that left in peace
    after_a_goodbye.online();
}

BOOST_AUTO_TEST_CASE(an_account_has_so_many_agents)
{
    const scratch files;
    running::options o;
    o.environment["FAKE_NGROK_REGISTRY"] = files.path("registry");
    o.environment["FAKE_NGROK_AGENTS"] = "1";
    running first(o);
    first.online();
    running second(o);
    check_refused(second, 108);
}

BOOST_AUTO_TEST_SUITE_END()
