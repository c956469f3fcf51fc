#include "postern/source/tunnel/cloudflared.hpp"

#include "support/run.hpp"
#include "support/scripted_http_client.hpp"

#include "tunnel_words.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace postern;
using namespace postern::source;
using namespace std::chrono_literals;
using kind = tunnel_news::kind;

namespace {

using program_of_cloudflare = cloudflared; // the suite below has the class's name
constexpr auto target = "http://127.0.0.1:5000";

tunnel_news read(std::string_view line, bool named = false) { return read_cloudflared_line(line, named, {}); }

} // namespace

BOOST_AUTO_TEST_SUITE(cloudflared)

BOOST_AUTO_TEST_CASE(the_url_is_in_the_banner)
{
    const auto news =
        read("2026-02-03T04:05:06Z INF |  https://four-random-words-here.trycloudflare.com              |");
    BOOST_TEST(news.what == kind::url);
    BOOST_TEST(news.url == "https://four-random-words-here.trycloudflare.com");
    BOOST_TEST(read(R"({"level":"info","message":"|  https://a-b.trycloudflare.com  |","time":"x"})").url ==
               "https://a-b.trycloudflare.com");
}

BOOST_AUTO_TEST_CASE(the_services_own_name_and_look_alikes_are_no_tunnels)
{
    for (const auto* line :
         {"https://api.trycloudflare.com/tunnel", "https://.trycloudflare.com",
          "https://a.b.trycloudflare.com", "http://a.trycloudflare.com",
          "https://a.trycloudflare.com.evil.example", "https://a.trycloudflare.community", "",
          "https://www.cloudflare.com/website-terms/", "https://", ".trycloudflare.com"})
        BOOST_TEST(find_quick_tunnel(line).empty(), line);
    BOOST_TEST(find_quick_tunnel("https://api.trycloudflare.com gave https://x.trycloudflare.com") ==
               "https://x.trycloudflare.com");
}

BOOST_AUTO_TEST_CASE(it_is_connected_when_it_is_registered)
{
    BOOST_TEST(read("2026-02-03T04:05:06Z INF Registered tunnel connection connIndex=0 connection=x").what ==
               kind::connected);
    BOOST_TEST(read("2026-02-03T04:05:06Z ERR Failed to dial a quic connection error=\"x\"").what ==
               kind::hint);
    BOOST_TEST(read("2026-02-03T04:05:06Z ERR Configuration file /dev/null was empty").what == kind::nothing);
    BOOST_TEST(read("2026-02-03T04:05:06Z INF https://a.trycloudflare.com", true).what == kind::nothing);
}

BOOST_AUTO_TEST_CASE(a_quick_tunnel_gets_no_token_and_not_the_users_configuration)
{
    net::io_context io;
    program_of_cloudflare::setup s{target, {}, {}, {}, {}};
    program_of_cloudflare program(io.get_executor(), std::move(s));
    const auto plan = program.prepare();
    BOOST_TEST_REQUIRE(plan.has_value());
    const std::vector<std::string> wanted{"tunnel",    "--config",     "/dev/null", "--no-autoupdate",
                                          "--metrics", plan->web_addr, "--url",     target};
    BOOST_TEST(plan->arguments == wanted, boost::test_tools::per_element());
    BOOST_TEST(plan->environment.empty());
    BOOST_TEST(program.traits().fixed_url.empty());
}

BOOST_AUTO_TEST_CASE(the_token_of_a_named_tunnel_is_not_on_the_command_line)
{
    net::io_context io;
    program_of_cloudflare::setup s{target, "https://bots.example.com", secret("eyJhIjoi"), {}, {}};
    program_of_cloudflare program(io.get_executor(), std::move(s));
    const auto plan = program.prepare();
    BOOST_TEST_REQUIRE(plan.has_value());
    BOOST_TEST(plan->arguments.back() == "run");
    BOOST_TEST(plan->environment.at("TUNNEL_TOKEN") == "eyJhIjoi");
    for (const auto& argument : plan->arguments)
        BOOST_TEST(argument.find("eyJhIjoi") == argument.npos);
    BOOST_TEST(program.traits().fixed_url == "https://bots.example.com");
}

BOOST_AUTO_TEST_CASE(cloudflared_is_connected_when_it_says_that_it_is_ready)
{
    test::run([](net::io_context& io) -> awaitable<void> {
        auto client = std::make_shared<test::scripted_http_client>();
        client->answer(503, R"({"status":503,"readyConnections":0})")
            .answer(200, R"({"status":200,"readyConnections":1})")
            .answer(200, R"({"hostname":"some-words.trycloudflare.com"})")
            .answer(200, R"({"status":200})")
            .answer(200, R"({"hostname":""})");
        program_of_cloudflare::setup s{target, {}, {}, {}, client};
        program_of_cloudflare program(io.get_executor(), std::move(s));
        const auto plan = program.prepare();
        BOOST_TEST_REQUIRE(plan.has_value());

        const auto before = co_await program.look(deadline::after(1s));
        BOOST_TEST(!before.value().connected.value());
        const auto after = co_await program.look(deadline::after(1s));
        BOOST_TEST(after.value().connected.value());
        BOOST_TEST(after.value().url.value() == "https://some-words.trycloudflare.com");
        const auto nameless = co_await program.look(deadline::after(1s));
        BOOST_TEST(nameless.value().connected.value());
        BOOST_TEST(!nameless.value().url.has_value());
        BOOST_TEST(client->used_up());
    });
}

BOOST_AUTO_TEST_SUITE_END()
