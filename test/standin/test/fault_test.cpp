#include "standin/test/behind.hpp"
#include "standin/test/running.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

namespace {

using namespace postern;
using namespace postern::test;
using namespace std::string_literals;

running::options with_faults(const std::string& faults)
{
    running::options o;
    o.environment["FAKE_NGROK_FAULTS"] = faults;
    o.environment["FAKE_NGROK_SCALE"] = "0.02";
    return o;
}

std::string listed_url(running& r)
{
    const auto answer = call("GET", r.api_url("/api/tunnels"));
    const auto list = body_of(answer).at("tunnels").as_array();
    return list.empty() ? "" : std::string(list.at(0).at("public_url").as_string());
}

std::size_t count(const std::string& text, const std::string& words)
{
    std::size_t n = 0;
    for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1))
        ++n;
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(it_exits_before_any_output)
{
    running r(with_faults("exit?code=3"));
    BOOST_TEST(r.process().exit_code().value_or(-1) == 3);
    BOOST_TEST(!r.process().out_line("t").has_value());
}

BOOST_AUTO_TEST_CASE(it_exits_behind_a_stage_and_a_time)
{
    running r(with_faults("exit@web+50?code=4;hang@web"));
    r.line("starting web service");
    BOOST_TEST(r.process().exit_code().value_or(-1) == 4);
    BOOST_TEST(r.process().out().find("started tunnel") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_hangs_where_it_is_told_to_and_still_hears_a_stop)
{
    for (const auto& [faults, last] : {std::pair{"hang@config", "open config file"},
                                       {"hang@web", "starting web service"},
                                       {"hang@session", "tunnel session started"}})
    {
        running r(with_faults(faults));
        r.line(last);
        BOOST_TEST(r.process().stop().value_or(-1) == 0);
        BOOST_TEST(r.process().out().find("started tunnel") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_lost_session_comes_back_without_a_new_tunnel)
{
    running r(with_faults(""));
    r.online();
    const auto before = listed_url(r);
    r.strike("lose?err=heartbeat&heartbeat=1");
    r.line("heartbeat timeout, terminating session");
    r.line("session closed, starting reconnect loop");
    r.line("failed to reconnect session");
    BOOST_TEST(call("GET", r.public_url("/"), {{"Host", before.substr(8)}}).status == 404U);
    BOOST_TEST(body_of(call("GET", r.api_url("/api/status"))).at("status") != "online");
    r.strike("restore");
    r.line("client session established");
    BOOST_TEST(listed_url(r) == before);
    r.process().stop();
    BOOST_TEST(count(r.process().out(), "\"started tunnel\"") == 1U);
}

BOOST_AUTO_TEST_CASE(a_session_is_lost_for_a_time)
{
    running r(with_faults("lose@20?for=100&url=https://other.ngrok-free.test"));
    r.line("session closed");
    r.line("client session established");
    BOOST_TEST(listed_url(r) == "https://other.ngrok-free.test");
}

BOOST_AUTO_TEST_CASE(a_session_that_is_refused_stays_refused)
{
    running r(with_faults("lose?code=334"));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(r.line("failed to reconnect session").find("ERR_NGROK_334") != std::string::npos);
    BOOST_TEST(!r.process().exit_code(std::chrono::seconds(0)).has_value());
}

BOOST_AUTO_TEST_CASE(the_service_can_be_out_of_reach)
{
    running r(with_faults("unreachable?err=x509"));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(
            r.line("failed to reconnect session").find("x509: certificate signed by unknown authority") !=
            std::string::npos);
    r.strike("restore");
    r.online();
}

BOOST_AUTO_TEST_CASE(a_url_changes_in_the_api_alone)
{
    running r;
    r.online();
    r.strike("url?to=https://new.ngrok-free.test");
    BOOST_TEST(listed_url(r) == "https://new.ngrok-free.test");
    BOOST_TEST(text_or(r.state(), "url") == "https://new.ngrok-free.test");
}

BOOST_AUTO_TEST_CASE(an_endpoint_is_stopped_remotely)
{
    running r;
    r.online();
    r.strike("remove");
    BOOST_TEST(listed_url(r) == "");
    BOOST_TEST(body_of(call("GET", r.api_url("/api/status"))).at("status") == "online");
}

BOOST_AUTO_TEST_CASE(random_urls_differ_from_start_to_start)
{
    running::options o;
    o.environment["FAKE_NGROK_URL"] = "random";
    running first(o), second(o);
    first.online();
    second.online();
    BOOST_TEST(listed_url(first) != listed_url(second));
}

BOOST_AUTO_TEST_CASE(the_api_falls_silent_and_goes_away)
{
    running r;
    r.online();
    const auto url = r.api_url("/api/tunnels");
    r.strike("api?mode=silent");
    BOOST_TEST(call("GET", url, {}, {}, std::chrono::milliseconds(200)).status == 0U);
    r.strike("api?mode=closed");
    while (call("GET", url, {}, {}, std::chrono::milliseconds(200)).body.find("refused") == std::string::npos)
        ; // the last silent connection is on its way out
    r.strike("api?mode=open");
    BOOST_TEST(call("GET", url).status == 200U);
    BOOST_TEST(r.process().stop().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(other_peoples_tunnels_show_up)
{
    running r(with_faults("foreign;second"));
    r.online();
    const auto list = body_of(call("GET", r.api_url("/api/tunnels"))).at("tunnels").as_array();
    BOOST_TEST_REQUIRE(list.size() == 2U);
    BOOST_TEST(list[0].at("name") == "another");
    BOOST_TEST(list[1].at("config").at("addr") == "http://localhost:8080");
}

BOOST_AUTO_TEST_CASE(a_wrong_address_is_printed_first)
{
    running r(with_faults("wrong-address"));
    BOOST_TEST(r.line("starting web service").find("127.0.0.1:1\"") != std::string::npos);
    BOOST_TEST(r.line("starting web service").find(text_or(r.state(), "api")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_panic_is_exit_2_and_an_abort_is_a_signal)
{
    running panics(with_faults("panic"));
    BOOST_TEST(panics.process().exit_code().value_or(-1) == 2);
    BOOST_TEST(panics.process().log_line("goroutine 1 [running]:").has_value());
    running aborts(with_faults("abort"));
    BOOST_TEST(aborts.process().exit_code().value_or(-1) == 128 + SIGABRT);
}

BOOST_AUTO_TEST_CASE(a_stop_from_the_dashboard_is_exit_0)
{
    running r;
    r.online();
    r.strike("stop");
    BOOST_TEST(r.process().exit_code(std::chrono::seconds(5)).value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(an_orphan_keeps_the_outputs_open)
{
    running r(with_faults("orphan?for=1500&code=9"));
    r.online();
    const auto started = std::chrono::steady_clock::now();
    BOOST_TEST(r.process().exit_code().value_or(-1) == 9);
    BOOST_TEST(
        !r.process().out_line("nothing comes any more").has_value()); // returns at the end of the output
    BOOST_TEST((std::chrono::steady_clock::now() - started >= std::chrono::milliseconds(1000)));
}

BOOST_AUTO_TEST_CASE(it_floods)
{
    running r(with_faults("flood?mb=3;print@500?text=%0Aover%0A"));
    r.online();
    r.line("over");
    BOOST_TEST(r.process().out().size() > 3U << 20);
}

BOOST_AUTO_TEST_CASE(it_prints_what_is_no_record)
{
    running r(with_faults("noise?kind=longline&size=200000;noise?kind=nul;noise?kind=utf8;noise?kind=stderr;"
                          "noise?kind=unfinished;print?text=%0Aover%0A"));
    r.online();
    r.line("over");
    const auto output = r.process().out();
    BOOST_TEST(output.find(std::string(200000, 'x') + "\n") != output.npos);
    BOOST_TEST(output.find("a \0 in"s) != output.npos);
    BOOST_TEST(output.find("\xff\xfe") != output.npos);
    BOOST_TEST(output.find("started tun\nover") != output.npos);
    BOOST_TEST(r.process().log_line("something on standard error").has_value());
}

BOOST_AUTO_TEST_CASE(records_take_odd_shapes)
{
    auto o = with_faults("");
    o.flags = {"--log=stdout"};
    o.environment["FAKE_NGROK_RECORDS"] = "flat,duplicate,crlf,split,docs";
    o.environment["NGROK_AUTHTOKEN"] = "bad";
    running refused(o);
    BOOST_TEST(refused.line("terminating with error")
                   .find("lvl=info msg=\"ERROR \\\"terminating with error\\\" obj=app") != std::string::npos);
    BOOST_TEST(refused.process().out().find("\r\n") != std::string::npos);
    o.environment["NGROK_AUTHTOKEN"] = "good";
    running good(o);
    BOOST_TEST(good.line("client session established").find("obj=app obj=tunnels.session") !=
               std::string::npos);
    good.online();
}

BOOST_AUTO_TEST_CASE(a_fault_that_is_unknown_is_refused)
{
    running r;
    r.online();
    BOOST_TEST(call("POST", r.public_url("/_fake/explode")).status == 404U);
    const auto index = call("GET", r.public_url("/_fake/"));
    BOOST_TEST(body_of(index).at("faults").as_array().size() > 20U);
}

BOOST_AUTO_TEST_SUITE_END()
