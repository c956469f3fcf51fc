#include "postern/webex/token_scope.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

namespace {
transport::url url(std::string_view text) { return transport::parse_url(text).value(); }
} // namespace

BOOST_AUTO_TEST_SUITE(token_scope)

BOOST_AUTO_TEST_CASE(the_token_goes_to_the_api_and_the_two_names_of_the_cloud_only)
{
    const webex::token_scope scope(url("http://127.0.0.1:8080/v1/"));
    struct
    {
        const char* where;
        bool covered;
    } const rows[] = {
        {"http://127.0.0.1:8080/v1/people/me", true},
        {"http://127.0.0.1:8080/anything", true},
        {"https://webexapis.com/v1/contents/x", true},
        {"https://WEBEXAPIS.com:443/v1/contents/x", true},
        {"https://api.ciscospark.com/v1/contents/x", true},
        {"http://127.0.0.1:8081/v1/people/me", false},
        {"https://127.0.0.1:8080/v1/people/me", false},
        {"http://webexapis.com/v1/contents/x", false}, // in clear
        {"https://webexapis.com:8443/v1/contents/x", false},
        {"https://webexapis.com.example.net/v1/contents/x", false},
        {"https://example.net/webexapis.com", false},
        {"https://xwebexapis.com/", false},
        {"https://files.ciscospark.com/", false},
        {"https://webexapis.com./", false},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.where)
    BOOST_TEST(scope.covers(url(row.where)) == row.covered);
}

BOOST_AUTO_TEST_CASE(the_two_names_of_the_cloud_are_one_service_and_nobody_else_is)
{
    BOOST_TEST(webex::same_service(url("https://webexapis.com/v1/"), url("https://api.ciscospark.com/v1/x")));
    BOOST_TEST(webex::same_service(url("http://localhost:1/a"), url("http://localhost:1/b")));
    BOOST_TEST(!webex::same_service(url("http://localhost:1/a"), url("https://webexapis.com/v1/")));
    BOOST_TEST(!webex::same_service(url("https://webexapis.com/v1/"), url("http://webexapis.com/v1/")));
}

BOOST_AUTO_TEST_SUITE_END()
