#include "demobot/html.hpp"

#include "demobot/stand_in/pages.hpp"

#include <boost/test/unit_test.hpp>

using namespace demobot;
using postern::errc;
using postern::transport::parse_url;

namespace {

// The addresses that are found, one a line, without the site in front.
std::string found(std::string_view html, std::string_view wanted = "comic",
                  const char* page = "http://example.com/strips/today")
{
    const auto images = images_in(html, *parse_url(page), wanted);
    BOOST_TEST_REQUIRE(images.has_value());
    std::string all;
    for (const auto& one : *images)
        all += (one.where.host == "example.com" ? one.where.target : one.where.str()) + '\n';
    return all;
}

std::string words_of(std::string_view html)
{
    const auto images = images_in(html, *parse_url("http://example.com/"), "comic");
    BOOST_TEST_REQUIRE(images.has_value());
    BOOST_TEST_REQUIRE(images->size() == 1u);
    return images->front().words;
}

} // namespace

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(an_image_is_found_by_its_class_or_by_the_class_of_what_it_stands_in)
{
    BOOST_TEST(found(R"(<img class="a comic b" src=/1.png><img src=/no.png class=comical>)") == "/1.png\n");
    BOOST_TEST(found(R"(<div class=comic><p><b><img src=/2.png></b></div><img src=/no.png>)") == "/2.png\n");
    BOOST_TEST(found(R"(<IMG CLASS='comic' SRC='/3.png'>)") == "/3.png\n");
    BOOST_TEST(found(R"(<img src=/no.png>)") == "");
    BOOST_TEST(found("") == "");
}

BOOST_AUTO_TEST_CASE(addresses_are_resolved_against_the_page_or_its_base)
{
    BOOST_TEST(found(R"(<img class=comic src="4.png">)") == "/strips/4.png\n");
    BOOST_TEST(found(R"(<img class=comic src="../5.png?a=1&amp;b=2">)") == "/5.png?a=1&b=2\n");
    BOOST_TEST(found(R"(<base href="/other/"><base href=/late/><img class=comic src="6.png">)") ==
               "/other/6.png\n");
    BOOST_TEST(found(R"(<img class=comic src="//img.example.net/7.png">)") ==
               "http://img.example.net/7.png\n");
    BOOST_TEST(found("<img class=comic src=../../../up.png>") == "/up.png\n");
    BOOST_TEST(found("<img class=comic src=' /8\n.png '>") == "");
    BOOST_TEST(found("<img class=comic src='\n /8.png '>") == "/8.png\n");
}

BOOST_AUTO_TEST_CASE(what_no_browser_could_fetch_over_http_is_left_out)
{
    for (const auto* address :
         {"javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd",
          "http://me:secret@example.com/x.png", "http://[::1", "", "http://example.com:99999/"})
        BOOST_TEST(found(std::string("<img class=comic src=\"") + address + "\">") == "", address);
}

BOOST_AUTO_TEST_CASE(a_picture_that_a_script_would_load_is_found_and_each_only_once)
{
    BOOST_TEST(found(R"(<img class=comic src="data:image/gif;base64,R0" data-src=/9.png>)") == "/9.png\n");
    BOOST_TEST(found(R"(<img class=comic data-src=/10.png>)") == "/10.png\n");
    BOOST_TEST(found(R"(<p class=comic><img src=/11.png><noscript><img src=/11.png></noscript>)") ==
               "/11.png\n");
}

BOOST_AUTO_TEST_CASE(comments_and_scripts_hold_no_images)
{
    BOOST_TEST(
        found(
            R"(<!-- <img class=comic src=/a.png> --><script>"<img class=comic src=/b.png>"</script>)"
            R"(<textarea><img class=comic src=/c.png></textarea><title><img class=comic src=/d.png></title>)") ==
        "");
}

BOOST_AUTO_TEST_CASE(the_words_of_an_image_are_one_line_and_not_endless)
{
    BOOST_TEST(words_of("<img class=comic src=/x alt='  two\n\t words &amp; &euro; '>") == "two words & €");
    BOOST_TEST(words_of("<img class=comic src=/x>") == "");
    const auto words = words_of("<img class=comic src=/x alt='" + std::string(199, 'a') + "€€'>");
    BOOST_TEST(words == std::string(199, 'a') + "…");
}

BOOST_AUTO_TEST_CASE(a_page_is_read_whatever_its_bytes_are)
{
    std::string bytes("<p class=comic><img src=/x.png alt='\xFF\xC3'>");
    bytes += std::string("\0<b \0=>\x80<img src=", 18);
    BOOST_TEST(found(bytes) == "/x.png\n");
}

BOOST_AUTO_TEST_CASE(a_page_that_nests_or_repeats_without_end_is_refused_or_bounded)
{
    std::string deep;
    for (int i = 0; i < 9900; ++i)
        deep += "<div>";
    BOOST_TEST(found(deep + "<img class=comic src=/deep.png>") == "/deep.png\n");

    std::string reopened = "<p>";
    for (int i = 0; i < 1000; ++i)
        reopened += "<FONT id=" + std::to_string(i) + '>';
    for (int i = 0; i < 1000; ++i)
        reopened += "</p><p>x";
    for (const auto& page : {deep + deep, reopened})
    {
        const auto refused = images_in(page, *parse_url("http://example.com/"), "comic");
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().is(errc::too_large));
    }

    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "<img class=comic src=/" + std::to_string(i) + ">";
    BOOST_TEST(images_in(many, *parse_url("http://example.com/"), "comic")->size() == 20u);
}

BOOST_AUTO_TEST_CASE(the_pages_of_the_stand_in_hold_what_the_bot_looks_for)
{
    const auto strip = images_in(office_page(), *parse_url("http://site/dilbert"), "img-comic");
    BOOST_TEST_REQUIRE(strip->size() == 1u);
    BOOST_TEST(strip->front().where.str() == "http://site/pictures/office.png?width=630&v=2");
    BOOST_TEST(strip->front().words == "The office, today: who broke the build & why");

    const auto garden = images_in(garden_page(), *parse_url("http://site/peanuts/"), "item-comic-image");
    BOOST_TEST_REQUIRE(garden->size() == 1u);
    BOOST_TEST(garden->front().where.str() == "http://site/pictures/garden.gif");
    BOOST_TEST(garden->front().words == "In the garden: the kite flies at last");

    const auto cameras = images_in(traffic_page(), *parse_url("http://site/traffic/cameras.html"), "camera");
    BOOST_TEST_REQUIRE(cameras->size() == 4u);
    BOOST_TEST(cameras->front().words == "North gate – motorway 1");
    BOOST_TEST(cameras->back().where.target == "/pictures/camera-4.png");
    BOOST_TEST(cameras->back().words == "Straße am See");
}

BOOST_AUTO_TEST_SUITE_END()
