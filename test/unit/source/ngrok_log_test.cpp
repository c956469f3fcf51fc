#include "postern/source/tunnel/ngrok_log.hpp"

#include "tunnel_words.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace postern;
using namespace postern::source;
using kind = tunnel_news::kind;

namespace {

constexpr auto token = "2abcDEFghiJKLmnoPQRstuVWXyz_0123456789abcdefghijk";

using log_reader = ngrok_log; // the suite below has the class's name

log_reader reader()
{
    redaction hide;
    hide.hide(secret(token));
    return log_reader("http://127.0.0.1:5000", std::move(hide));
}

tunnel_news read(std::string_view line) { return reader().read(line); }

constexpr std::string_view started =
    R"({"addr":"http://127.0.0.1:5000","lvl":"info","msg":"started tunnel","name":"command_line",)"
    R"("obj":"tunnels","t":"2026-02-03T04:05:06Z","url":"https://example-name.ngrok-free.dev"})";

} // namespace

BOOST_AUTO_TEST_SUITE(ngrok_log)

BOOST_AUTO_TEST_CASE(the_url_is_the_one_of_started_tunnel)
{
    const auto news = read(started);
    BOOST_TEST(news.what == kind::url);
    BOOST_TEST(news.url == "https://example-name.ngrok-free.dev");
}

BOOST_AUTO_TEST_CASE(the_url_is_found_in_logfmt_too)
{
    const auto news = read("t=2026-02-03T04:05:06+0000 lvl=info msg=\"started tunnel\" obj=tunnels "
                           "name=command_line addr=http://localhost:5000 url=https://abc.ngrok.io");
    BOOST_TEST(news.what == kind::url);
    BOOST_TEST(news.url == "https://abc.ngrok.io");
}

BOOST_AUTO_TEST_CASE(another_programs_tunnel_is_not_ours)
{
    BOOST_TEST(
        read(R"({"addr":"http://127.0.0.1:5001","msg":"started tunnel","url":"https://a.example"})").what ==
        kind::nothing);
}

BOOST_AUTO_TEST_CASE(of_two_schemes_the_wanted_one_counts)
{
    const auto plain = R"({"addr":"http://127.0.0.1:5000","msg":"started tunnel","url":"http://a.ngrok.io"})";
    BOOST_TEST(read(plain).url == "http://a.ngrok.io");
    const log_reader wants_http("http://127.0.0.1:5000", {}, "http");
    BOOST_TEST(wants_http.read(plain).url == "http://a.ngrok.io");
    BOOST_TEST(wants_http.read(started).what == kind::nothing);
    const log_reader wants_https("http://127.0.0.1:5000", {}, "https");
    BOOST_TEST(wants_https.read(plain).what == kind::nothing);
    BOOST_TEST(wants_https.read(started).what == kind::url);
}

BOOST_AUTO_TEST_CASE(a_url_elsewhere_is_never_taken)
{
    for (
        const auto* line : {
            R"({"lvl":"crit","msg":"command failed","err":"see https://dashboard.ngrok.com/x","url":"https://bad.example"})",
            R"({"lvl":"info","msg":"update available","url":"https://bad.example"})",
            "ERROR:  https://ngrok.com/docs/errors/err_ngrok_105",
            "https://bad.example",
        })
        BOOST_TEST(read(line).url.empty());
}

BOOST_AUTO_TEST_CASE(a_started_tunnel_without_a_proper_url_is_nothing)
{
    for (const auto* url : {"null", "17", "\"\"", "\"https://\"", "\"ftp://a.example\"",
                            "\"https://a.example/x\"", "\"javascript:alert(1)\"", "[\"https://a.example\"]"})
        BOOST_TEST(
            read(R"({"addr":"http://127.0.0.1:5000","msg":"started tunnel","url":)" + std::string(url) + "}")
                .what == kind::nothing);
}

BOOST_AUTO_TEST_CASE(both_ready_lines_of_all_versions_mean_connected)
{
    for (const auto* line : {
             R"({"lvl":"info","msg":"client session established","obj":"tunnels.session","t":"x"})",
             R"({"lvl":"info","msg":"tunnel session started","obj":"tunnels.session","t":"x"})",
             "t=2020-09-09T04:05:06+0000 lvl=info msg=\"client session established\" obj=csess id=abc",
             "t=2023-09-14T04:05:06+0000 lvl=info msg=\"client session established\" obj=tunnels.session "
             "obj=csess id=abc",
         })
        BOOST_TEST(read(line).what == kind::connected, line);
}

BOOST_AUTO_TEST_CASE(a_lost_session_is_lost_until_it_is_back)
{
    for (
        const auto* line : {
            R"({"err":"read EOF from remote peer","lvl":"eror","msg":"session closed, starting reconnect loop"})",
            R"({"clientid":"x","lvl":"eror","msg":"heartbeat timeout, terminating session"})",
            R"({"err":"dial tcp: lookup connect.ngrok-agent.com: i/o timeout","lvl":"eror","msg":"failed to reconnect session"})",
        })
        BOOST_TEST(read(line).what == kind::lost, line);
}

BOOST_AUTO_TEST_CASE(an_inspected_connection_is_explained)
{
    const auto news = read(
        R"({"err":"failed to dial ngrok server with address \"connect.ngrok-agent.com:443\": tls: failed to )"
        R"(verify certificate: x509: certificate signed by unknown authority","lvl":"eror",)"
        R"("msg":"failed to reconnect session"})");
    BOOST_TEST(news.what == kind::lost);
    BOOST_TEST(news.trouble.advice.find("*.ngrok-agent.com") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refused_login_carries_its_code_and_not_the_token)
{
    const auto news = read(
        R"({"err":"authentication failed: The authtoken you specified does not look like a proper ngrok )"
        R"(authtoken.\nYour authtoken: )" +
        std::string(token) +
        R"(\r\n\r\nERR_NGROK_105\r\n","lvl":"eror","msg":"failed to reconnect session"})");
    BOOST_TEST(news.what == kind::refused);
    BOOST_TEST(news.trouble.code == "ERR_NGROK_105");
    BOOST_TEST(news.trouble.kind == trouble_kind::person);
    BOOST_TEST(describe(news.trouble).find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_lines_of_a_fatal_end_are_causes)
{
    for (
        const auto* line : {
            R"({"err":"failed to start tunnel: x.\r\n\r\nERR_NGROK_334\r\n","lvl":"eror","msg":"session closing"})",
            R"({"err":"failed to start tunnel: x.\r\n\r\nERR_NGROK_334\r\n","lvl":"eror","msg":"terminating with error"})",
            R"({"err":"failed to start tunnel: x.\r\n\r\nERR_NGROK_334\r\n","lvl":"crit","msg":"command failed"})",
            "t=2026-09-10T01:02:03+0000 lvl=info msg=\"ERROR terminating with error obj=app err=\\\"failed "
            "to "
            "start tunnel: x\\n\\nERR_NGROK_334\\n\\\"\"",
            "ERROR:  ERR_NGROK_334",
        })
    {
        const auto news = read(line);
        BOOST_TEST(news.what == kind::cause, line);
        BOOST_TEST(news.trouble.code == "ERR_NGROK_334");
        BOOST_TEST(news.trouble.kind == trouble_kind::lingering);
    }
}

BOOST_AUTO_TEST_CASE(the_causes_with_a_code_weigh_more_than_those_without)
{
    const auto coded = read("ERROR:  ERR_NGROK_105");
    const auto bare = read(R"({"err":"something","lvl":"crit","msg":"command failed"})");
    const auto asked = read(R"({"lvl":"info","msg":"received stop request","obj":"app","stopReq":{}})");
    BOOST_TEST(coded.weight > bare.weight);
    BOOST_TEST(bare.weight > asked.weight);
}

BOOST_AUTO_TEST_CASE(a_wrong_flag_or_configuration_is_a_cause_of_unknown_kind)
{
    const auto news = read("ERROR:  unknown flag: --url");
    BOOST_TEST(news.what == kind::cause);
    BOOST_TEST(news.trouble.kind == trouble_kind::unknown);
    BOOST_TEST(news.trouble.words == "unknown flag: --url");
    BOOST_TEST(read("ERROR:").what == kind::nothing);
}

BOOST_AUTO_TEST_CASE(a_port_that_was_taken_in_the_last_moment_passes)
{
    const auto news = read(
        R"({"err":"listen tcp 127.0.0.1:40123: bind: address already in use","lvl":"crit","msg":"command failed"})");
    BOOST_TEST(news.what == kind::cause);
    BOOST_TEST(news.trouble.kind == trouble_kind::passing);
}

BOOST_AUTO_TEST_CASE(a_crash_of_the_agent_is_a_cause)
{
    BOOST_TEST(read("panic: runtime error: invalid memory address").what == kind::cause);
    BOOST_TEST(read("goroutine 1 [running]:").what == kind::nothing);
}

BOOST_AUTO_TEST_CASE(noise_is_noise)
{
    for (
        const auto* line : {
            R"({"err":"\u003cnil\u003e","lvl":"info","msg":"open config file","path":"/run/x.yml"})",
            R"({"enabled":false,"lvl":"info","msg":"FIPS 140 mode","t":"x"})",
            R"({"addr":"127.0.0.1:4040","allow_hosts":[],"lvl":"info","msg":"starting web service","obj":"web"})",
            R"({"err":"reconnecting session closed","lvl":"info","msg":"accept failed","obj":"tunnels.session"})",
            R"({"err":"exec: \"ioreg\": executable file not found","lvl":"eror","msg":"unable to check host info"})",
            R"({"err":"\u003cnil\u003e","lvl":"info","msg":"session closing","obj":"tunnels.session"})",
            "INFO[06-07|11:05:40] no configuration paths supplied ",
            "",
            "{",
            "}",
            "null",
            "[]",
            "{}",
            R"({"msg":null})",
            R"({"msg":["started tunnel"]})",
        })
        BOOST_TEST(read(line).what == kind::nothing, line);
}

BOOST_AUTO_TEST_CASE(what_comes_with_every_request_is_not_even_kept)
{
    for (
        const auto* line : {
            R"({"id":"0123","l":"127.0.0.1:5000","lvl":"info","msg":"join connections","obj":"join","r":"203.0.113.9:4"})",
            R"({"id":"1","lvl":"info","msg":"start","pg":"/api/tunnels","t":"x"})",
            "t=2020-09-09T01:02:03+0000 lvl=info msg=end pg=/api/tunnels id=1 status=200 "
            "dur=278.199\xc2\xb5s",
        })
        BOOST_TEST(read(line).what == kind::chatter, line);
}

BOOST_AUTO_TEST_CASE(what_a_person_may_want_to_know_is_a_notice)
{
    BOOST_TEST(read(R"({"lvl":"info","msg":"update available","obj":"updater"})").what == kind::notice);
    const auto usage = read("t=2026-01-25T01:02:03+0000 lvl=info msg=\"command usage\" msg=\"Flag --region "
                            "has been deprecated\"");
    BOOST_TEST(usage.what == kind::notice);
    BOOST_TEST(usage.text.find("--region") != std::string::npos);
    BOOST_TEST(
        read(R"({"err":"dial tcp","lvl":"warn","msg":"failed to open private leg","privaddr":"x"})").what ==
        kind::notice);
}

BOOST_AUTO_TEST_CASE(logfmt_is_read_with_quotes_escapes_and_double_keys)
{
    const auto r = read_ngrok_record(R"(t=x lvl=eror msg="a \"b\"" msg=c flag err="one\ntwo" url=u addr=)");
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->msg == "a \"b\": c");
    BOOST_TEST(r->level == "eror");
    BOOST_TEST(r->err == "one\ntwo");
    BOOST_TEST(r->url == "u");
    BOOST_TEST(r->addr.empty());
}

BOOST_AUTO_TEST_CASE(upstreams_are_compared_in_all_their_forms)
{
    for (const auto* form :
         {"http://127.0.0.1:5000", "127.0.0.1:5000", "localhost:5000", "http://localhost:5000/"})
        BOOST_TEST(same_upstream(form, "http://127.0.0.1:5000"), form);
    for (const auto* form : {"http://127.0.0.1:50001", "https://127.0.0.1:5000", "", "http://10.0.0.1:5000"})
        BOOST_TEST(!same_upstream(form, "http://127.0.0.1:5000"), form);
}

BOOST_AUTO_TEST_CASE(no_bytes_upset_the_reader)
{
    std::minstd_rand random(4711);
    const auto log = reader();
    const std::vector<std::string> seeds{
        std::string(started), "t=x lvl=info msg=\"started tunnel\" url=https://a.example addr=\"",
        "ERROR:  Your authtoken: x", R"({"err":"ERR_NGROK_","msg":"command failed"})"};
    for (int round = 0; round < 20'000; ++round)
    {
        auto line = seeds[random() % seeds.size()];
        for (auto edits = random() % 6; edits > 0 && !line.empty(); --edits)
            switch (random() % 3)
            {
            case 0: line[random() % line.size()] = static_cast<char>(random()); break;
            case 1: line.resize(random() % (line.size() + 1)); break;
            case 2: line.insert(random() % line.size(), 1, "\"\\=: \0{"[random() % 7]); break;
            }
        const auto news = log.read(line);
        BOOST_REQUIRE(news.what != kind::url || news.url.starts_with("http"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
