#include "proxy_scene.hpp"

using namespace postern;
using namespace postern::test;
using namespace postern::transport;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(proxy_refusal)

BOOST_AUTO_TEST_CASE(every_refusal_of_a_proxy_is_told_in_one_line)
{
    struct row
    {
        const char* what;
        scripted_proxy::script script;
        errc code;
        std::vector<std::string> says;
        const char* user = "";
        unsigned status = 0;
    };
    const std::string basic = "Proxy-Authenticate: Basic realm=\"corp\"\r\n";
    const std::string windows = "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n";
    const auto with = [](std::string status, const std::string& headers = "") {
        return answering("HTTP/1.1 " + std::move(status) + "\r\n" + headers + "\r\n<html>no</html>");
    };
    const row rows[] = {
        {"no password",
         with("407 Proxy Authentication Required", basic),
         errc::cannot_connect,
         {"wants a user name and password", "HTTPS_PROXY", "http://user:password@host:port"},
         "",
         407},
        {"wrong password",
         with("407 Proxy Authentication Required", basic),
         errc::cannot_connect,
         {"refused the user name or password", "check them in HTTPS_PROXY"},
         "me:hunter2@",
         407},
        {"wrong password, as tinyproxy puts it",
         with("401 Unauthorized", "WWW-Authenticate: Basic realm=\"Tinyproxy\"\r\n"),
         errc::cannot_connect,
         {"refused the user name or password"},
         "me:hunter2@",
         407},
        {"no scheme named",
         with("407 Who?"),
         errc::cannot_connect,
         {"refused the user name or password"},
         "me:hunter2@",
         407},
        {"NTLM only",
         with("407 Proxy Authentication Required", windows),
         errc::cannot_connect,
         {"wants sign-in by Negotiate, NTLM", "only Basic"},
         "me:hunter2@",
         407},
        {"NTLM or Basic",
         with("407 Proxy Authentication Required", windows + basic),
         errc::cannot_connect,
         {"wants a user name and password"},
         "",
         407},
        {"forbidden", with("403 Filtered by \x1b[31mpolicy"), errc::bad_response, {"it is not HTTP"}},
        {"forbidden, in plain words",
         with("403 Filtered"),
         errc::cannot_connect,
         {"does not allow connections to cloud.invalid:", "(403)", "they say \"Filtered\"", "443 only"}},
        {"bad gateway",
         with("502 Bad Gateway"),
         errc::cannot_connect,
         {"could not connect to cloud.invalid:", "(502)"}},
        {"unavailable",
         with("503 Service Unavailable"),
         errc::cannot_connect,
         {"could not connect to cloud.invalid:", "(503)"}},
        {"tinyproxy's own",
         with("500 Unable to connect"),
         errc::cannot_connect,
         {"could not connect to", "(500)", "Unable to connect"}},
        {"a web server",
         with("405 Method Not Allowed"),
         errc::cannot_connect,
         {"does not know CONNECT (405)", "HTTPS_PROXY"}},
        {"a portal",
         with("302 Found", "Location: http://portal/\r\n"),
         errc::cannot_connect,
         {"(302)", "sign in on a web page"}},
        {"interim", with("100 Continue"), errc::cannot_connect, {"did not let us through", "(100)"}},
        {"odd", with("599 Odd"), errc::cannot_connect, {"did not let us through", "(599)"}},
        {"nothing", answering(""), errc::connection_lost, {"waiting for the answer", "none came"}},
        {"half", answering("HTTP/1.1 200 Conn"), errc::connection_lost, {"broke off"}},
        {"half a head", answering("HTTP/1.1 200 OK\r\nVia: x"), errc::connection_lost, {"broke off"}},
        {"garbage", answering("SSH-2.0-OpenSSH_9.2\r\n"), errc::bad_response, {"not HTTP"}},
        {"TLS",
         answering(std::string("\x15\x03\x01\x00\x02\x02\x46", 7)),
         errc::bad_response,
         {"speaks TLS", "https://"}},
        {"another protocol without lines",
         answering("\x05", scripted_proxy::then::hold),
         errc::bad_response,
         {"not HTTP"}},
        {"an endless head",
         answering("HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x')),
         errc::too_large,
         {"does not end"}},
        {"endless headers",
         answering([] {
             std::string all = "HTTP/1.1 200 OK\r\n";
             while (all.size() < 40'000)
                 all += "X: y\r\n";
             return all;
         }()),
         errc::too_large,
         {"does not end"}},
        {"talkative",
         answering("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
         errc::bad_response,
         {"goes on"}},
        {"silent", answering("", scripted_proxy::then::hold), errc::timed_out, {"waiting for the answer"}},
        {"dripping",
         answering("HTTP/1.1 200 OK\r\n", scripted_proxy::then::hold),
         errc::timed_out,
         {"waiting for the answer"}},
    };
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.what)
    test::run([&r](net::io_context& io) -> awaitable<void> {
        scene s(io, r.script);
        const auto client = s.client(io, r.user, 100ms);
        auto answer = co_await client->send(s.at("http"), post("x"), soon());
        BOOST_TEST_REQUIRE(answer.has_error());
        const auto& why = answer.error();
        const auto line = describe(why);
        BOOST_TEST(why.is(r.code), line);
        BOOST_TEST(why.status == r.status);
        BOOST_TEST(!why.maybe_sent);
        BOOST_TEST(contains(why.ours, "the proxy " + s.proxy_name), line);
        for (const auto& words : r.says)
            BOOST_TEST(contains(line, words), '"' << words << "\" in: " << line);
        BOOST_TEST(!contains(line, "hunter2"), line);
        BOOST_TEST(!contains(line, "bWU6aHVudGVyMg"), line);
        BOOST_TEST(line.find_first_of("\r\n\x1b") == line.npos, line);
        co_await s.end(client);
    });
}

BOOST_AUTO_TEST_SUITE_END()
