#include "standin/test/running.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

namespace {

using namespace postern;
using namespace postern::test;

constexpr auto version_2 = "version: \"2\"\nweb_addr: 127.0.0.1:0\n";
constexpr auto version_1 = "web_addr: 127.0.0.1:0\nno_such_key: 1\n";

running::options of_version(const std::string& version, const std::string& configuration)
{
    running::options o;
    o.environment["FAKE_NGROK_VERSION"] = version;
    o.configuration = configuration;
    return o;
}

// Stopped, and everything it printed.
std::string whole_output(running& r)
{
    BOOST_TEST(r.process().stop().value_or(-1) == 0);
    return r.process().out();
}

void check_order(const std::string& output, const std::vector<std::string>& messages)
{
    std::size_t at = 0;
    for (const auto& message : messages)
    {
        const auto found = output.find(message, at);
        BOOST_TEST_REQUIRE(found != output.npos, "\"" << message << "\" is not where it belongs in\n"
                                                      << output);
        at = found + message.size();
    }
}

int exit_of(std::vector<std::string> arguments, child::environment environment, std::string& log,
            std::string* out = nullptr)
{
    environment.emplace("FAKE_NGROK_MAX_LIFE", "60");
    child c(STANDIN_NGROK, std::move(arguments), std::move(environment));
    const int code = c.exit_code(std::chrono::seconds(10)).value_or(-1);
    c.log_line("no line has these words"); // waits for the end of the output
    log = c.log();
    if (out != nullptr)
    {
        c.out_line("no line has these words");
        *out = c.out();
    }
    return code;
}

} // namespace

BOOST_AUTO_TEST_SUITE(start)

BOOST_AUTO_TEST_CASE(a_current_agent_prints_the_lines_of_a_current_start)
{
    running r;
    r.online();
    check_order(whole_output(r), {"\"open config file\"", "\"FIPS 140 mode\"", "\"starting web service\"",
                                  "\"client session established\"", "\"tunnel session started\"",
                                  "\"started tunnel\"", "\"received stop request\"", "\"session closing\""});
}

BOOST_AUTO_TEST_CASE(agents_up_to_3_2_start_the_session_before_they_establish_it)
{
    for (const auto& [version, configuration] :
         {std::pair{"3.2.x", version_2}, std::pair{"2.3.40", version_1}})
    {
        running r(of_version(version, configuration));
        r.online();
        const auto output = whole_output(r);
        check_order(output, {"\"starting web service\"", "\"tunnel session started\"",
                             "\"client session established\"", "\"started tunnel\""});
        BOOST_TEST(output.find("FIPS") == output.npos);
    }
}

BOOST_AUTO_TEST_CASE(agent_2_3_opens_an_http_and_an_https_tunnel)
{
    running r(of_version("2.3.40", version_1));
    BOOST_TEST(r.line("started tunnel").find("\"url\":\"http://") != std::string::npos);
    BOOST_TEST(r.line("started tunnel").find("\"url\":\"https://") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(agents_from_3_3_to_3_29_name_the_object_twice)
{
    auto o = of_version("3.10.0", version_2);
    o.flags = {"--log=stdout"};
    running r(o);
    BOOST_TEST(r.line("client session established").find("obj=tunnels.session obj=csess id=") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_records_have_sorted_keys_and_escaped_angle_brackets)
{
    running r;
    const auto line = r.line("open config file");
    BOOST_TEST(
        line.starts_with(R"({"err":"\u003cnil\u003e","lvl":"info","msg":"open config file","path":")"));
    BOOST_TEST(line.find(R"(","t":"2)") != line.npos);
    const auto started = r.line("started tunnel");
    BOOST_TEST(started.find(R"("addr":"http://127.0.0.1:9")") != started.npos);
    BOOST_TEST(started.find(R"("url":"https://humble-heron-standin.ngrok-free.test")") != started.npos);
}

BOOST_AUTO_TEST_CASE(without_flags_a_pipe_gets_logfmt)
{
    running::options o;
    o.flags = {};
    running r(o);
    const auto line = r.line("started tunnel");
    BOOST_TEST(line.starts_with("t=2"));
    BOOST_TEST(line.find(" lvl=info msg=\"started tunnel\" obj=tunnels name=command_line addr=") !=
               line.npos);
}

BOOST_AUTO_TEST_CASE(a_log_that_is_off_prints_nothing)
{
    running::options o;
    o.flags = {"--log=false"};
    running r(o);
    r.state();
    BOOST_TEST(whole_output(r) == "");
}

BOOST_AUTO_TEST_CASE(a_log_can_be_a_file)
{
    const scratch files;
    running::options o;
    o.flags = {"--log", files.path("log"), "--log-level=warn"};
    o.environment["NGROK_AUTHTOKEN"] = "bad";
    running r(o);
    BOOST_TEST(r.process().exit_code().value_or(-1) == 1);
    const auto log = read_file(files.path("log"));
    BOOST_TEST(log.find("lvl=crit msg=\"command failed\"") != log.npos);
    BOOST_TEST(log.find("lvl=info") == log.npos);
}

BOOST_AUTO_TEST_CASE(the_version_is_told)
{
    std::string log, out;
    BOOST_TEST(exit_of({"version"}, {}, log, &out) == 0);
    BOOST_TEST(out == "ngrok version 3.39.9\n");
    BOOST_TEST(exit_of({"--version"}, {{"FAKE_NGROK_VERSION", "2.3.x"}}, log, &out) == 0);
    BOOST_TEST(out == "ngrok version 2.3.0\n");
}

BOOST_AUTO_TEST_CASE(what_it_does_not_know_it_refuses)
{
    std::string log;
    BOOST_TEST(exit_of({"htp", "80"}, {}, log) == 1);
    BOOST_TEST(log.starts_with("ERROR:  unknown command \"htp\" for \"ngrok\""));
    BOOST_TEST(exit_of({"http", "80", "--web-addr=127.0.0.1:1"}, {}, log) == 1);
    BOOST_TEST(log.starts_with("ERROR:  unknown flag: --web-addr"));
    BOOST_TEST(exit_of({"http", "80", "-log=stdout"}, {}, log) == 1);
    BOOST_TEST(log.starts_with("ERROR:  unknown shorthand flag: 'l' in -log=stdout"));
}

BOOST_AUTO_TEST_CASE(agent_2_3_takes_flags_with_one_dash)
{
    auto o = of_version("2.3.40", version_1);
    o.flags = {"-log=stdout", "-log-format=json", "-bind-tls=true"};
    running r(o);
    BOOST_TEST(r.line("started tunnel").find("\"url\":\"https://") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_deprecated_flag_is_noted_once)
{
    running::options o;
    o.flags = {"--log=stdout", "--domain", "mine.example.test"};
    running r(o);
    BOOST_TEST(r.line("command usage").find("msg=\"Flag --domain has been deprecated\"") !=
               std::string::npos);
    BOOST_TEST(r.line("started tunnel").find("url=https://mine.example.test") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_configuration_is_checked)
{
    const scratch files;
    std::string log, out;
    const auto good = files.write("good.yml", "version: 3\nagent:\n  web_addr: 127.0.0.1:0\n");
    BOOST_TEST(exit_of({"config", "check", "--config", good}, {}, log, &out) == 0);
    BOOST_TEST(out.find(good) != out.npos);

    const auto unknown = files.write("unknown.yml", "version: 3\nagent:\n  root_cas: host\n");
    BOOST_TEST(exit_of({"--config", unknown, "config", "check"}, {}, log) == 1);
    BOOST_TEST(log.find("ERROR:    line 3: field root_cas not found in type config.Agent") != log.npos);

    const auto old = files.write("old.yml", "web_addr: 127.0.0.1:0\n");
    BOOST_TEST(exit_of({"http", "80", "--config=" + old}, {}, log) == 1);
    BOOST_TEST(log.find("`version` property is required") != log.npos);

    const auto broken = files.write("broken.yml", "version: 3\nagent: [\n");
    BOOST_TEST(exit_of({"http", "80", "--config=" + good + "," + broken}, {}, log) == 1);
    BOOST_TEST(log.find("ERROR:  Error reading configuration file '" + broken + "'") != log.npos);
}

BOOST_AUTO_TEST_CASE(tunnels_can_be_named_in_the_configuration)
{
    running::options o;
    o.configuration +=
        "endpoints:\n  - name: a\n    url: https://a.example.test\n    upstream:\n      url: 5001\n"
        "  - name: b\n    url: https://b.example.test\n    upstream:\n      url: 5002\n";
    o.command = {"start", "b"};
    running r(o);
    const auto line = r.line("started tunnel");
    BOOST_TEST(line.find("\"name\":\"b\"") != line.npos);
    BOOST_TEST(line.find("\"addr\":\"http://localhost:5002\"") != line.npos);
}

BOOST_AUTO_TEST_CASE(a_busy_address_of_the_api_is_fatal_when_it_was_asked_for)
{
    net::io_context io;
    const net::ip::tcp::acceptor busy(io, {net::ip::make_address("127.0.0.1"), 0});
    const auto address = "127.0.0.1:" + std::to_string(busy.local_endpoint().port());
    running::options o;
    o.configuration = "version: 3\nagent:\n  web_addr: " + address + "\n";
    running r(o);
    BOOST_TEST(r.process().exit_code().value_or(-1) == 1);
    const auto words = "listen tcp " + address + ": bind: address already in use";
    BOOST_TEST(r.line("command failed").find(words) != std::string::npos);
    BOOST_TEST(r.process().log_line(words).has_value());
}

BOOST_AUTO_TEST_CASE(a_busy_default_address_leads_to_the_next)
{
    net::io_context io;
    const net::ip::tcp::acceptor busy(io, {net::ip::make_address("127.0.0.1"), 0});
    running::options o;
    o.configuration = "version: 3\n";
    o.environment["FAKE_NGROK_WEB_PORT"] = std::to_string(std::min<int>(busy.local_endpoint().port(), 65525));
    running r(o);
    r.line("can't bind default web address, trying alternatives");
    const auto line = r.line("starting web service");
    BOOST_TEST(line.find("\"addr\":\"" + text_or(r.state(), "api") + '"') != line.npos);
}

BOOST_AUTO_TEST_CASE(sigint_and_sigterm_end_it_with_0)
{
    for (const int number : {SIGINT, SIGTERM})
    {
        running r;
        r.online();
        r.process().signal(number);
        r.line("received stop request");
        BOOST_TEST(r.line("session closing").find("\"err\":\"\\u003cnil\\u003e\"") != std::string::npos);
        BOOST_TEST(r.process().exit_code(std::chrono::seconds(2)).value_or(-1) == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_stop_in_the_middle_of_a_start_is_heard)
{
    running::options o;
    o.environment["FAKE_NGROK_FAULTS"] = "unreachable@web";
    running r(o);
    r.line("failed to reconnect session");
    BOOST_TEST(r.process().stop().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(the_exit_code_and_the_wish_to_stop_are_selectable)
{
    running::options o;
    o.environment["FAKE_NGROK_EXIT_CODE"] = "7";
    running with_code(o);
    with_code.online();
    BOOST_TEST(with_code.process().stop().value_or(-1) == 7);

    o.environment["FAKE_NGROK_STOP"] = "ignore";
    running deaf(o);
    deaf.online();
    deaf.process().signal(SIGTERM);
    BOOST_TEST(!deaf.process().exit_code(std::chrono::seconds(1)).has_value());
    deaf.process().signal(SIGKILL);
    BOOST_TEST(deaf.process().exit_code().value_or(-1) == 137);
}

BOOST_AUTO_TEST_CASE(the_end_of_its_input_ends_it_when_asked_for)
{
    running::options o;
    o.environment["FAKE_NGROK_STDIN"] = "exit"; // and its input is /dev/null
    running r(o);
    BOOST_TEST(r.process().exit_code(std::chrono::seconds(10)).value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(it_does_not_outlive_its_time)
{
    running::options o;
    o.environment["FAKE_NGROK_MAX_LIFE"] = "1";
    o.environment["FAKE_NGROK_FAULTS"] = "freeze@web";
    running r(o);
    BOOST_TEST(r.process().exit_code(std::chrono::seconds(10)).value_or(-1) == 128 + SIGALRM);
}

BOOST_AUTO_TEST_CASE(a_variable_that_means_nothing_is_refused)
{
    std::string log;
    BOOST_TEST(exit_of({"version"}, {{"FAKE_NGROK_VERSOIN", "3.2"}}, log) == 64);
    BOOST_TEST(exit_of({"version"}, {{"FAKE_NGROK_FAULTS", "explode"}}, log) == 64);
    BOOST_TEST(log.find("explode") != log.npos);
    BOOST_TEST(exit_of({"version"}, {{"FAKE_NGROK_FAULTS", "exit@noon"}}, log) == 64);
}

BOOST_AUTO_TEST_SUITE_END()
