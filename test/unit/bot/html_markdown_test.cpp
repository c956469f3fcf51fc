#include "postern/bot/say/html_markdown.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>

using postern::matching::html_to_markdown;

BOOST_AUTO_TEST_SUITE(html_markdown)

BOOST_AUTO_TEST_CASE(what_markdown_can_say_is_kept)
{
    BOOST_TEST(html_to_markdown("<b>bold</b>, <em>slanted</em> and <code>a_b</code>") ==
               "**bold**, *slanted* and `a_b`");
    BOOST_TEST(html_to_markdown("one<br>two<p>three</p><p>four</p>") == "one\ntwo\n\nthree\n\nfour");
    BOOST_TEST(html_to_markdown("<h1>Head</h1>text") == "**Head**\n\ntext");
    BOOST_TEST(html_to_markdown("<a href=\"https://example.com/a?b=1&amp;c=(2)\">here</a>") ==
               "[here](https://example.com/a?b=1&c=%282%29)");
    BOOST_TEST(html_to_markdown("<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>end") ==
               "- a\n- b\n    1. c\n    2. d\n\nend");
    BOOST_TEST(html_to_markdown("<blockquote>said</blockquote>so") == "> said\n\nso");
    BOOST_TEST(html_to_markdown("<pre>  a\n  b &lt; c\n</pre>") == "```\n  a\n  b < c\n```");
}

BOOST_AUTO_TEST_CASE(white_space_is_what_html_makes_of_it)
{
    BOOST_TEST(html_to_markdown("  a \n\t b  ") == "a b");
    BOOST_TEST(html_to_markdown("a <b> b </b> c") == "a **b** c");
    BOOST_TEST(html_to_markdown("<b></b>a<i> </i>b") == "a b");
}

BOOST_AUTO_TEST_CASE(text_that_looks_like_marks_stays_text)
{
    BOOST_TEST(html_to_markdown("2*3*4 [x](y) &lt;@all&gt; a_b") == "2\\*3\\*4 \\[x\\](y) \\<@all> a\\_b");
    BOOST_TEST(html_to_markdown("<p># no head</p><p>- no item</p>") == "\\# no head\n\n\\- no item");
}

BOOST_AUTO_TEST_CASE(links_to_anything_but_the_web_and_mail_are_text)
{
    BOOST_TEST(html_to_markdown("<a href='javascript:alert(1)'>x</a>") == "x");
    BOOST_TEST(html_to_markdown("<a href=/local>x</a> <a>y</a>") == "x y");
}

BOOST_AUTO_TEST_CASE(scripts_styles_comments_and_unknown_tags_leave_no_trace)
{
    BOOST_TEST(html_to_markdown("a<script>if (1<2) b</script><style>p{}</style><!-- c --><blink>d</blink>") ==
               "ad");
}

BOOST_AUTO_TEST_CASE(a_code_block_with_fences_in_it_gets_a_longer_fence)
{
    BOOST_TEST(html_to_markdown("<pre>```\nx\n```</pre>") == "````\n```\nx\n```\n````");
}

BOOST_AUTO_TEST_CASE(what_is_left_open_is_closed)
{
    BOOST_TEST(html_to_markdown("<b>a <i>b") == "**a *b***");
    BOOST_TEST(html_to_markdown("<pre>a") == "```\na\n```");
    BOOST_TEST(html_to_markdown("a < b <") == "a \\< b \\<");
}

BOOST_AUTO_TEST_CASE(any_bytes_are_taken)
{
    const std::string letters = "<>/abipreul \"'=&;#x\n!-";
    for (unsigned seed = 1; seed <= 500; ++seed)
    {
        std::mt19937 random(seed);
        std::string html;
        for (int i = 0; i < 500; ++i)
            html += letters[random() % letters.size()];
        BOOST_TEST(html_to_markdown(html).size() < 1'000'000u);
    }
}

BOOST_AUTO_TEST_CASE(hostile_depth_costs_linear_time)
{
    std::string html;
    for (int i = 0; i < 20'000; ++i)
        html += "<b><ul><blockquote>x<pre>";
    const auto began = std::chrono::steady_clock::now();
    const auto out = html_to_markdown(html);
    BOOST_TEST(!out.empty());
    BOOST_TEST((std::chrono::steady_clock::now() - began < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_SUITE_END()
