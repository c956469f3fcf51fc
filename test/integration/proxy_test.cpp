#include "integration/cloud.hpp"
#include "integration/proxy_fixture.hpp"
#include "support/certificates.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

// postern run against a cloud that is on loopback, but behind the proxy all the same.
struct enclosed
{
    enclosed(cloud& webex, const std::string& proxy_url, std::vector<std::string> more = {})
    {
        // The catalogue under another name than the API, so that the proxy's log tells them apart.
        auto catalogue = webex.u2c_url();
        catalogue.replace(catalogue.find("127.0.0.1"), 9, "localhost");
        std::vector<std::string> all{"run",           "--mode",     mode_under_test(), "--api-url",
                                     webex.api_url(), "--u2c-url",  catalogue,         "--listen",
                                     "127.0.0.1:0",   "--data-dir", dir.path};
        all.insert(all.end(), more.begin(), more.end());
        child::environment variables{{"WEBEX_ACCESS_TOKEN", webex.token("bot")},
                                     {"POSTERN_NETWORK_PROXY_LOOPBACK", "true"}};
        if (!proxy_url.empty())
            variables["ALL_PROXY"] = proxy_url;
        process = std::make_unique<child>(postern_program(), all, variables);
    }

    void ready()
    {
        const auto line = process->out_line("{");
        BOOST_TEST_REQUIRE(line.has_value(), "not ready:\n" << process->log());
        address = text_or(json::parse(*line).as_object(), "listen");
    }
    void stop()
    {
        const auto code = process->stop();
        BOOST_TEST_REQUIRE(code.has_value(), "still running:\n" << process->log());
        BOOST_TEST(*code == 0, process->log());
    }

    folder dir;
    std::unique_ptr<child> process;
    std::string address;
};

bool echoes(cloud& webex, const std::string& words)
{
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo " + words);
    return webex.reply_after("alice", room, asked) == words;
}

// "127.0.0.1:4711" of "http://127.0.0.1:4711/v1", and the same port under the other name.
std::string authority(const std::string& url)
{
    const auto begin = url.find("://") + 3;
    return url.substr(begin, url.find('/', begin) - begin);
}
std::string as_localhost(const std::string& authority)
{
    return "localhost" + authority.substr(authority.find(':'));
}

// Nothing but the cloud was asked for, and all of it; in webhook mode postern looks after itself, too.
void check_ways(const cloud& webex, const tiny_proxy& proxy, const enclosed& gateway)
{
    const auto api = authority(webex.api_url());
    BOOST_TEST(proxy.asked_for(api) >= 1u, proxy.log());
    if (mode_under_test() == "websocket") // catalogue and registration share one, the websocket has its own
        BOOST_TEST(proxy.asked_for(as_localhost(api)) >= 2u, proxy.log());
    for (const auto& target : proxy.asked_for())
        BOOST_TEST((target == api || target == as_localhost(api) || target == gateway.address), target);
}

// The emulator with a certificate of a CA that only the test knows.
struct private_cloud
{
    certificates made{"DNS:localhost,IP:127.0.0.1", "Corporate Test CA"};
    cloud webex{{"--certificate-file", made.path("cert.pem"), "--key-file", made.path("key.pem")},
                made.path("ca.pem")};
    std::string ca() const { return made.path("ca.pem"); }
};

} // namespace

// The real binary and a real proxy: one setting for every connection, in every mode.
BOOST_AUTO_TEST_SUITE(proxy)

BOOST_AUTO_TEST_CASE(every_connection_takes_the_proxy_of_the_environment)
{
    cloud webex;
    tiny_proxy proxy;
    enclosed gateway(webex, proxy.url());
    gateway.ready();
    BOOST_TEST(echoes(webex, "through the proxy"));
    check_ways(webex, proxy, gateway);
    gateway.stop();
    const auto log = gateway.process->log();
    BOOST_TEST(log.find(proxy.address()) != log.npos, log); // it says which way it takes
    BOOST_TEST(log.find("let-me-out") == log.npos);
}

BOOST_AUTO_TEST_CASE(a_proxy_by_flag_goes_before_the_environment_and_none_switches_it_off)
{
    cloud webex;
    tiny_proxy proxy;
    const tiny_proxy other;
    enclosed gateway(webex, other.url(), {"--proxy", proxy.url()});
    gateway.ready();
    BOOST_TEST(echoes(webex, "by flag"));
    check_ways(webex, proxy, gateway);
    BOOST_TEST(other.asked_for().empty());
    gateway.stop();

    enclosed direct(webex, other.url(), {"--proxy", "none"});
    direct.ready();
    BOOST_TEST(echoes(webex, "direct"));
    BOOST_TEST(other.asked_for().empty());
    direct.stop();
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_explained_in_one_line_and_mended_without_a_restart)
{
    cloud webex;
    tiny_proxy proxy("postern", "the-new-one");
    enclosed gateway(webex, proxy.url_with("the-old-one"));
    const auto said = gateway.process->log_line("whose token this is");
    BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
    BOOST_TEST(said->find("the proxy " + proxy.address() + " refused the user name or password") !=
                   said->npos,
               *said);
    BOOST_TEST(said->find("check them in ALL_PROXY") != said->npos, *said);
    BOOST_TEST(!gateway.process->exit_code(0s).has_value());

    proxy.start("the-old-one");
    gateway.ready();
    BOOST_TEST(echoes(webex, "let in"));
    gateway.stop();
    BOOST_TEST(gateway.process->log().find("the-old-one") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_password_is_asked_for)
{
    cloud webex;
    const tiny_proxy proxy;
    const enclosed gateway(webex, "http://" + proxy.address());
    const auto said = gateway.process->log_line("whose token this is");
    BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
    BOOST_TEST(said->find("wants a user name and password") != said->npos, *said);
    BOOST_TEST(said->find("http://user:password@host:port") != said->npos, *said);
}

BOOST_AUTO_TEST_CASE(without_the_proxy_nothing_works_and_with_it_everything_again)
{
    cloud webex;
    tiny_proxy proxy;
    enclosed gateway(webex, proxy.url());
    gateway.ready();
    BOOST_TEST(echoes(webex, "before"));

    proxy.stop();
    if (mode_under_test() == "websocket")
        BOOST_TEST(gateway.process->log_line("channel lost").has_value(), gateway.process->log());
    const auto room = webex.direct_room("alice");
    const auto asked = webex.post("alice", room, "/echo meanwhile");
    const auto said = gateway.process->log_line("connecting to the proxy " + proxy.address());
    BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
    BOOST_TEST(said->find("refused") != said->npos, *said);

    proxy.start();
    // The delivery came in, and the answer to it had to wait; over the websocket it is fetched.
    BOOST_TEST(webex.reply_after("alice", room, asked) == "meanwhile");
    BOOST_TEST(echoes(webex, "after"));
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_private_ca_is_trusted_by_one_setting)
{
    private_cloud there;
    server gateway(there.webex, mode_under_test(), {"--ca-file", there.ca()});
    gateway.ready();
    BOOST_TEST(there.webex.api_url().starts_with("https://"));
    BOOST_TEST(echoes(there.webex, "over TLS"));
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(a_private_ca_is_trusted_behind_a_proxy_too)
{
    private_cloud there;
    tiny_proxy proxy;
    enclosed gateway(there.webex, proxy.url(), {"--ca-file", there.ca()});
    gateway.ready();
    BOOST_TEST(echoes(there.webex, "over TLS through the proxy"));
    check_ways(there.webex, proxy, gateway);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(an_unknown_ca_is_told_with_its_name_and_the_setting_that_would_help)
{
    private_cloud there;
    server gateway(there.webex, mode_under_test());
    const auto said = gateway.process->log_line("whose token this is");
    BOOST_TEST_REQUIRE(said.has_value(), gateway.process->log());
    for (const auto* words : {"TLS handshake failed", "Corporate Test CA", "--ca-file"})
        BOOST_TEST(said->find(words) != said->npos, *said);
    BOOST_TEST(!gateway.process->exit_code(0s).has_value());
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
