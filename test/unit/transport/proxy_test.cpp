#include "postern/transport/proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace postern;
using namespace postern::transport;

namespace {

using table = std::map<std::string, std::string>;

variables reading(const table& values)
{
    return [values](const char* name) -> const char* {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : found->second.c_str();
    };
}

proxy_rules rules_of(const table& values, const proxy_settings& given = {})
{
    const auto made = proxy_rules::make(given, reading(values));
    BOOST_TEST_REQUIRE(made.has_value(), (made.has_error() ? describe(made.error()) : ""));
    return *made;
}

url target(const std::string& text)
{
    const auto parsed = text.starts_with("ws") ? parse_websocket_url(text) : parse_url(text);
    BOOST_TEST_REQUIRE(parsed.has_value(), text);
    return *parsed;
}

std::string way_to(const std::string& where, const proxy_rules& rules)
{
    const auto* proxy = rules.proxy_for(target(where));
    return proxy ? proxy->name() : "direct";
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxy)

BOOST_AUTO_TEST_CASE(every_customary_way_to_write_a_proxy_is_understood)
{
    struct row
    {
        const char* text;
        bool tls;
        const char* name;
        const char* user;
        const char* password;
    };
    const row rows[] = {
        {"http://proxy.example:3128", false, "proxy.example:3128", "", ""},
        {"http://proxy.example:3128/", false, "proxy.example:3128", "", ""},
        {"proxy.example:3128", false, "proxy.example:3128", "", ""},
        {"proxy.example", false, "proxy.example:80", "", ""},
        {"https://proxy.example", true, "proxy.example:443", "", ""},
        {"HTTP://PROXY.Example:8080", false, "proxy.example:8080", "", ""},
        {"http://[2001:db8::1]:3128", false, "[2001:db8::1]:3128", "", ""},
        {"http://me:secret@10.0.0.1:3128", false, "10.0.0.1:3128", "me", "secret"},
        {"me:secret@proxy.example:3128", false, "proxy.example:3128", "me", "secret"},
        {"http://me@proxy.example:3128", false, "proxy.example:3128", "me", ""},
        {"http://me:@proxy.example:3128", false, "proxy.example:3128", "me", ""},
        {"http://CORP%5Cme:p%40ss%3Aw%2Ford@proxy.example:3128", false, "proxy.example:3128", "CORP\\me",
         "p@ss:w/ord"},
        {"http://me:p@ss:word@proxy.example:3128", false, "proxy.example:3128", "me", "p@ss:word"},
        {"http://me:100%@proxy.example:3128", false, "proxy.example:3128", "me", "100%"},
    };
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.text)
        {
            const auto parsed = parse_proxy(r.text, "HTTPS_PROXY");
            BOOST_TEST_REQUIRE(parsed.has_value(), (parsed.has_error() ? describe(parsed.error()) : ""));
            BOOST_TEST(parsed->tls == r.tls);
            BOOST_TEST(parsed->name() == r.name);
            BOOST_TEST(parsed->user == r.user);
            BOOST_TEST(parsed->password.reveal() == r.password);
            BOOST_TEST(parsed->wants_password == (*r.user != '\0'));
            BOOST_TEST(parsed->setting == "HTTPS_PROXY");
        }
}

BOOST_AUTO_TEST_CASE(what_is_no_proxy_is_refused_with_the_setting_and_without_the_password)
{
    struct row
    {
        const char* text;
        const char* says;
    };
    const row rows[] = {
        {"", "names no host"},
        {"http://", "names no host"},
        {"http://:3128", "names no host"},
        {"http://me:hunter2@", "names no host"},
        {"http://me:hunter2@proxy.example:http", "from 1 to 65535"},
        {"http://me:hunter2@proxy.example:99999", "from 1 to 65535"},
        {"http://me:hunter2@proxy.example:0", "from 1 to 65535"},
        {"http://me:hunter2@proxy.example:3128/proxy.pac", "PAC"},
        {"http://me:hunter2@proxy.example:3128/?x", "PAC"},
        {"http://me:hun/ter2@proxy.example:3128", "%2F"},
        {"http://me:hun#ter2@proxy.example:3128", "%23"},
        {"http://m%3Ae:hunter2@proxy.example:3128", "colon"},
        {"socks5://me:hunter2@proxy.example:1080", "SOCKS"},
        {"ftp://proxy.example", "begins with http://"},
        {"me:hunter2://x@proxy.example", "begins with http://"},
        {"http://proxy example:3128", "absolute URL"},
    };
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.text)
        {
            const auto parsed = parse_proxy(r.text, "https_proxy");
            BOOST_TEST_REQUIRE(parsed.has_error());
            BOOST_TEST(parsed.error().is(errc::bad_configuration));
            const auto line = describe(parsed.error());
            BOOST_TEST(line.starts_with("https_proxy: "), line);
            BOOST_TEST(line.find(r.says) != line.npos, line);
            BOOST_TEST(line.find("hun") == line.npos, line);
        }
}

BOOST_AUTO_TEST_CASE(the_environment_is_read_as_curl_reads_it)
{
    const auto https = "https://webexapis.com/v1", http = "http://intra.example/";
    struct row
    {
        const char* what;
        table environment;
        const char* to_https;
        const char* to_http;
    };
    const row rows[] = {
        {"nothing", {}, "direct", "direct"},
        {"https only", {{"HTTPS_PROXY", "http://a:1"}}, "a:1", "direct"},
        {"http only", {{"HTTP_PROXY", "http://a:1"}}, "direct", "a:1"},
        {"lower case", {{"https_proxy", "http://a:1"}, {"http_proxy", "http://b:2"}}, "a:1", "b:2"},
        {"lower case wins", {{"https_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}}, "a:1", "direct"},
        {"empty is none", {{"https_proxy", ""}, {"HTTPS_PROXY", "http://b:2"}}, "b:2", "direct"},
        {"all", {{"ALL_PROXY", "http://a:1"}}, "a:1", "a:1"},
        {"all, lower case", {{"all_proxy", "a:1"}, {"HTTP_PROXY", "b:2"}}, "a:1", "b:2"},
        {"a SOCKS proxy nobody needs",
         {{"all_proxy", "socks5://s:1"}, {"http_proxy", "a:1"}, {"https_proxy", "b:2"}},
         "b:2",
         "a:1"},
        {"no_proxy", {{"ALL_PROXY", "a:1"}, {"no_proxy", "webexapis.com"}}, "direct", "a:1"},
        {"NO_PROXY", {{"ALL_PROXY", "a:1"}, {"NO_PROXY", "webexapis.com"}}, "direct", "a:1"},
        {"no_proxy wins", {{"ALL_PROXY", "a:1"}, {"no_proxy", "x"}, {"NO_PROXY", "*"}}, "a:1", "a:1"},
    };
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.what)
        {
            const auto rules = rules_of(r.environment);
            BOOST_TEST(way_to(https, rules) == r.to_https);
            BOOST_TEST(way_to("wss://webexapis.com/", rules) == r.to_https);
            BOOST_TEST(way_to(http, rules) == r.to_http);
            BOOST_TEST(way_to("ws://intra.example/", rules) == r.to_http);
        }
}

BOOST_AUTO_TEST_CASE(a_variable_that_is_no_proxy_is_named)
{
    const std::pair<table, const char*> rows[] = {
        {{{"HTTPS_PROXY", "http://"}}, "HTTPS_PROXY: "},
        {{{"http_proxy", "ftp://x"}}, "http_proxy: "},
        {{{"ALL_PROXY", "socks5://x:1"}}, "ALL_PROXY: "},
    };
    for (const auto& [environment, says] : rows)
    {
        const auto made = proxy_rules::make({}, reading(environment));
        BOOST_TEST_REQUIRE(made.has_error());
        BOOST_TEST(made.error().is(errc::bad_configuration));
        BOOST_TEST(describe(made.error()).starts_with(says), describe(made.error()));
    }
}

BOOST_AUTO_TEST_CASE(what_is_set_goes_before_the_environment)
{
    const table environment{{"HTTPS_PROXY", "http://env:1"}, {"NO_PROXY", "direct.example"}};
    proxy_settings given;
    given.proxy = *parse_proxy("set:2", "--proxy");
    BOOST_TEST(way_to("https://x.example/", rules_of(environment, given)) == "set:2");
    BOOST_TEST(way_to("http://x.example/", rules_of(environment, given)) == "set:2");
    BOOST_TEST(way_to("https://direct.example/", rules_of(environment, given)) == "direct");
    given.no_proxy = "other.example";
    BOOST_TEST(way_to("https://direct.example/", rules_of(environment, given)) == "set:2");
    BOOST_TEST(way_to("https://other.example/", rules_of(environment, given)) == "direct");

    proxy_settings list_only;
    list_only.no_proxy = "";
    BOOST_TEST(way_to("https://direct.example/", rules_of(environment, list_only)) == "env:1");

    proxy_settings none;
    none.none = true;
    BOOST_TEST(rules_of({{"HTTPS_PROXY", "socks5://broken"}}, none).empty());
}

BOOST_AUTO_TEST_CASE(no_proxy_covers_what_it_lists_and_nothing_else)
{
    struct row
    {
        const char* list;
        const char* where;
        bool direct;
    };
    const row rows[] = {
        {"*", "https://anything.example/", true},
        {"a.example,*", "https://anything.example/", true},
        {"example.com", "https://example.com/", true},
        {"example.com", "https://api.example.com/", true},
        {"example.com", "https://deep.api.example.com/", true},
        {"example.com", "https://badexample.com/", false},
        {"example.com", "https://example.com.evil.org/", false},
        {"example.com", "https://com/", false},
        {".example.com", "https://api.example.com/", true},
        {".example.com", "https://example.com/", true},
        {".example.com", "https://badexample.com/", false},
        {"*.example.com", "https://api.example.com/", true},
        {"EXAMPLE.com", "https://API.Example.COM/", true},
        {"example.com.", "https://example.com/", true},
        {"example.com", "https://example.com./", true},
        {"a.example, b.example", "https://b.example/", true},
        {"a.example b.example\tc.example", "https://c.example/", true},
        {",, a.example ,,", "https://a.example/", true},
        {" , ", "https://a.example/", false},
        {"", "https://a.example/", false},
        {"example.com:8443", "https://example.com:8443/", true},
        {"example.com:8443", "https://api.example.com:8443/", true},
        {"example.com:8443", "https://example.com/", false},
        {"example.com:443", "https://example.com/", true},
        {"example.com:443", "wss://example.com/", true},
        {"intranet", "https://intranet/", true},
        {"intranet", "https://intranet.example.com/", false},
        {"10.1.2.3", "https://10.1.2.3/", true},
        {"10.1.2.3", "https://10.1.2.30/", false},
        {"10.1.2.3:8080", "https://10.1.2.3:8080/", true},
        {"10.1.2.3:8080", "https://10.1.2.3/", false},
        {"2.3", "https://10.1.2.3/", false}, // an address has no domains
        {"10.0.0.0/8", "https://10.255.0.1/", true},
        {"10.0.0.0/8", "https://11.0.0.1/", false},
        {"10.9.9.9/8", "https://10.255.0.1/", true},
        {"192.168.4.0/22", "https://192.168.7.255/", true},
        {"192.168.4.0/22", "https://192.168.8.0/", false},
        {"10.1.2.3/32", "https://10.1.2.3/", true},
        {"10.1.2.3/32", "https://10.1.2.2/", false},
        {"0.0.0.0/0", "https://8.8.8.8/", true},
        {"0.0.0.0/0", "https://[2001:db8::1]/", false},
        {"10.0.0.0/8", "https://ten.example/", false}, // no name is looked up for it
        {"2001:db8::1", "https://[2001:db8::1]/", true},
        {"2001:db8::1", "https://[2001:DB8:0::1]/", true},
        {"[2001:db8::1]", "https://[2001:db8::1]/", true},
        {"[2001:db8::1]:8443", "https://[2001:db8::1]:8443/", true},
        {"[2001:db8::1]:8443", "https://[2001:db8::1]/", false},
        {"2001:db8::/32", "https://[2001:db8:ffff::1]/", true},
        {"2001:db8::/32", "https://[2001:db9::1]/", false},
        {"::/0", "https://[2001:db8::1]/", true},
        {"10.0.0.0/8", "https://[::ffff:10.1.2.3]/", true},
    };
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT('"' << r.list << "\" and " << r.where)
        {
            const auto rules = rules_of({{"ALL_PROXY", "p:1"}, {"NO_PROXY", r.list}});
            BOOST_TEST(way_to(r.where, rules) == (r.direct ? "direct" : "p:1"));
            BOOST_TEST(rules.not_understood().empty());
        }
}

BOOST_AUTO_TEST_CASE(an_item_without_meaning_is_told_and_spoils_no_other)
{
    for (const auto* item : {"10.*", "http://x", "10.0.0.0/33", "x/8", "2001:db8::/129", "a..b", "host:0",
                             "host:70000", "host:x", "[::1", "[::1]x", "<local>", "a_b/", "10.0.0.0/", "!"})
        BOOST_TEST_CONTEXT(item)
        {
            BOOST_TEST(wrong_in_no_proxy(std::string("fine.example,") + item) == item);
            const auto rules =
                rules_of({{"ALL_PROXY", "p:1"}, {"NO_PROXY", std::string(item) + " fine.example"}});
            BOOST_TEST_REQUIRE(rules.not_understood().size() == 1u);
            BOOST_TEST(rules.not_understood().front() == item);
            BOOST_TEST(way_to("https://fine.example/", rules) == "direct");
            BOOST_TEST(way_to("https://10.0.0.1/", rules) == "p:1");
        }
    BOOST_TEST(wrong_in_no_proxy("a.example, 10.0.0.0/8,*").empty());
}

BOOST_AUTO_TEST_CASE(this_machine_is_reached_directly_unless_a_test_says_otherwise)
{
    const table environment{{"ALL_PROXY", "p:1"}};
    proxy_settings testing;
    testing.proxy_loopback = true;
    for (const auto* here :
         {"http://localhost:80/", "http://LOCALHOST/", "https://bot.localhost/", "http://127.0.0.1:8080/",
          "ws://127.9.9.9/", "http://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost./"})
        BOOST_TEST_CONTEXT(here)
        {
            BOOST_TEST(way_to(here, rules_of(environment)) == "direct");
            BOOST_TEST(way_to(here, rules_of(environment, testing)) == "p:1");
        }
    for (const auto* there :
         {"http://localhost.example/", "http://128.0.0.1/", "http://[::2]/", "http://notlocalhost/"})
        BOOST_TEST(way_to(there, rules_of(environment)) == "p:1", there);
    const table with_list{{"ALL_PROXY", "p:1"}, {"NO_PROXY", "127.0.0.1"}};
    BOOST_TEST(way_to("http://127.0.0.1/", rules_of(with_list, testing)) == "direct");
}

BOOST_AUTO_TEST_CASE(a_log_names_the_proxies_and_never_the_password)
{
    BOOST_TEST(proxy_rules().proxies() == "");
    BOOST_TEST(proxy_rules().settings() == "");
    const auto one = rules_of({{"ALL_PROXY", "http://me:hunter2@p:1"}});
    BOOST_TEST(one.proxies() == "p:1");
    BOOST_TEST(one.settings() == "ALL_PROXY");
    const auto two = rules_of({{"https_proxy", "http://me:hunter2@p:1"}, {"HTTP_PROXY", "q:2"}});
    BOOST_TEST(two.proxies() == "p:1, for http q:2");
    BOOST_TEST(two.settings() == "https_proxy, HTTP_PROXY");
    BOOST_TEST(rules_of({{"HTTP_PROXY", "q:2"}}).proxies() == "q:2 for http only");
}

BOOST_AUTO_TEST_SUITE_END()
