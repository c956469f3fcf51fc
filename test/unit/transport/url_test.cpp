#include "postern/transport/http.hpp"
#include "postern/transport/url.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::transport;

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(a_url_is_taken_apart)
{
    const auto u = parse_url("HTTPS://WebexAPIs.com/v1/rooms?max=2&x");
    BOOST_TEST_REQUIRE(u.has_value());
    BOOST_TEST(u->scheme == "https");
    BOOST_TEST(u->host == "webexapis.com");
    BOOST_TEST(u->port == 443);
    BOOST_TEST(u->target == "/v1/rooms?max=2&x");
    BOOST_TEST(u->origin() == "https://webexapis.com");

    const auto v6 = parse_url("http://[::1]:8080");
    BOOST_TEST_REQUIRE(v6.has_value());
    BOOST_TEST(v6->host == "::1");
    BOOST_TEST(v6->authority() == "[::1]:8080");
    BOOST_TEST(v6->target == "/");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_url_is_refused_in_words)
{
    for (const auto* bad :
         {"", "webexapis.com", "ftp://h/", "http://", "http://h:0/", "http://h:99999/", "http://h:http",
          "http://h:80x/", "http:///x", "http://h h/", "http://h/\r\nX: y"})
        BOOST_TEST(parse_url(bad).has_error(), bad);
    const auto leaking = parse_url("https://user:password@h/");
    BOOST_TEST_REQUIRE(leaking.has_error());
    BOOST_TEST(describe(leaking.error()).find("password@") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_websocket_url_is_another_kind)
{
    const auto plain = parse_websocket_url("WS://Host/v1/apps?x=1");
    BOOST_TEST_REQUIRE(plain.has_value());
    BOOST_TEST(plain->port == 80);
    BOOST_TEST(plain->origin() == "ws://host");
    BOOST_TEST(!plain->tls());
    const auto secure = parse_websocket_url("wss://host:8443");
    BOOST_TEST_REQUIRE(secure.has_value());
    BOOST_TEST(secure->tls());
    BOOST_TEST(secure->str() == "wss://host:8443/");
    BOOST_TEST(parse_websocket_url("wss://host:443/")->authority() == "host");

    BOOST_TEST(parse_url("wss://host/").has_error());
    const auto wrong = parse_websocket_url("https://host/");
    BOOST_TEST_REQUIRE(wrong.has_error());
    BOOST_TEST(describe(wrong.error()).find("wss://") != std::string::npos);
    BOOST_TEST(resolve_url(*parse_url("https://host/"), "wss://host/").has_error());
}

BOOST_AUTO_TEST_CASE(references_resolve_against_where_they_were_found)
{
    const auto base = *parse_url("http://127.0.0.1:4000/v1/rooms?max=2");
    BOOST_TEST(resolve_url(base, "/v1/rooms?cursor=a")->str() == "http://127.0.0.1:4000/v1/rooms?cursor=a");
    BOOST_TEST(resolve_url(base, "https://elsewhere/x")->origin() == "https://elsewhere");
    BOOST_TEST(resolve_url(base, "ht tp://").has_error());
}

BOOST_AUTO_TEST_CASE(queries_are_written_and_read_back)
{
    const query_params params{{"a", "b c&=%/ü"}, {"b", ""}, {"a", "twice"}};
    BOOST_TEST((parse_query(format_query(params)) == params));
    BOOST_TEST((parse_query("a=1&b&&c=%zz%2") == query_params{{"a", "1"}, {"b", ""}, {"c", "%zz%2"}}));
    BOOST_TEST(percent_decode("%41%") == "A%");
}

BOOST_AUTO_TEST_CASE(media_types_compare_without_parameters)
{
    BOOST_TEST(media_type(" Application/JSON ; charset=UTF-8") == "application/json");
    BOOST_TEST(media_type("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
