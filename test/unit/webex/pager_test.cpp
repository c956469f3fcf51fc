#include "postern/webex/pager.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using next = webex::pager::next;

namespace {

transport::url url(std::string_view text) { return transport::parse_url(text).value(); }

webex::pager messages(std::size_t most = 10)
{
    return webex::pager(url("https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=50"), most);
}

// Where the pager goes from the first page of messages() on such a link.
std::string after(std::string link)
{
    auto pages = messages();
    const auto decided = pages.advance(std::move(link), "");
    if (!decided)
        return describe(decided.error());
    return pages.current().str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(pager)

BOOST_AUTO_TEST_CASE(a_list_without_a_link_is_over)
{
    auto pages = messages();
    BOOST_TEST((pages.advance(std::nullopt, "").value() == next::done));
    BOOST_TEST(pages.current().str() ==
               "https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=50");
}

BOOST_AUTO_TEST_CASE(a_link_is_followed_as_it_stands)
{
    BOOST_TEST(
        after("https://webexapis.com/v1/"
              "messages?roomId=R&mentionedPeople=me&max=50&cursor=a%2Fb%3D&before&x") ==
        "https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=50&cursor=a%2Fb%3D&before&x");
    // Its parameters win, even where they differ.
    BOOST_TEST(
        after("https://webexapis.com/v1/messages?roomId=R2&max=20&mentionedPeople=P&beforeMessage=M") ==
        "https://webexapis.com/v1/messages?roomId=R2&max=20&mentionedPeople=P&beforeMessage=M");
}

BOOST_AUTO_TEST_CASE(parameters_that_the_link_lost_are_given_back)
{
    BOOST_TEST(after("https://webexapis.com/v1/messages?roomId=R&max=50&beforeMessage=M") ==
               "https://webexapis.com/v1/messages?roomId=R&max=50&beforeMessage=M&mentionedPeople=me");
    BOOST_TEST(after("/v1/messages?cursor=c") ==
               "https://webexapis.com/v1/messages?cursor=c&roomId=R&mentionedPeople=me&max=50");
}

BOOST_AUTO_TEST_CASE(max_null_is_removed_and_the_real_one_given_back)
{
    BOOST_TEST(after("https://webexapis.com/v1/messages?roomId=R&max=null&cursor=c&mentionedPeople=me") ==
               "https://webexapis.com/v1/messages?roomId=R&cursor=c&mentionedPeople=me&max=50");
}

BOOST_AUTO_TEST_CASE(the_other_name_of_the_cloud_is_the_same_service)
{
    BOOST_TEST(after("https://api.ciscospark.com/v1/messages?roomId=R&mentionedPeople=me&max=50&cursor=c") ==
               "https://api.ciscospark.com/v1/messages?roomId=R&mentionedPeople=me&max=50&cursor=c");
}

BOOST_AUTO_TEST_CASE(a_link_to_somebody_else_is_refused)
{
    for (const char* link :
         {"https://evil.example.net/v1/messages?cursor=c", "http://webexapis.com/v1/messages?cursor=c",
          "https://webexapis.com:444/v1/messages?cursor=c", "//evil.example.net/v1/messages",
          "https://webexapis.com@evil.example.net/", "ftp://webexapis.com/", "javascript:alert(1)",
          "http://[", "<>"})
        BOOST_TEST_CONTEXT(link)
        {
            auto pages = messages();
            const auto decided = pages.advance(link, "");
            BOOST_TEST_REQUIRE(decided.has_error());
            BOOST_TEST(decided.error().is(errc::bad_response));
            BOOST_TEST(pages.current().host == "webexapis.com");
        }
}

BOOST_AUTO_TEST_CASE(a_link_that_comes_again_is_a_loop)
{
    auto pages = messages();
    const std::string a = "/v1/messages?roomId=R&mentionedPeople=me&max=50&cursor=a";
    const std::string b = "/v1/messages?roomId=R&mentionedPeople=me&max=50&cursor=b";
    BOOST_TEST((pages.advance(a, "").value() == next::page));
    BOOST_TEST((pages.advance(b, "").value() == next::page));
    const auto third = pages.advance(a, "");
    BOOST_TEST_REQUIRE(third.has_error());
    BOOST_TEST(third.error().is(errc::bad_response));
    BOOST_TEST(third.error().ours.find("seen before") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_to_the_first_page_is_a_loop_too)
{
    auto pages = messages();
    BOOST_TEST(pages.advance(pages.current().str(), "").has_error());
}

BOOST_AUTO_TEST_CASE(a_list_that_never_ends_is_an_error)
{
    auto pages = messages(3);
    BOOST_TEST((pages.advance("/v1/messages?cursor=1", "").value() == next::page));
    BOOST_TEST((pages.advance("/v1/messages?cursor=2", "").value() == next::page));
    const auto fourth = pages.advance("/v1/messages?cursor=3", "");
    BOOST_TEST_REQUIRE(fourth.has_error());
    BOOST_TEST(fourth.error().is(errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_cursor_whose_message_was_deleted_gives_way_to_a_time)
{
    auto pages = messages();
    pages
        .advance("/v1/messages?roomId=R&mentionedPeople=me&max=50&beforeMessage=M",
                 "2026-02-11T09:14:27.318Z")
        .value();
    BOOST_TEST(pages.go_round(404));
    BOOST_TEST(pages.current().str() == "https://webexapis.com/v1/messages?roomId=R&mentionedPeople=me&max=50"
                                        "&before=2026-02-11T09%3A14%3A27.318Z");
    BOOST_TEST(!pages.go_round(404)); // that way was the last one

    // The list goes on behind the gap, and `before` does not stick to later pages.
    pages.advance("/v1/messages?roomId=R&mentionedPeople=me&max=50&beforeMessage=N", "").value();
    BOOST_TEST(pages.current().target == "/v1/messages?roomId=R&mentionedPeople=me&max=50&beforeMessage=N");
}

BOOST_AUTO_TEST_CASE(the_time_survives_an_empty_page)
{
    auto pages = messages();
    pages.advance("/v1/messages?beforeMessage=M", "2026-02-11T09:14:27.318Z").value();
    pages.advance("/v1/messages?beforeMessage=N", "").value();
    BOOST_TEST(pages.go_round(404));
    BOOST_TEST(pages.current().target.ends_with("&before=2026-02-11T09%3A14%3A27.318Z"));
}

BOOST_AUTO_TEST_CASE(other_failures_have_no_way_round)
{
    auto first = messages();
    BOOST_TEST(!first.go_round(404)); // the room itself is unknown

    auto cursor = messages();
    cursor.advance("/v1/messages?beforeMessage=M", "2026-02-11T09:14:27.318Z").value();
    BOOST_TEST(!cursor.go_round(403));
    BOOST_TEST(!cursor.go_round(0));

    auto timeless = messages();
    timeless.advance("/v1/messages?beforeMessage=M", "").value();
    BOOST_TEST(!timeless.go_round(404));

    auto opaque = messages();
    opaque.advance("/v1/messages?cursor=c", "2026-02-11T09:14:27.318Z").value();
    BOOST_TEST(!opaque.go_round(404));
}

BOOST_AUTO_TEST_CASE(a_page_is_halved_down_to_a_handful)
{
    auto where = url("https://webexapis.com/v1/rooms?type=group&max=100&cursor=c");
    std::vector<std::string> targets;
    while (webex::shrink_page(where))
        targets.push_back(where.target);
    BOOST_TEST_REQUIRE(targets.size() == 5u);
    BOOST_TEST(targets.front() == "/v1/rooms?type=group&max=50&cursor=c");
    BOOST_TEST(targets.back() == "/v1/rooms?type=group&max=5&cursor=c");
}

BOOST_AUTO_TEST_CASE(what_is_no_page_size_is_left_alone)
{
    for (const char* text :
         {"http://a/rooms", "http://a/rooms?maxi=100", "http://a/rooms?max=", "http://a/rooms?max=x",
          "http://a/rooms?max=99999999999999999999999", "http://a/rooms?max=5"})
    {
        auto where = url(text);
        BOOST_TEST(!webex::shrink_page(where));
        BOOST_TEST(where.str() == text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
