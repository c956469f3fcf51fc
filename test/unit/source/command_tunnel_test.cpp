#include "postern/source/tunnel/command_tunnel.hpp"

#include "tunnel_words.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;
using kind = tunnel_news::kind;

namespace {

using program = command_tunnel; // the suite below has the class's name

program::setup setup_with(const std::string& pattern, std::string domain = {})
{
    program::setup s;
    s.name = "ssh";
    s.arguments = {"-R", "80:127.0.0.1:{port}", "{url}/{port}"};
    s.target = "http://127.0.0.1:8080";
    s.domain = std::move(domain);
    if (!pattern.empty())
        s.pattern = url_pattern::make(pattern).value();
    return s;
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_tunnel)

BOOST_AUTO_TEST_CASE(the_url_is_the_first_group_or_the_whole_match)
{
    const auto grouped = url_pattern::make("tunneled with tls termination, (https://\\S+)").value();
    BOOST_TEST(grouped.find("x.lhr.life tunneled with tls termination, https://x.lhr.life") ==
               "https://x.lhr.life");
    const auto whole = url_pattern::make("https://[a-z.]+").value();
    BOOST_TEST(whole.find("at https://node.tailnet.ts.net/") == "https://node.tailnet.ts.net");
    const auto slashed = url_pattern::make("https://\\S+").value();
    BOOST_TEST(slashed.find("at https://node.tailnet.ts.net/") == "https://node.tailnet.ts.net");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_not_taken)
{
    const auto any = url_pattern::make("url=(.*)").value();
    for (const auto* line : {"url=", "url=nonsense", "url=ftp://a.example", "url=https://", "nothing", "",
                             "url=https://user:word@a.example"})
        BOOST_TEST(any.find(line).empty(), line);
    const auto optional_group = url_pattern::make("ready(https://.*)?").value();
    BOOST_TEST(optional_group.find("ready").empty());
}

BOOST_AUTO_TEST_CASE(a_pattern_that_is_none_is_refused_with_the_reason)
{
    for (const auto* bad : {"(", "[a-", "*", "(?<"})
    {
        const auto made = url_pattern::make(bad);
        BOOST_TEST_REQUIRE(made.has_error(), bad);
        BOOST_TEST(made.error().is(errc::bad_configuration));
        BOOST_TEST(!made.error().ours.empty());
    }
}

BOOST_AUTO_TEST_CASE(neither_a_cruel_pattern_nor_a_long_line_hurts)
{
    const auto cruel = url_pattern::make("(a+a+)+(https://x)").value();
    BOOST_TEST(cruel.find(std::string(60'000, 'a')).empty());
    const auto plain = url_pattern::make("(.|\\s)*(https://a.example)").value();
    BOOST_TEST(plain.find(std::string(60'000, 'x')).empty());
    BOOST_TEST(plain.find(std::string("\0\xff\xfe", 3)).empty());
}

BOOST_AUTO_TEST_CASE(arguments_are_filled_in_and_there_is_no_shell)
{
    program p(setup_with("https://\\S+"));
    const auto plan = p.prepare();
    BOOST_TEST_REQUIRE(plan.has_value());
    BOOST_TEST(plan->arguments.at(1) == "80:127.0.0.1:8080");
    BOOST_TEST(plan->arguments.at(2) == "http://127.0.0.1:8080/8080");
    BOOST_TEST(fill_in("{port", "http://127.0.0.1:1") == "{port");
}

BOOST_AUTO_TEST_CASE(with_a_domain_the_pattern_tells_only_that_the_tunnel_is_up)
{
    program p(setup_with("^Connected", "https://bots.example.com"));
    BOOST_TEST(p.traits().fixed_url == "https://bots.example.com");
    BOOST_TEST(p.traits().url_needs_connection);
    BOOST_TEST(p.read("Connected to https://elsewhere.example").what == kind::connected);
    BOOST_TEST(p.read("connecting").what == kind::nothing);

    program silent(setup_with({}, "https://bots.example.com"));
    BOOST_TEST(!silent.traits().url_needs_connection);
    BOOST_TEST(silent.read("https://elsewhere.example").what == kind::nothing);
}

BOOST_AUTO_TEST_SUITE_END()
