#include "postern/webex/answer.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

namespace {

transport::response answered(unsigned status, std::string body,
                             std::string type = "application/json;charset=UTF-8")
{
    auto r = transport::make_response(status, std::move(body), std::move(type));
    r.headers.add("TrackingID", "ROUTERGW_header");
    return r;
}

std::string why_not_json(std::string body, std::string type)
{
    const auto parsed = webex::json_body(answered(200, std::move(body), std::move(type)));
    BOOST_TEST_REQUIRE(parsed.has_error());
    BOOST_TEST(parsed.error().is(errc::bad_response));
    BOOST_TEST(parsed.error().theirs.empty());
    return parsed.error().ours;
}

} // namespace

BOOST_AUTO_TEST_SUITE(answer)

BOOST_AUTO_TEST_CASE(each_status_has_its_error)
{
    struct
    {
        unsigned status;
        errc code;
    } const rows[] = {
        {302, errc::bad_response},    {400, errc::api_rejected},    {401, errc::token_rejected},
        {403, errc::api_rejected},    {404, errc::not_found},       {405, errc::api_rejected},
        {409, errc::api_rejected},    {410, errc::api_rejected},    {415, errc::api_rejected},
        {423, errc::api_unavailable}, {428, errc::api_rejected},    {429, errc::api_unavailable},
        {451, errc::api_rejected},    {500, errc::api_unavailable}, {502, errc::api_unavailable},
        {503, errc::api_unavailable}, {504, errc::api_unavailable}, {599, errc::api_unavailable},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.status)
        {
            const auto why = webex::refusal(answered(row.status, "{}"), "asking", {});
            BOOST_TEST(why.is(row.code));
            BOOST_TEST(why.status == row.status);
            BOOST_TEST(why.doing == "asking");
        }
}

BOOST_AUTO_TEST_CASE(the_services_words_and_its_tracking_id_are_kept)
{
    const auto why = webex::refusal(answered(404, R"({"message":"The requested resource could not be found.",
                          "errors":[{"description":"The requested resource could not be found."},
                                    {"description":"Look elsewhere."},null,7,{"description":null}],
                          "trackingId":"ROUTERGW_body"})"),
                                    "reading a room", {});
    BOOST_TEST(why.theirs == "The requested resource could not be found.; Look elsewhere.");
    BOOST_TEST(why.tracking_id == "ROUTERGW_body");
    BOOST_TEST(describe(why) ==
               "reading a room: 404, not found, they say \"The requested resource could not be found.; "
               "Look elsewhere.\", tracking id ROUTERGW_body");
}

BOOST_AUTO_TEST_CASE(an_error_without_a_readable_body_is_still_an_error)
{
    for (const char* body :
         {"", "<html>busy</html>", "{\"message\":", "null", "[]", "7", R"({"message":null})",
          R"({"message":{},"errors":{},"trackingId":[]})", "\xff\xfe"})
        BOOST_TEST_CONTEXT(body)
        {
            const auto why = webex::refusal(answered(429, body, "text/html"), "asking", {});
            BOOST_TEST(why.is(errc::api_unavailable));
            BOOST_TEST(why.theirs == "");
            BOOST_TEST(why.tracking_id == "ROUTERGW_header");
        }
}

BOOST_AUTO_TEST_CASE(a_flood_of_words_is_cut)
{
    std::string many = R"({"errors":[)";
    for (int i = 0; i < 20'000; ++i)
        many += R"({"description":"number )" + std::to_string(i) + R"("},)";
    many += "{}]}";
    BOOST_TEST(webex::refusal(answered(400, many), "asking", {}).theirs.size() <= 1000u);

    const auto one = R"({"message":")" + std::string(1'000'000, 'x') + R"(","trackingId":")" +
                     std::string(1'000'000, 'y') + R"("})";
    const auto why = webex::refusal(answered(400, one), "asking", {});
    BOOST_TEST(why.theirs.size() <= 1000u);
    BOOST_TEST(why.tracking_id.size() <= 1000u);
}

BOOST_AUTO_TEST_CASE(words_that_must_not_show_are_hidden_even_if_echoed)
{
    const webex::unspeakable hidden{secret("tok-123456"), secret("my private text"), secret("ok"), secret()};
    const auto why = webex::refusal(
        answered(
            400,
            R"({"message":"ok? 'my private text' with tok-123456tok-123456","trackingId":"T_tok-123456"})"),
        "asking", hidden);
    BOOST_TEST(why.theirs == "ok? '[hidden]' with [hidden][hidden]");
    BOOST_TEST(why.tracking_id == "T_[hidden]");
}

BOOST_AUTO_TEST_CASE(a_success_that_is_not_json_says_what_it_is)
{
    BOOST_TEST(why_not_json("<html>Please log in to the hotel network</html>", "text/html") ==
               "expected JSON, got text/html");
    BOOST_TEST(why_not_json("hello", "Text/Plain; charset=utf-8") == "expected JSON, got text/plain");
    BOOST_TEST(why_not_json("", "application/json") == "expected JSON, got an empty body");
    BOOST_TEST(why_not_json("hello", "") == "expected JSON, got something undeclared");
    BOOST_TEST(why_not_json(R"({"text":"half a mess)", "application/json") ==
               "expected JSON, got something broken that is declared as application/json");
    BOOST_TEST(why_not_json("x", "a\x1b[31mb") == "expected JSON, got a\\x1b[31mb");
    BOOST_TEST(why_not_json(std::string(100'000, '['), "application/json").find("broken") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_is_read_whatever_it_is_declared_as)
{
    for (const char* type : {"application/json", "APPLICATION/JSON;charset=UTF-8", "text/plain", ""})
        BOOST_TEST(webex::json_body(answered(200, R"({"id":"x"})", type)).has_value());
}

BOOST_AUTO_TEST_CASE(a_redirect_is_told_as_one)
{
    const auto why = webex::refusal(answered(302, ""), "asking", {});
    BOOST_TEST(why.ours == "redirects are not followed");
}

BOOST_AUTO_TEST_SUITE_END()
