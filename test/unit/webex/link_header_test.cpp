#include "postern/webex/link_header.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

BOOST_AUTO_TEST_SUITE(link_header)

BOOST_AUTO_TEST_CASE(the_next_page_is_found_in_any_spelling)
{
    struct
    {
        const char* field;
        const char* next; // "" for none
    } const rows[] = {
        {R"(<https://webexapis.com/v1/rooms?max=2&cursor=bGlt>; rel="next")",
         "https://webexapis.com/v1/rooms?max=2&cursor=bGlt"},
        {R"(<https://a/b>;rel=next)", "https://a/b"},
        {R"(<https://a/b>; rel='next')", "https://a/b"},
        {R"(<https://a/b> ; REL = "NEXT" )", "https://a/b"},
        {R"(<https://a/b>; rel="last next")", "https://a/b"},
        {R"(<https://a/b>; title="x, y; z"; rel="next")", "https://a/b"},
        {R"(<https://a/b>; title="a \"quoted\", word"; rel=next)", "https://a/b"},
        {R"(<https://a/b;v=1,2?c=d;e>; rel="next")", "https://a/b;v=1,2?c=d;e"}, // separators inside the URL
        {R"(<https://a/p>; rel="prev", <https://a/n>; rel="next")", "https://a/n"},
        {R"(<https://a/n>; rel="next", <https://a/p>; rel="prev")", "https://a/n"},
        {R"(<https://a/p>; rel=prev,<https://a/n>; rel=next)", "https://a/n"},
        {R"(,, <https://a/n>; rel=next)", "https://a/n"},
        {R"(rubbish, <https://a/n>; rel=next)", "https://a/n"},
        {R"(</v1/rooms?cursor=x>; rel="next")", "/v1/rooms?cursor=x"},
        {R"(<https://a/b>; foo; rel=next)", "https://a/b"},
        {R"(<https://a/b>; rel="next)", "https://a/b"},   // the quote never ends
        {R"(<https://a/b>; rel="prev"; rel="next")", ""}, // only the first rel counts
        {R"(<https://a/b>; rel="nextpage")", ""},
        {R"(<https://a/b>; title=next)", ""},
        {R"(<https://a/b>)", ""},
        {R"(<https://a/b; rel="next")", ""},
        {R"("<https://a/b>; rel=next")", ""},
        {"https://a/b; rel=next", ""},
        {"", ""},
        {";;;,,,<<<>>>", ""},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.field)
        {
            const auto next = webex::next_link({{"Link", row.field}});
            BOOST_TEST(next.value_or("") == row.next);
        }
}

BOOST_AUTO_TEST_CASE(several_fields_are_searched_in_order)
{
    const transport::header_fields headers{{"X-Link", "<https://wrong>; rel=next"},
                                           {"link", "<https://a/p>; rel=prev"},
                                           {"LINK", "<https://a/n>; rel=next"}};
    BOOST_TEST(webex::next_link(headers).value_or("") == "https://a/n");
    BOOST_TEST(!webex::next_link({}).has_value());
}

BOOST_AUTO_TEST_CASE(no_text_makes_the_parser_hang_or_fall)
{
    const std::string pieces[] = {"<", ">", ";", ",", "\"", "'", "\\", "rel", "=", "next", " ", "x"};
    for (std::size_t seed = 0; seed < 20'000; ++seed) // every combination of four of them
    {
        std::string field;
        for (std::size_t n = seed, i = 0; i < 4; ++i, n /= std::size(pieces))
            field += pieces[n % std::size(pieces)];
        for (const auto& found : webex::parse_links(field))
            BOOST_TEST_REQUIRE(found.target.size() <= field.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
